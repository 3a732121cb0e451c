"""What a mail looks like from outside."""

from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation

from porchlight.notices.channels import email
from porchlight.notices.channels.email import NoMailbox
from porchlight.notices.rules import Parcel, Urgency, Words
from porchlight.notices.tests.conftest import as_read


def parcel(**facts: Any) -> Parcel:
    known: dict[str, Any] = {
        "delivery_id": 7, "attempt_id": 8, "network_id": UUID(int=1), "notice_id": UUID(int=2),
        "topic_id": UUID(int=4), "recipient_id": UUID(int=3), "purpose": "told",
        "urgency": Urgency.URGENT, "language": "en", "path": "/n/linden/pod/",
        "address": "ada@x.example",
        "words": Words(title="Somebody is hurt at number 9", line="Bring the kit"),
        "begun_at": datetime(2026, 5, 4, 10, 0, tzinfo=UTC),
        "expires_at": datetime(2026, 5, 4, 10, 10, tzinfo=UTC),
    }  # fmt: skip
    return Parcel(**known | facts)


def letter(of: Parcel) -> EmailMessage:
    """The mail of a parcel as whoever receives it reads it."""
    return as_read(email.letter(of))


def test_a_mail_says_where_to_look_and_nothing_of_what_it_is_about(settings: Any) -> None:
    settings.PUBLIC_URL = "https://street.example"
    mail = letter(parcel())
    assert f"https://street.example/r/{UUID(int=2)}" in mail.get_content()
    assert "hurt" not in str(mail)
    assert "number 9" not in mail.get_content()


@pytest.mark.parametrize(
    ("language", "subject", "begins"),
    [("en", "News from Porchlight", "Something on Porchlight needs you."),
     ("es", "Novedades de Porchlight", "Algo en Porchlight te necesita."),
     ("ar", "أخبار من Porchlight", "شيء في Porchlight يحتاج إليك.")],
)  # fmt: skip
def test_a_mail_speaks_the_language_of_its_reader(language: str, subject: str, begins: str) -> None:
    with translation.override("en" if language != "en" else "ar"):
        mail = letter(parcel(language=language))
    assert mail["Subject"] == subject
    assert mail.get_content().startswith(begins)


def test_every_mail_has_the_same_size_in_every_language() -> None:
    sizes = {
        len(letter(parcel(language=language)).get_payload()) for language in ("en", "es", "ar")
    }
    code = letter(parcel(purpose="code", words=Words(title="Your code is 314159", line="Type it.")))
    assert sizes == {len(code.get_payload())}


def test_a_mail_is_marked_as_sent_by_a_machine_and_dated(settings: Any) -> None:
    settings.MAIL_FROM = "The Porch <porch@street.example>"
    mail = letter(parcel(language="es"))
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"] == "Mon, 04 May 2026 10:00:00 +0000"
    assert mail["From"] == "The Porch <porch@street.example>"
    assert mail["Content-Language"] == "es"
    assert mail["Message-ID"].endswith("@street.example>")


def test_the_same_delivery_has_the_same_reference_and_another_has_another() -> None:
    again = letter(parcel(doubts=1, attempt_id=9))
    assert letter(parcel())["Message-ID"] == again["Message-ID"]
    assert letter(parcel())["Message-ID"] != letter(parcel(delivery_id=8))["Message-ID"]


@pytest.mark.parametrize(
    "address",
    [
        "ada@x.example\r\nBcc: everyone@x.example", "ada@x.example\nSubject: hi", "ada",
        "@x.example", "ada@", "ada@x.example, bo@x.example", "ada bo@x.example", "ädä@x.example",
        "", "a\0@x.example", '"ada bo"@x.example', "(hi)ada@x.example",
        "ada@x.example>", "<ada@x.example>", "ada@-", "ada@x..example", "ada..bo@x.example",
        ".ada@x.example", "ada.@x.example", "a" * 65 + "@x.example", "ada@" + "x" * 254,
        "ada@x.example\0",
    ],
)  # fmt: skip
def test_an_address_that_is_more_than_an_address_is_refused(address: str) -> None:
    with pytest.raises(NoMailbox):
        letter(parcel(address=address))


def test_a_mailbox_on_a_domain_of_another_script_is_written_in_ascii() -> None:
    mail = letter(parcel(address="ada@bücher.example"))
    assert mail["To"].addresses[0].addr_spec == "ada@xn--bcher-kva.example"


def test_what_mails_share_is_made_once_and_never_mixes_people_or_languages(settings: Any) -> None:
    mails = {
        (language, number): letter(
            parcel(language=language, delivery_id=number, notice_id=UUID(int=number),
                   address=f"p{number}@x.example")
        )
        for number in (5, 6)
        for language in ("en", "es", "ar")
    }  # fmt: skip
    for (language, number), mail in mails.items():
        assert mail["To"] == f"p{number}@x.example"
        assert mail["Content-Language"] == language
        assert str(UUID(int=number)) in mail.get_content()
    settings.MAIL_FROM = "Ünder Oaks <oaks@street.example>"
    assert letter(parcel())["From"] == "Ünder Oaks <oaks@street.example>"


def test_a_mail_is_plain_ascii_on_the_line() -> None:
    words = email.letter(parcel(language="ar")).content
    assert words.isascii()
    assert max(len(line) for line in words.split(b"\r\n")) <= 998
    assert b"\n" not in words.replace(b"\r\n", b"")

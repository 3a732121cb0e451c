"""What a mail looks like from outside."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation

from porchlight.notices.channels.email import NoMailbox, letter
from porchlight.notices.rules import Parcel, Urgency, Words


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
        "ada@x.example>", "<ada@x.example>", "ada@-", "ada@x..example",
    ],
)  # fmt: skip
def test_an_address_that_is_more_than_an_address_is_refused(address: str) -> None:
    with pytest.raises(NoMailbox):
        letter(parcel(address=address))


def test_a_mailbox_on_a_domain_of_another_script_is_written_in_ascii() -> None:
    mail = letter(parcel(address="ada@bücher.example"))
    assert mail["To"].addresses[0].addr_spec == "ada@xn--bcher-kva.example"


def test_a_mail_is_plain_ascii_on_the_line() -> None:
    words = letter(parcel(language="ar")).as_bytes()
    assert words.isascii()
    assert max(len(line) for line in words.split(b"\r\n")) <= 998

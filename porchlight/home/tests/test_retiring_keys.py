"""The first data key of an install goes for good: nothing is lost, and nobody is sent away."""

import base64
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client

from porchlight.home.channels.backups import BackupTrouble, back_up, tools
from porchlight.home.channels.rotation import old_keys, rotate, says_of
from porchlight.home.tests.dumps import elsewhere
from porchlight.home.tests.test_backups import KEEPERS, inside, put_back
from porchlight.home.tests.test_rotation import LONGEST
from porchlight.home.tests.test_rotation import keys as keys  # a fixture
from porchlight.kit import clock, tombstones, vault
from porchlight.kit.errors import Refusal
from porchlight.kit.key_check import verify_keys
from porchlight.kit.named_indexes import name_the_key
from porchlight.kit.postgres import server
from porchlight.notices.actions import open_topic, tell
from porchlight.notices.actions.telling import rendered
from porchlight.notices.models import Notice, Text
from porchlight.notices.queries.links import notice_of_link, notice_of_push
from porchlight.notices.queries.questions import open_questions
from porchlight.notices.queries.words import link_token, push_token, words_of
from porchlight.notices.rules import AnswerOption, Channel, Lane, Urgency, Wording
from porchlight.notices.tests.test_outbox import begin, send, take
from porchlight.people import models
from porchlight.people.actions.addresses import Way, add_email, put_address, verify
from porchlight.people.actions.asking import ask_at_the_door
from porchlight.people.actions.erasing import erase
from porchlight.people.actions.invites import make_invite
from porchlight.people.queries.asking import answered
from porchlight.people.queries.invites import INVITE_CODE, door_behind
from porchlight.people.queries.reaching import ADDRESS_PURPOSE, recipients, whose_phone
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.me import CODES_A_DAY, Why
from porchlight.people.tests import cast
from porchlight.people.tests.test_phones import gateway as gateway  # a fixture
from porchlight.people.tests.test_places_choosing import MIDDLE, found, living_at
from porchlight.people.tests.test_push_actions import turn_on

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("mail_goes_out"),
]
DAY = timedelta(days=1)
SOUP = Wording(title="Soup?", answers=(AnswerOption(key="yes", label="Yes"),))
MAIL, PHONE = "ada@example.org", "+31612345678"
doctor = import_module("porchlight.doctor")  # by name: it stands above every area


@pytest.fixture(autouse=True)
def texts_go_out(settings: Any) -> None:
    settings.GATEWAY = SimpleNamespace(
        kind="twilio", sender="+31201234567", calls_from="", secret="x" * 20
    )


class Street:
    """Ada with an address, a phone, a browser that rings, a place, an invite, and a question."""

    def __init__(self) -> None:
        self.now = clock.now()
        self.ada = cast.ada()
        self.viewer = cast.viewer(self.ada)
        self.network = as_network(self.ada.network)
        self.mail = add_email(viewer=self.viewer, email=MAIL, client_key=uuid4(), now=self.now)
        phone = self.put(Channel.SMS, PHONE)
        models.Address.objects.filter(id=phone.id).update(verified_at=self.now)
        turn_on(self.ada)
        living_at(self.ada, MIDDLE)
        self.code = self.invited()
        verify_keys()

    def put(self, channel: Channel, value: str) -> models.Address:
        return put_address(
            network=self.network, person_id=self.ada.id, source="web", client_key=uuid4(),
            way=Way(channel=channel, value=value), now=self.now,
        )  # fmt: skip

    def invited(self) -> str:
        """The words of a new invite."""
        row = make_invite(viewer=self.viewer, circle_id=None, client_key=uuid4(), now=self.now)
        assert row.code_guarded is not None
        return vault.reveal(row.code_guarded, purpose=INVITE_CODE, whose=row.id)

    def asked(self) -> UUID:
        """A question to Ada's ways; it holds for forty days."""
        until = self.now + 40 * DAY
        topic_id = open_topic(
            network_id=self.network.id, about=None, kind="test", now=self.now, expires_at=until
        )
        tell(
            network_id=self.network.id,
            topic_id=topic_id,
            recipients=recipients(viewer=self.viewer, person_ids=[self.ada.id]),
            wording=SOUP,
            urgency=Urgency.ORDINARY,
            path="/n/linden/",
            now=self.now,
            expires_at=until,
        )
        return Notice.objects.get(topic_id=topic_id).id

    def settle(self) -> None:
        """Rotate, and wait until nobody can hold a thing that the first key made."""
        rotate(now=self.now)
        assert rotate(now=self.now + LONGEST).retired == ("k1",)
        assert list(vault.keyring().keys) == ["k2"]


@pytest.fixture
def street(keys: Path, mail_goes_out: None, gateway: Any) -> Street:
    return Street()


def says(at: datetime) -> str:
    return " ".join(says_of(one) for one in old_keys(at))


def test_without_the_first_key_everything_is_still_found(street: Street, keys: Path) -> None:
    browser = Client()
    browser.force_login(models.Login.objects.get(person=street.ada))
    before = found()
    assert before == ["Ada 0"]
    street.settle()
    assert [file.name for file in keys.glob("*.key")] == ["k2.key"]
    vault.forget_keys()
    verify_keys()
    known = whose_phone(channel="sms", address_value=PHONE)
    assert known is not None and known.is_known
    for channel, value in ((Channel.EMAIL, MAIL.upper()), (Channel.SMS, PHONE)):
        with pytest.raises(Refusal) as no:
            street.put(channel, value)
        assert no.value.why is Why.HAVE_IT
    ringing = models.Address.objects.filter(channel=Channel.WEB_PUSH)
    turn_on(street.ada)
    assert ringing.count() == 1
    assert found() == before
    assert door_behind(typed=street.code, now=street.now) is not None
    assert browser.get(f"/n/{street.network.slug}/").status_code == 200
    clock.move(LONGEST)
    assert doctor.keys().state == "ok"


def test_what_people_hold_keeps_the_key_until_it_is_over(street: Street) -> None:
    notice_id = street.asked()
    send(street.now + timedelta(hours=1), channel="sms", lane=Lane.ORDINARY)
    link, push = link_token(notice_id), push_token(notice_id)
    rotate(now=street.now)
    for token in (link, link_token(notice_id, "k1")):
        question = notice_of_link(token=token, now=street.now)
        assert question is not None and question.notice_id == notice_id
    assert notice_of_push(token=push, now=street.now) is not None
    assert link_token(notice_id) != link
    [sent] = open_questions(
        network_id=street.network.id, channel="sms", address_value=PHONE, now=street.now
    )
    assert sent.notice_id == notice_id
    assert rotate(now=street.now + 35 * DAY).retired == ()
    until = street.now + 40 * DAY
    assert f"the last ends on {until:%Y-%m-%d %H:%M}" in says(street.now)
    assert doctor.keys().state == "ok"  # there is nothing to do but wait
    assert notice_of_link(token=link, now=until - timedelta(minutes=1)) is not None
    assert rotate(now=until + DAY).retired == ("k1",)


def test_an_old_key_stays_as_long_as_the_backups_from_before_the_new_one(street: Street) -> None:
    rotate(now=street.now)
    over = clock.now() + 30 * DAY
    assert rotate(now=over - timedelta(hours=1)).retired == ()
    assert rotate(now=over + timedelta(hours=1)).retired == ("k1",)


def test_who_is_erased_after_the_first_key_went_stays_erased_on_an_empty_machine(
    street: Street, tmp_path: Path
) -> None:
    rotate(now=street.now)
    old = back_up(folder=tmp_path / "a", keepers=KEEPERS, now=street.now)
    rotate(now=street.now + LONGEST)
    erase(network=street.network, person_id=street.ada.id, now=street.now)
    newest = tombstones.place().read_bytes()
    there = tmp_path / "keys2"
    there.mkdir(mode=0o700)
    (there / tombstones.FILE).write_bytes(newest)
    with elsewhere(there):
        put_back(old)
        assert models.Person.objects.get(id=street.ada.id).erased_at is not None


def test_a_text_that_goes_out_after_a_rotation_has_the_link_of_its_row(street: Street) -> None:
    notice_id = street.asked()
    row = Notice.objects.get(id=notice_id)
    assert row.link_index is not None
    link = link_token(notice_id)
    rotate(now=street.now)
    late = street.now + timedelta(hours=1)
    [parcel] = begin(take(late, channel="sms", lane=Lane.ORDINARY), late)
    assert parcel.notice_id == notice_id
    assert link_token(parcel.notice_id, parcel.link_key) == link


def test_codes_and_forms_of_before_a_rotation_go_on(street: Street) -> None:
    form = uuid4()
    words = knock(street, form)
    digits = code_in_the_mail(street.mail.id)
    rotate(now=street.now)
    assert knock(street, form) == words
    assert answered(viewer=street.viewer, typed=words, now=street.now) is not None
    assert verify(viewer=street.viewer, address_id=street.mail.id, typed="000", now=street.now)
    assert (
        verify(viewer=street.viewer, address_id=street.mail.id, typed=digits, now=street.now)
        is None
    )


def test_a_rotation_does_not_begin_the_count_of_codes_anew(street: Street) -> None:
    sent = models.CodeSent.objects
    for _ in range(CODES_A_DAY):
        row = sent.filter(value_index=street.mail.value_index).first()
        assert row is not None
        row.id, row.at = None, street.now - timedelta(hours=2)  # no more than in one hour
        row.save(force_insert=True)
    models.Address.objects.filter(id=street.mail.id).delete()
    rotate(now=street.now)
    with pytest.raises(Refusal) as no:
        street.put(Channel.EMAIL, MAIL)
    assert no.value.why is Why.CODES_OVER


def test_whoever_erases_everything_leaves_no_count_under_an_older_key(street: Street) -> None:
    models.Address.objects.filter(id=street.mail.id).update(verified_at=street.now)
    bo = cast.person("Bo")  # tried the same address before
    sent = models.CodeSent.objects.filter(value_index=street.mail.value_index)
    assert sent.update(person=bo) == 1
    rotate(now=street.now)  # the address has a new fingerprint, its count the old one
    erase(network=street.network, person_id=street.ada.id, now=street.now)
    assert not models.CodeSent.objects.exists()


def test_the_same_words_of_a_topic_are_kept_once_also_across_a_rotation(
    street: Street, keys: Path
) -> None:
    street.asked()
    text = Text.objects.get(topic__kind="test")
    vault.make_key(keys, "k2")
    rendered(topic=text.topic, wording=SOUP, languages=["en"])
    assert Text.objects.filter(topic=text.topic).count() == 1


def knock(street: Street, form: UUID) -> str:
    return ask_at_the_door(
        network=street.network, name="Fay", recognised_by="The red bicycle", language="en",
        client_key=form, now=street.now,
    )  # fmt: skip


def code_in_the_mail(address_id: UUID) -> str:
    text = Notice.objects.get(recipient_id=address_id).text
    digits = re.search(r"\d{6}", str(words_of(text.id, text.words_guarded)))
    assert digits is not None
    return digits[0]


# ---------- keys from the environment ----------


@pytest.fixture
def given(street: Street, settings: Any) -> Iterator[Any]:
    """The operator puts a second key in front of the first."""
    texts = {"k1": vault.keyring().keys["k1"], "k2": os.urandom(32)}

    def give(*names: str) -> None:
        pairs = (f"{name}:{base64.b64encode(texts[name]).decode()}" for name in names)
        settings.KEYS_TEXT = ",".join(pairs)
        vault.forget_keys()

    give("k2", "k1")
    yield give
    settings.KEYS_TEXT = ""


def test_a_key_in_the_settings_may_go_only_when_nothing_needs_it(
    street: Street, given: Any
) -> None:
    given("k2")
    with pytest.raises(vault.VaultTrouble, match="«k1» is missing"):
        verify_keys()
    assert doctor.keys().state == "broken"
    given("k2", "k1")
    assert rotate(now=street.now).retired == ()
    assert "you may" not in says(street.now)
    clock.move(LONGEST)
    rotate(now=clock.now())
    assert (
        says(clock.now()) == "Nothing needs «k1» any more: you may remove it from PORCHLIGHT_KEYS."
    )
    assert "restart" in doctor.keys().do
    given("k2")
    verify_keys()
    assert doctor.keys().state == "ok"
    assert found() == ["Ada 0"]


def test_a_row_that_came_late_under_a_key_that_went_turns_the_doctor_red(
    street: Street, given: Any
) -> None:
    rotate(now=street.now + LONGEST)
    rotate(now=street.now + LONGEST)
    given("k1", "k2")  # a machine that was forgotten still writes with it
    street.put(Channel.EMAIL, "late@example.org")
    given("k2")
    verify_keys()
    finding = doctor.keys()
    assert finding.state == "broken"
    assert "«k1» is missing" in finding.says
    given("k2", "k1")
    assert rotate(now=street.now).left == 0
    given("k2")
    with pytest.raises(vault.VaultTrouble, match="«k1» is missing"):
        verify_keys()  # its code was mailed: it is waited for again


def test_a_backup_of_before_says_which_key_it_needs_and_carries_it(
    street: Street, given: Any, tmp_path: Path
) -> None:
    given("k1")
    old = back_up(folder=tmp_path / "a", keepers=KEEPERS, now=street.now)
    given("k2", "k1")
    rotate(now=street.now)
    rotate(now=street.now + LONGEST)
    between = back_up(folder=tmp_path / "b", keepers=KEEPERS, now=street.now)
    given("k2")
    with elsewhere(tmp_path / "keys2"):
        with pytest.raises(BackupTrouble, match=r"does not hold the data key «k1».*keys/k1\.key"):
            put_back(old)
        put_back(between)  # that one needs it no more, though it was still there
        assert found() == ["Ada 0"]
    carried = base64.b64decode(inside(old)["keys/k1.key"])
    given("k2", "k1")
    assert carried == vault.keyring().keys["k1"]
    with elsewhere(tmp_path / "keys3"):
        put_back(old)
        assert found() == ["Ada 0"]


def test_a_backup_of_before_brings_its_key_back_into_the_folder(
    street: Street, tmp_path: Path, keys: Path
) -> None:
    old = back_up(folder=tmp_path / "a", keepers=KEEPERS, now=street.now)
    street.settle()
    with elsewhere(keys):
        put_back(old)
        assert list(vault.keyring().keys) == ["k2", "k1"]
        assert found() == ["Ada 0"]
        assert "under «k1»" in says(street.now)
        assert rotate(now=clock.now()).left == 0
        assert found() == ["Ada 0"]


def test_a_rotation_during_a_backup_takes_no_key_out_of_it(street: Street, tmp_path: Path) -> None:
    """The dump sees the moment before the rotation: the keys must be those of then too."""
    with ThreadPoolExecutor(1) as beside, tools.line() as view:
        with view.transaction():
            view.execute("LOCK TABLE notices_strangecalls")  # the counting of rows waits here
            making = beside.submit(backed_up, tmp_path, street)
            assert server.within(20, lambda: is_waited_for(view))
            street.settle()
        made = making.result(60)
    with elsewhere(tmp_path / "keys2"):
        put_back(made)
        assert list(vault.keyring().keys) == ["k1"]
        assert found() == ["Ada 0"]
        assert door_behind(typed=street.code, now=street.now) is not None


def backed_up(folder: Path, street: Street) -> Path:
    try:
        return back_up(folder=folder, keepers=KEEPERS, now=street.now)
    finally:
        connection.close()


def is_waited_for(view: Any) -> bool:
    """Somebody waits for a table of this database; tests in others do not count."""
    row = view.execute(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND database ="
        " (SELECT oid FROM pg_database WHERE datname = current_database()))"
    ).fetchone()
    return bool(row[0])


def test_fingerprints_of_the_version_before_are_found_after_the_migration(street: Street) -> None:
    raw = vault.digest(PHONE, purpose=ADDRESS_PURPOSE)
    models.Address.objects.filter(channel="sms").update(value_index=raw)
    assert not is_known()
    for _ in range(2):  # the second time there is nothing to name
        name_the_key(connection, [("people_address", "value_index")])
        assert is_known()


def is_known() -> bool:
    known = whose_phone(channel="sms", address_value=PHONE)
    return known is not None and known.is_known

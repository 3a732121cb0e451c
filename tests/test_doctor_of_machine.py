"""What the doctor says of the disk, the clocks, the kind of run, the proxy, the socket and the
guards of the audit, in each of their states."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from porchlight import doctor, settings
from porchlight.alerts.models import Alert
from porchlight.alerts.tests.scene import call, scene
from porchlight.doctor import Finding
from porchlight.kit import clock
from porchlight.notices.models import Delivery
from porchlight.people import models
from porchlight.people.tasks import seal_everything
from porchlight.people.tests import cast
from porchlight.people.tests.test_chain import deeds

MB = 1_000_000


@pytest.mark.parametrize(
    ("free", "state"),
    [
        (0, "broken"),
        (199 * MB, "broken"),
        (200 * MB, "look"),
        (999 * MB, "look"),
        (1000 * MB, "ok"),
        (10**15, "ok"),
    ],
)
def test_a_full_disk_is_broken_and_a_nearly_full_one_a_thing_to_look_at(
    free: int, state: str
) -> None:
    found = doctor.room_of(free)
    assert (found.about, found.state) == ("disk", state)
    assert bool(found.do) == (state != "ok")


def said(apart: float, moved: bool) -> list[Finding]:
    found = list(doctor.clocks_of(apart, moved))
    assert {one.about for one in found} == {"clock"}
    return found


def test_clocks_that_differ_or_were_moved_are_named() -> None:
    assert [one.state for one in said(0.0, False)] == ["ok"]
    assert [one.state for one in said(2.0, False)] == ["ok"]
    [apart] = said(3.0, False)
    assert apart.state == "look" and "3 seconds" in apart.says and "NTP" in apart.do
    [moved] = said(0.0, True)
    assert moved.state == "look" and "kit_clockshift" in moved.do
    assert len(said(9.0, True)) == 2


def test_a_moved_clock_is_broken_where_people_rely_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "IS_PRODUCTION", True)
    assert [one.state for one in said(0.0, True)] == ["broken"]


@pytest.mark.parametrize(
    ("production", "warned", "state", "word"),
    [
        (True, False, "ok", "Production"),
        (False, False, "ok", "Demo"),
        (False, True, "look", "others can reach"),
    ],
)
def test_the_kind_of_run_is_said(
    monkeypatch: pytest.MonkeyPatch, production: bool, warned: bool, state: str, word: str
) -> None:
    monkeypatch.setattr(settings, "IS_PRODUCTION", production)
    monkeypatch.setattr(settings, "PLAIN_HTTP_WARNING", warned)
    found = doctor.mode()
    assert (found.about, found.state) == ("mode", state)
    assert word in found.says


@pytest.mark.parametrize(
    ("host", "believed", "state", "word"),
    [
        ("127.0.0.1", "127.0.0.1,::1", "ok", "127.0.0.1"),
        ("localhost", "127.0.0.1", "ok", "127.0.0.1"),
        ("::1", "::1", "ok", "::1"),
        ("127.0.0.1", "*", "ok", "*"),
        ("0.0.0.0", "10.0.0.7", "ok", "10.0.0.7"),
        ("0.0.0.0", "127.0.0.1,::1", "look", "past the proxy"),
        ("10.0.0.8", "127.0.0.1", "look", "past the proxy"),
        ("0.0.0.0", "*", "broken", "may say from which address"),
        ("::", "10.0.0.7, 0.0.0.0/0", "broken", "may say from which address"),
        ("10.0.0.8", "::/0", "broken", "may say from which address"),
        ("127.0.0.1", "10.0.0.7", "broken", "look like one"),
        ("127.0.0.1", "", "broken", "look like one"),
        ("0.0.0.0", "nonsense", "broken", "look like one"),
    ],
)
def test_a_proxy_is_believed_and_nobody_else(
    host: str, believed: str, state: str, word: str
) -> None:
    found = doctor.proxy_of(host, believed)
    assert (found.about, found.state) == ("proxy", state)
    assert word in found.says
    assert bool(found.do) == (state != "ok")


def test_the_proxy_is_looked_at_only_where_the_address_is_secure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "10.0.0.7")
    monkeypatch.setattr(settings, "HOST", "127.0.0.1")
    for is_secure, state in ((False, "ok"), (True, "broken")):
        monkeypatch.setattr(settings, "PUBLIC_IS_SECURE", is_secure)
        assert doctor.proxy().state == state
    monkeypatch.delenv("FORWARDED_ALLOW_IPS")
    assert doctor.proxy().state == "ok"


@pytest.mark.parametrize(
    ("rights", "state"), [(0o700, "ok"), (0o710, "broken"), (0o755, "broken"), (0o777, "broken")]
)
def test_only_we_may_enter_the_folder_of_the_socket(
    tmp_path: Path, rights: int, state: str
) -> None:
    folder = tmp_path / "so cket"
    folder.mkdir()
    folder.chmod(rights)
    found = doctor.socket_folder(folder, tmp_path)
    assert (found.about, found.state) == ("socket", state)
    assert found.do == ("" if state == "ok" else f"Run: chmod 700 '{folder}'")


def test_a_folder_of_the_socket_that_is_not_ours_is_broken(tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    ours.mkdir(mode=0o700)
    led_away = tmp_path / "away"
    led_away.symlink_to(ours)
    assert doctor.socket_folder(led_away, tmp_path).state == "broken"
    assert doctor.socket_folder(tmp_path / "gone", tmp_path).state == "look"
    if os.geteuid() == 0:
        os.chown(ours, 4321, 4321)
        found = doctor.socket_folder(ours, tmp_path)
        assert found.state == "broken" and "somebody else" in found.says


TRIGGER = "people_auditlink_holds"


@pytest.mark.django_db
@pytest.mark.parametrize("has_rows", [False, True])
def test_a_chain_that_may_be_changed_is_broken(has_rows: bool) -> None:
    if has_rows:
        deeds(cast.ada(), 2)
        seal_everything()
    before = list(models.AuditLink.objects.values())
    assert bool(before) == has_rows
    assert doctor.append_only().state == "ok"
    assert list(models.AuditLink.objects.values()) == before
    for broken_by, named in (
        (f"ALTER TABLE people_auditlink DISABLE TRIGGER {TRIGGER}", "UPDATE, DELETE"),
        (f"ALTER TABLE people_auditlink DISABLE TRIGGER {TRIGGER}_whole", "TRUNCATE"),
        (f"DROP TRIGGER {TRIGGER} ON people_auditlink", "UPDATE, DELETE"),
    ):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SAVEPOINT whole")
            cursor.execute(broken_by)
            found = doctor.append_only()
            cursor.execute("ROLLBACK TO SAVEPOINT whole")
        assert (found.about, found.state) == ("guards", "broken")
        assert f"lets {named} change" in found.says
    assert list(models.AuditLink.objects.values()) == before


@pytest.mark.django_db
def test_a_guard_that_is_there_and_lets_everything_pass_is_broken() -> None:
    deeds(cast.ada(), 2)
    seal_everything()
    before = list(models.AuditLink.objects.values())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "CREATE OR REPLACE FUNCTION people_hold_chain() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        )
    found = doctor.append_only()
    assert found.state == "broken" and "UPDATE, DELETE" in found.says
    assert list(models.AuditLink.objects.values()) == before


@pytest.mark.django_db
def test_calls_and_urgent_messages_that_wait_too_long_are_broken() -> None:
    street = scene()
    alert = call(street)
    assert doctor.going_on().state == "ok"
    soon = clock.now() - timedelta(seconds=20)
    Alert.objects.filter(id=alert.id).update(step_at=soon)
    assert doctor.going_on().state == "ok"
    long_ago = clock.now() - timedelta(seconds=90)
    Alert.objects.filter(id=alert.id).update(step_at=long_ago)
    found = doctor.going_on()
    assert found.state == "broken" and found.says.startswith("1 calls for help wait")
    Alert.objects.filter(id=alert.id).update(step_at=None, due_at=long_ago)
    assert doctor.going_on().state == "broken"
    Alert.objects.filter(id=alert.id).update(step_at=clock.now())
    assert doctor.going_on().state == "ok"
    waiting = Delivery.objects.filter(notice__topic_id=alert.topic_id, state="queued")
    number = waiting.update(due_at=long_ago)
    found = doctor.going_on()
    assert number and found.state == "broken" and f"{number} urgent messages" in found.says
    Delivery.objects.update(expires_at=long_ago)
    assert doctor.going_on().state == "ok"  # too late to be sent at all

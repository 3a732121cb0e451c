"""Each line keeps its word: an hour before its term nothing goes, an hour after it does.

A line that erases and has no row here fails the first test.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from porchlight.alerts import models as alerts
from porchlight.alerts.actions.check_ins import be_there, set_out
from porchlight.alerts.actions.ending import end
from porchlight.alerts.rules.check_ins import Way
from porchlight.alerts.rules.states import EndedHow
from porchlight.alerts.tests.scene import Scene, call, scene
from porchlight.home.queries.invariants import nothing_outlives_its_end, tables_that_end
from porchlight.home.queries.promises import promises_kept
from porchlight.home.tasks import sweep
from porchlight.home.tests.killable import Killer
from porchlight.kit import clock
from porchlight.notices import models as notices
from porchlight.people import models
from porchlight.people.actions import alert_keys, invites
from porchlight.people.actions.asked import note_asked
from porchlight.people.actions.asks import ask_to_join
from porchlight.people.actions.deaths import close_account
from porchlight.people.actions.erasing import erase_me
from porchlight.people.actions.hello import say_hello
from porchlight.people.actions.lockdown import begin_lockdown, end_lockdown
from porchlight.people.actions.me import leave_network
from porchlight.people.actions.on_call import be_on_call
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.on_call import LASTS
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast
from porchlight.sharing.actions.asking import take_back
from porchlight.sharing.actions.desk import leave_note
from porchlight.sharing.actions.digest import choose_digest
from porchlight.sharing.actions.intake import take_back_for, take_down
from porchlight.sharing.actions.offers import save_offer
from porchlight.sharing.rules.categories import Category
from porchlight.sharing.rules.intake import Call, CameBy
from porchlight.sharing.rules.offers import Offered
from porchlight.sharing.tests.street import WANTED, switch_on
from porchlight.sharing.tests.street import asked as asked_for
from porchlight.trust.actions import paper, reports
from porchlight.trust.actions.countersigns import open_countersign
from porchlight.trust.actions.disclosures import disclose
from porchlight.trust.models import ReportReceiver
from porchlight.trust.rules.reports import About
from tests.database import address_of_the_tests

retention = import_module("porchlight.retention")
KEPT = [line for line in retention.KEPT if line.action]
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)


def row(model: Any, who: models.Person, **more: Any) -> Any:
    """A row that somebody made now."""
    now = clock.now()
    made = {"source": "test", "client_key": uuid4(), "created_at": now}
    fields = {field.name for field in model._meta.concrete_fields}
    return model.objects.create(
        network_id=who.network_id, **{k: v for k, v in made.items() if k in fields}, **more
    )


def left(street: Scene, now: datetime) -> None:
    leave_network(viewer=street.viewer("Omar"), now=now)


def erased(street: Scene, now: datetime) -> None:
    erase_me(viewer=street.viewer("Omar"), now=now)


def dead(street: Scene, now: datetime) -> None:
    cast.membership(street.people["Bea"], street.pod)
    close_account(network=as_network(street.pod.network), person_id=street.id("Bea"), now=now)


def session(street: Scene, now: datetime) -> None:
    login = models.Login.objects.get(person_id=street.id("Omar"))
    models.Session.objects.create(
        session_key="x", session_data="", expire_date=now + 30 * A_DAY, login=login
    )


def address(street: Scene, now: datetime) -> None:
    street.phone("Omar")
    models.Address.objects.update(removed_at=now)


def code(street: Scene, now: datetime) -> None:
    omar = street.people["Omar"]
    row(models.CodeSent, omar, person=omar, value_index=b"x", at=now, expires_at=now + A_DAY)


def old_place(street: Scene, now: datetime) -> None:
    models.Place.objects.filter(person_id=street.id("Lena")).update(expires_at=now)


def on_call(street: Scene, now: datetime) -> None:
    omar, partners = street.people["Omar"], cast.circle("Partners", "coalition")
    cast.membership(omar, partners)
    be_on_call(viewer=street.viewer("Omar"), circle_id=partners.id, hours=b"\xff" * 21, now=now)


def pause(street: Scene, now: datetime) -> None:
    models.Reach.objects.filter(person_id=street.id("Lena")).update(
        is_paused=True, paused_until=now
    )


def asked(street: Scene, now: datetime) -> None:
    note_asked(network_id=street.pod.network_id, person_ids=[street.id("Omar")], now=now)


def key(street: Scene, now: datetime) -> None:
    alert_keys.make_alert_key(
        viewer=street.viewer("Omar"), client_key=uuid4(), label="Blue", cookie="", now=now
    )


def ask(street: Scene, now: datetime) -> None:
    group = cast.circle("Garden", "committee")
    cast.membership(street.people["Lena"], group)
    ask_to_join(
        person_id=street.id("Omar"), circle_id=group.id, source="t", client_key=uuid4(), now=now
    )


def answered(street: Scene, now: datetime) -> None:
    ask(street, now)
    models.MembershipAsk.objects.update(state="no", answered_at=now)


def buddy(street: Scene, now: datetime) -> None:
    models.Buddy.objects.update(state="ended", ended_at=now)


def block(street: Scene, now: datetime) -> None:
    models.Block.objects.update(lifted_at=now)


def hello(street: Scene, now: datetime) -> None:
    say_hello(viewer=street.viewer("Omar"), now=now)
    models.Hello.objects.update(expires_at=now)


def at_the_door(street: Scene, now: datetime) -> None:
    row(
        models.JoinRequest,
        street.people["Omar"],
        name_guarded=b"x",
        words_guarded=b"x",
        language="en",
        code_index=b"x",
        state="asked",
        expires_at=now + 14 * A_DAY,
    )


def invite(street: Scene, now: datetime) -> None:
    invites.make_invite(viewer=street.viewer("Omar"), circle_id=None, client_key=uuid4(), now=now)


def audit(street: Scene, now: datetime) -> None:
    models.AuditRow.objects.all().delete()
    row(models.AuditRow, street.people["Omar"], at=now, verb="test", detail={"a": 1})


def told(street: Scene, now: datetime) -> None:
    row(notices.Topic, street.people["Omar"], kind="t", opened_at=now, expires_at=now)


def shown(street: Scene, now: datetime) -> None:
    disclose(
        network_id=street.pod.network_id,
        owner_id=street.id("Omar"),
        reader_ids=[street.id("Lena")],
        what="test",
        thing_id=uuid4(),
        why_kind="test",
        why_id=uuid4(),
        now=now - A_DAY,
        expires_at=now,
    )


def signed(street: Scene, now: datetime) -> None:
    open_countersign(
        network_id=street.pod.network_id,
        kind="test",
        thing_id=uuid4(),
        needed=2,
        by=street.id("Omar"),
        among={street.id("Omar")},
        now=now - A_DAY,
        until_at=now,
    )


def reported(street: Scene, now: datetime) -> None:
    made = reports.report(
        viewer=street.viewer("Omar"), about=About.OTHER, thing_id=None, words="It was cold",
        keep_away=(), client_key=uuid4(), now=now,
    )  # fmt: skip
    assert made is not None, "nobody was told"


def read(street: Scene, now: datetime) -> None:
    reported(street, now)
    told = ReportReceiver.objects.all()[0]
    who = next(name for name, one in street.people.items() if one.id == told.person_id)
    at: dict[str, Any] = {
        "viewer": street.viewer(who),
        "report_id": told.report_id,
        "now": clock.now(),
    }
    reports.take(**at)
    reports.close(answer="We are sorry", **at)


def strayed(street: Scene, now: datetime) -> None:
    paper.choose(
        viewer=street.viewer("Omar"), shows_number=True, shows_training=True, looks_after=False,
        now=now,
    )  # fmt: skip
    models.Membership.objects.filter(person_id=street.id("Omar")).update(until_at=now)


def locked(street: Scene, now: datetime) -> None:
    network_id = street.pod.network_id
    begin_lockdown(network_id=network_id, by=[street.id("Omar"), street.id("Lena")], now=now)
    end_lockdown(network_id=network_id, by=street.id("Omar"), now=now)


def ended(street: Scene, now: datetime) -> None:
    end(viewer=street.viewer("Lena"), alert_id=call(street).id, how=EndedHow.ALL_CLEAR, now=now)


def unended(street: Scene, now: datetime) -> None:
    call(street)
    alerts.Alert.objects.update(closes_at=now)


def door_pause(street: Scene, now: datetime) -> None:
    omar = street.people["Omar"]
    row(
        alerts.DoorPause, omar, person=omar, from_at=now, lifted_at=now, expires_at=now + 30 * A_DAY
    )


def closed(street: Scene, now: datetime) -> None:
    row(
        alerts.ClosedTonight, street.people["Cora"], from_at=now - A_DAY, until_at=now,
        expires_at=now + A_DAY,
    )  # fmt: skip


def seen_home(street: Scene, now: datetime) -> None:
    way = set_out(
        viewer=street.viewer("Lena"), way=Way.WALK, due_at=now + A_DAY / 24,
        person_ids=[street.id("Bea")], words_for_them="", tells_now=False, to_coordinators=True,
        client_key=uuid4(), now=now,
    )  # fmt: skip
    be_there(viewer=street.viewer("Lena"), check_in_id=way.id, number="", now=now)


def not_needed(street: Scene, now: datetime) -> None:
    switch_on(street.pod.network)
    take_back(viewer=street.viewer("Lena"), need_id=asked_for(street).id, now=now)


def offered(street: Scene, now: datetime) -> None:
    switch_on(street.pod.network, now=now)
    save_offer(
        viewer=street.viewer("Lena"), offered=Offered(category=Category.RIDE, parts=1),
        client_key=uuid4(), now=now,
    )  # fmt: skip


def noted(street: Scene, now: datetime) -> None:
    switch_on(street.pod.network, now=now)
    cast.mandate(street.people["Carl"], Role.DISPATCHER)
    leave_note(viewer=street.viewer("Carl"), words="The van is back", read_at=None, now=now)


def rang(street: Scene, now: datetime) -> None:
    switch_on(street.pod.network, now=now)
    cast.mandate(street.people["Carl"], Role.DISPATCHER)
    carl, call = street.viewer("Carl"), Call(came_by=CameBy.PHONE, name="Mireille", language="en")
    need = take_down(viewer=carl, call=call, wanted=WANTED, client_key=uuid4(), now=now)
    take_back_for(viewer=carl, need_id=need.id, now=now)


def figures(street: Scene, now: datetime) -> None:
    switch_on(street.pod.network, now=now)
    choose_digest(viewer=street.viewer("Lena"), wants=True, now=now)


@dataclass(frozen=True)
class Term:
    """What begins it, how long it stays, and how the page says so."""

    begin: Callable[[Scene, datetime], None]
    term: timedelta
    says: str
    slack: timedelta = timedelta(0)
    """A day of the calendar ends later than it began."""
    is_at_once: bool = False
    """What ends it is a deed, not a time."""


PEOPLE, SWEEPING = "porchlight.people.actions.", "porchlight.people.actions.sweeping."
TRUST_ACTIONS = "porchlight.trust.actions."
ALERTS, TRUST = "porchlight.alerts.actions.", "porchlight.trust.actions.forgetting."
SHARING = "porchlight.sharing.actions.forgetting."
TERMS = {
    PEOPLE + "me.forget_names": Term(left, 30 * A_DAY, "30 days"),
    PEOPLE + "erasing.forget_empty": Term(erased, A_DAY, "One day"),
    PEOPLE + "deaths.forget_dead": Term(dead, 30 * A_DAY, "30 days"),
    SWEEPING + "forget_sessions": Term(session, 30 * A_DAY, "30 days"),
    SWEEPING + "forget_addresses": Term(address, timedelta(0), "Until you remove them"),
    SWEEPING + "forget_codes": Term(code, A_DAY, "One day"),
    SWEEPING + "forget_places": Term(old_place, timedelta(0), "Until you delete them"),
    PEOPLE + "on_call.forget_on_call": Term(on_call, LASTS, "Three months"),
    SWEEPING + "end_pauses": Term(pause, timedelta(0), ""),
    PEOPLE + "asked.forget_asked": Term(asked, 6 * A_DAY, "7 days", slack=A_DAY),
    SWEEPING + "forget_alert_keys": Term(key, 120 * A_DAY, "90 days after you used"),
    PEOPLE + "closing.close_old_asks": Term(ask, 14 * A_DAY, "14 days"),
    SWEEPING + "forget_asks": Term(answered, 90 * A_DAY, "90 days"),
    SWEEPING + "forget_buddies": Term(buddy, 30 * A_DAY, "30 days"),
    SWEEPING + "forget_blocks": Term(block, 30 * A_DAY, "30 days"),
    PEOPLE + "hello.forget_old_hellos": Term(hello, timedelta(0), "Until the day is over"),
    PEOPLE + "me.forget_old_ways_in": Term(at_the_door, 14 * A_DAY, "14 days"),
    SWEEPING + "forget_invites": Term(invite, 37 * A_DAY, "7 days, then 30 days"),
    SWEEPING + "forget_audit_detail": Term(audit, 90 * A_DAY, "90 days"),
    "porchlight.notices.actions.forgetting.forget_expired": Term(told, timedelta(0), "matters"),
    TRUST + "forget_disclosures": Term(shown, 30 * A_DAY, "30 days"),
    TRUST_ACTIONS + "paper.forget_strays": Term(
        strayed, timedelta(0), "or leave the pod", is_at_once=True
    ),
    TRUST_ACTIONS + "reports.close_old_reports": Term(reported, 30 * A_DAY, "30 days"),
    TRUST_ACTIONS + "reports.forget_reports": Term(read, 30 * A_DAY, "30 days"),
    PEOPLE + "lockdown.end_old_lockdowns": Term(locked, 31 * A_DAY, "30 days after its day"),
    TRUST + "forget_countersigns": Term(signed, 30 * A_DAY, "30 days"),
    ALERTS + "forgetting.forget_alerts": Term(ended, 30 * A_DAY, "30 days"),
    ALERTS + "ending.close_old": Term(unended, timedelta(0), "Until their hours are over"),
    ALERTS + "forgetting.forget_words": Term(ended, timedelta(hours=72), "72 hours"),
    ALERTS + "forgetting.forget_pauses": Term(door_pause, 30 * A_DAY, "30 days"),
    ALERTS + "forgetting.forget_check_ins": Term(seen_home, A_DAY, "A day after"),
    SHARING + "forget_needs": Term(not_needed, 30 * A_DAY, "30 days"),
    SHARING + "forget_offers": Term(offered, 180 * A_DAY, "180 days"),
    SHARING + "forget_digests": Term(figures, 365 * A_DAY, "A year"),
    SHARING + "forget_desk_notes": Term(noted, 14 * A_DAY, "14 days"),
    "porchlight.sharing.actions.intake.forget_intakes": Term(rang, A_DAY, "24 hours"),
    SHARING + "forget_words": Term(not_needed, timedelta(hours=72), "72 hours"),
    ALERTS + "forgetting.forget_closed_nights": Term(closed, A_DAY, "A day after"),
}


def test_every_line_that_erases_has_its_term_here() -> None:
    assert {line.action for line in KEPT} == TERMS.keys()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("action", TERMS)
def test_it_stays_until_its_term_and_goes_then(action: str, settings: Any, tmp_path: Any) -> None:
    settings.KEYS_FOLDER = tmp_path
    line = next(line for line in KEPT if line.action == action)
    kept = TERMS[action]
    module, _dot, name = action.rpartition(".")
    erase = getattr(import_module(module), name)
    street, now = scene(), clock.now()
    kept.begin(street, now)
    assert kept.says in str(line.how_long)
    assert kept.is_at_once or erase(now=now + kept.term - AN_HOUR) == 0
    assert erase(now=now + kept.term + AN_HOUR + kept.slack) > 0


# ---------- nothing outlives its end ----------


def late() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(nothing_outlives_its_end()[1])
        return [str(found) for (found,) in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_a_row_in_any_table_that_is_kept_too_long_is_found_and_the_sweep_erases_it() -> None:
    street, now = scene(), clock.now()
    over = now - timedelta(hours=2)
    begun = {
        "people_hello": hello,
        "people_codesent": code,
        "people_joinrequest": at_the_door,
        "notices_topic": told,
        "alerts_doorpause": door_pause,
    }
    for table, begin in begun.items():
        begin(street, now)
        assert late() == []
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET expires_at = %s", [over])
        assert set(late()) == {table}
        sweep()
        assert late() == []


def test_every_table_that_ends_is_asked_about() -> None:
    words = nothing_outlives_its_end()[1]
    assert len(tables_that_end()) > 20
    assert all(f"SELECT '{table}'" in words for table in tables_that_end())


@pytest.mark.django_db(transaction=True)
def test_the_sweep_takes_what_it_erased_out_of_the_files() -> None:
    street, now = scene(), clock.now()
    code(street, now)
    models.CodeSent.objects.update(expires_at=now - A_DAY)
    before = vacuums("people_codesent")
    sweep()
    assert vacuums("people_codesent") > before


def vacuums(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = %s", [table])
        return int(cursor.fetchone()[0])


# ---------- killed in the middle ----------


@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_is_killed_anywhere_is_finished_by_the_next_one(tmp_path: Any) -> None:
    street, now = scene(), clock.now()
    over = now - timedelta(hours=2)
    for begin in (hello, code, at_the_door, told, door_pause):
        begin(street, now)
    tables = ("people_hello", "people_codesent", "people_joinrequest", "notices_topic",
              "alerts_doorpause")  # fmt: skip
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"UPDATE {table} SET expires_at = %s", [over])
    killer = Killer(database=address_of_the_tests(), keys=str(tmp_path))
    try:
        for at in range(4, 200, 9):
            killer.do("sweep", at)
            assert [one.key for one in promises_kept() if one.rows and one.key != OURS] == []
    finally:
        killer.close()
    sweep()
    assert late() == []


OURS = "nothing_outlives_its_end"
"""Broken on purpose until the sweep has been through."""

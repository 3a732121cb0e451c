"""The program is killed before each single statement of each deed: all of it happened, or nothing.

Then the same deed once more, as a person would tap again, and it is as if nothing had been. CI
draws 20 of the points from the commit; `make test-faults` dies at every one.
"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from porchlight.alerts import models
from porchlight.alerts.actions.afterwards import choose_morning
from porchlight.alerts.actions.answering import arrive
from porchlight.alerts.rules.asking import ForWhom
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.names import CHECK_IN, DOOR
from porchlight.alerts.rules.states import EndedHow
from porchlight.alerts.tests import deeds
from porchlight.alerts.tests.killable import NEVER
from porchlight.alerts.tests.scene import Scene, buddies, call, ended, says, scene
from porchlight.alerts.tests.test_check_ins import out, with_numbers
from porchlight.kit import clock
from porchlight.notices.models import Delivery, IncomingText, Notice, Topic
from porchlight.people.models import Address, AuditRow, Block, Buddy, Lockdown, Membership, Person
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast
from porchlight.trust.models import Countersignature, Disclosure, Reading
from tests.database import address_of_the_tests, commit

pytestmark = pytest.mark.django_db(transaction=True)
DRAWN = 20
FRESH = 2.0
"""Seconds a street serves for one death after the other."""


@dataclass(frozen=True)
class Deed:
    """What is done, by whom, and on what."""

    name: str
    prepare: Callable[[Scene], dict[str, UUID]]
    is_told_once: bool = False
    """Done again once it was done, something else follows: the door was shown, so they are rung."""


def _fresh(street: Scene) -> dict[str, UUID]:
    return {"person": street.id("Lena"), "key": uuid4()}


def _running(name: str, *coming: str) -> Callable[[Scene], dict[str, UUID]]:
    def prepare(street: Scene) -> dict[str, UUID]:
        alert = call(street, is_wide=True)
        for one in coming:
            says(street, alert, one)
        return {"person": street.id(name), "alert": alert.id}

    return prepare


def _about(other: str, *coming: str) -> Callable[[Scene], dict[str, UUID]]:
    def prepare(street: Scene) -> dict[str, UUID]:
        return _running("Lena", *coming)(street) | {"other": street.id(other)}

    return prepare


def _in_grace(street: Scene) -> dict[str, UUID]:
    deeds.raise_with_grace(**_fresh(street))
    return {"person": street.id("Lena"), "alert": models.Alert.objects.get().id}


def _signed_once(street: Scene) -> dict[str, UUID]:
    facts = _running("Cora", "Sofie")(street)
    deeds.end(**facts)
    return facts | {"person": street.id("Carl")}


def _by_text(street: Scene) -> dict[str, UUID]:
    number = street.phone("Sofie")
    call(street)
    return {
        "network": street.pod.network_id,
        "key": uuid4(),
        "phone": UUID(int=int(number.removeprefix("+"))),
    }


def _missing(name: str, **more: Any) -> Callable[[Scene], dict[str, UUID]]:
    def prepare(street: Scene) -> dict[str, UUID]:
        alert = call(
            street,
            Kind.MISSING,
            who="A boy in a red coat",
            second_id=street.id("Sofie"),
            for_whom=ForWhom.POD,
            subject_id=street.id("Jan"),
        )
        found = {"person": street.id(name), "alert": alert.id}
        return found | {part: street.id(who) for part, who in more.items()}

    return prepare


def _known_to_be_missing(street: Scene) -> dict[str, UUID]:
    facts = _missing("Sofie")(street)
    deeds.confirm_missing(**facts)
    return facts | {"person": street.id("Jan")}


def _there(name: str, *others: str) -> Callable[[Scene], dict[str, UUID]]:
    def prepare(street: Scene) -> dict[str, UUID]:
        facts = _running(name, name, *others)(street)
        deeds.arrive(**facts)
        return facts

    return prepare


def _shown_the_door(street: Scene) -> dict[str, UUID]:
    facts = _running("Lena", "Sofie", "Amir")(street)
    row = Disclosure.objects.get(
        thing_id=facts["alert"], what=DOOR, reader_id=street.id("Sofie"), revoked_at=None
    )
    return {"person": street.id("Lena"), "shown": row.id}


def _kept(by: str, other: str) -> Callable[[Scene], dict[str, UUID]]:
    """Sofie and four more are on their way to Lena: enough, so that somebody is missing then."""

    def prepare(street: Scene) -> dict[str, UUID]:
        _running("Lena", "Sofie", "Amir", "Rosa", "Jan", "Omar")(street)
        return {"person": street.id(by), "other": street.id(other), "key": uuid4()}

    return prepare


def _somebody_who_leaves(street: Scene) -> Person:
    """Somebody new in the pod: whoever left does not come back for the next death, and whoever was
    killed before they could leave makes room."""
    Membership.objects.filter(person__name__startswith="Lea ").delete()
    one = cast.person(f"Lea {uuid4().hex[:6]}")
    cast.membership(one, street.pod)
    street.people["Lea"] = one
    return one


def _leaves_on_the_way(street: Scene) -> dict[str, UUID]:
    one = _somebody_who_leaves(street)
    _there("Lea", "Sofie", "Amir")(street)
    return {"person": one.id}


def _leaves_while_asking(street: Scene) -> dict[str, UUID]:
    one = _somebody_who_leaves(street)
    alert = call(street, by="Lea")
    says(street, alert, "Sofie")
    return {"person": one.id}


def _by_link(street: Scene) -> dict[str, UUID]:
    facts = _running("Sofie", "Amir")(street)
    deeds.answer_by_link(**facts)
    return facts


def _with_task(is_taken: bool) -> Callable[[Scene], dict[str, UUID]]:
    def prepare(street: Scene) -> dict[str, UUID]:
        facts = _running("Sofie", "Sofie")(street)
        deeds.add_task(**facts, key=uuid4())
        facts |= {"task": models.AlertTask.objects.get(alert_id=facts["alert"]).id}
        if is_taken:
            deeds.take_task(**facts)
        return facts

    return prepare


def _with_key(street: Scene) -> dict[str, UUID]:
    return _running("Sofie", "Sofie")(street) | {"key": uuid4()}


def _death_said_once(street: Scene) -> dict[str, UUID]:
    facts = _running("Cora", "Sofie", "Amir")(street)
    deeds.someone_died(**facts)
    return facts | {"person": street.id("Carl")}


def _too_old(street: Scene) -> dict[str, UUID]:
    facts = _running("Sofie", "Sofie", "Amir")(street)
    an_hour_ago = clock.now() - timedelta(hours=1)
    models.Alert.objects.filter(id=facts["alert"]).update(
        created_at=an_hour_ago - timedelta(hours=12), due_at=an_hour_ago - timedelta(hours=12),
        closes_at=an_hour_ago,
    )  # fmt: skip
    return {}


def _due(*, is_wide: bool = False, **ago: int) -> Callable[[Scene], dict[str, UUID]]:
    """A call whose next step is due; ago: minutes, by the name of the column."""

    def prepare(street: Scene) -> dict[str, UUID]:
        alert = call(street, is_wide=is_wide)
        says(street, alert, "Sofie")
        at = {f"{name}_at": clock.now() - timedelta(minutes=some) for name, some in ago.items()}
        models.Alert.objects.filter(id=alert.id).update(**at)
        return {"alert": alert.id}

    return prepare


def _late(*, by: str = "Sofie", looked: int = 0) -> Callable[[Scene], dict[str, UUID]]:
    """Sofie should be there, and Bea is her buddy; looked: how far it has gone."""

    def prepare(street: Scene) -> dict[str, UUID]:
        sofie, bea = street.people["Sofie"], street.people["Bea"]
        if not Buddy.objects.filter(asker=sofie, asked=bea).exists():
            buddies(sofie, bea)
        alert = call(street)
        says(street, alert, "Sofie")
        row = models.Invitation.objects.filter(alert=alert, person=sofie)
        for _step in range(looked):
            row.update(look_at=clock.now())
            deeds.take_look(person=sofie.id, alert=alert.id)
        row.update(look_at=clock.now())
        found = {"person": street.id(by), "alert": alert.id}
        return found if by == "Sofie" else found | {"other": sofie.id}

    return prepare


def _on_a_way(*, by: str = "Lena", steps: int = 0) -> Callable[[Scene], dict[str, UUID]]:
    """Lena is on a way of her own, behind a number, and its next step is due; steps: how many were
    taken before."""

    def prepare(street: Scene) -> dict[str, UUID]:
        way = out(street, tells_now=True)
        if not models.EndNumbers.objects.exists():
            with_numbers(street)
        for _step in range(steps):
            _now_due(way.id)
            deeds.check_step(way=way.id)
        _now_due(way.id)
        return {"way": way.id} | ({"person": street.id(by)} if by else {})

    return prepare


def _now_due(way: UUID) -> None:
    models.CheckIn.objects.filter(id=way).update(due_at=clock.now(), step_at=clock.now())


def _sets_out(street: Scene) -> dict[str, UUID]:
    return {"person": street.id("Lena"), "other": street.id("Bea"), "key": uuid4()}


def _noted(street: Scene) -> dict[str, UUID]:
    if not models.EndNumbers.objects.exists():
        with_numbers(street)
    return {"person": street.id("Lena"), "alert": call(street, Kind.UNSAFE).id}


def _afterwards(
    *, by: str, other: str = "", named: bool = False, asked: bool = False
) -> Callable[[Scene], dict[str, UUID]]:
    """Lena's call, at which Sofie was, is over. named: Amir was, to look in. asked: the morning
    after is due, or has been."""

    def prepare(street: Scene) -> dict[str, UUID]:
        way = Address.objects.get(person=street.people["Lena"], channel="sms").id
        choose_morning(
            viewer=street.viewer("Lena"), hour=_this_hour(street), address_id=way, now=clock.now()
        )
        alert = call(street)
        says(street, alert, "Sofie")
        arrive(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
        ended(street, alert, EndedHow.ALL_CLEAR)
        if named:
            deeds.name_contact(person=street.id("Lena"), alert=alert.id, other=street.id("Amir"))
        models.Alert.objects.filter(id=alert.id).update(
            morning_at=clock.now(), debrief_at=clock.now()
        )
        if asked:
            deeds.take_afterwards(alert=alert.id)
        facts = {"alert": alert.id} | ({"person": street.id(by)} if by else {})
        if asked:
            facts["way"] = way
        return facts | ({"other": street.id(other)} if other else {})

    return prepare


def _this_hour(street: Scene) -> int:
    return clock.now().astimezone(ZoneInfo(street.people["Lena"].network.zone)).hour


def _rings_us(street: Scene) -> dict[str, UUID]:
    number = street.phone("Lena")
    return {
        "network": street.pod.network_id,
        "key": uuid4(),
        "phone": UUID(int=int(number.removeprefix("+"))),
    }


def _narrow(street: Scene) -> dict[str, UUID]:
    return {"person": street.id("Lena"), "alert": call(street).id}


def _called_by_phone(street: Scene) -> dict[str, UUID]:
    facts = _rings_us(street)
    deeds.raise_by_call(**facts)
    says(street, models.Alert.objects.get(), "Sofie")
    return facts | {"key": uuid4()}


def _over(street: Scene) -> dict[str, UUID]:
    facts = _running("Lena", "Sofie")(street)
    deeds.write_line(**facts | {"person": street.id("Sofie"), "key": uuid4()})
    deeds.end(**facts)
    return facts


def _paused(street: Scene) -> dict[str, UUID]:
    now, sofie = clock.now(), street.people["Sofie"]
    models.DoorPause.objects.create(
        network_id=sofie.network_id, person=sofie, from_at=now, expires_at=now + timedelta(days=9)
    )
    return {"person": street.id("Cora"), "other": sofie.id}


def _kept_by(name: str) -> Callable[[Scene], dict[str, UUID]]:
    """A call runs, and a keeper locks everything."""

    def prepare(street: Scene) -> dict[str, UUID]:
        _running("Lena", "Sofie", "Amir")(street)
        return {"person": street.id(name)}

    return prepare


def _locked(street: Scene) -> dict[str, UUID]:
    deeds.lock_all(**_kept_by("Kim")(street))
    deeds.open_all(person=street.id("Kim"))
    return {"person": street.id("Koa")}


def _for_somebody(street: Scene) -> dict[str, UUID]:
    """Rosa keeps Sofie away, who is on the way."""
    cast.block(street.people["Rosa"], street.people["Sofie"])
    return _about("Rosa", "Sofie", "Amir")(street)


ALL = (
    Deed("raise_it", _fresh),
    Deed("raise_with_grace", _fresh),
    Deed("stop", _in_grace),
    Deed("come", _running("Sofie")),
    Deed("come", _running("Rosa", "Sofie", "Amir")),
    Deed("cannot", _running("Sofie", "Sofie", "Amir", "Rosa")),
    Deed("arrive", _running("Sofie", "Sofie")),
    Deed("allow", _about("Nils", "Nils")),
    Deed("remove", _about("Sofie", "Sofie", "Amir")),
    Deed("say_more", _running("Lena", "Sofie")),
    Deed("end", _running("Lena", "Sofie", "Amir")),
    Deed("end", _signed_once),
    Deed("text_one", _by_text),
    Deed("raise_by_call", _rings_us),
    Deed("answer_by_link", _running("Sofie")),
    Deed("answer_by_link", _running("Sofie", "Amir", "Rosa")),
    Deed("show_door_by_link", _by_link, is_told_once=True),
    Deed("safe_home", _there("Sofie", "Amir", "Rosa")),
    Deed("want_more", _running("Lena", "Sofie", "Amir", "Rosa")),
    Deed("go_wider", _narrow),
    Deed("stop_showing_the_door", _shown_the_door),
    Deed("keep_apart", _kept("Lena", "Sofie")),
    Deed("keep_apart", _kept("Sofie", "Lena")),
    Deed("leave", _leaves_on_the_way),
    Deed("leave", _leaves_while_asking),
    Deed("confirm_missing", _missing("Sofie")),
    Deed("say_not_missing", _missing("Sofie")),
    Deed("ask_another", _missing("Lena", other="Amir")),
    Deed("im_safe", _known_to_be_missing),
    Deed("add_task", _with_key),
    Deed("write_line", _with_key),
    Deed("take_task", _with_task(is_taken=False)),
    Deed("finish_task", _with_task(is_taken=True)),
    Deed("someone_died", _death_said_once),
    Deed("close_old", _too_old),
    Deed("take_step", _due(due=5, asked=5)),
    # Nobody is left to ask, so the next step is due at once: to say so.
    Deed("take_step", _due(is_wide=True, due=5, asked=5), is_told_once=True),
    Deed("take_step", _due(due=9, asked=9, few=3)),
    Deed("take_step", _due(due=9, closes=1)),
    Deed("take_look", _late()),
    Deed("take_look", _late(looked=1)),
    Deed("spoke_with", _late(by="Bea", looked=2)),
    Deed("name_contact", _afterwards(by="Lena", other="Amir")),
    Deed("name_contact", _afterwards(by="Lena", other="Bea", named=True)),
    Deed("answer_contact", _afterwards(by="Amir", named=True)),
    Deed("ask_to_talk", _afterwards(by="Sofie")),
    Deed("take_afterwards", _afterwards(by="")),
    Deed("please_ring", _afterwards(by="", asked=True)),
    Deed("set_out", _sets_out),
    Deed("be_there", _on_a_way(steps=2)),
    Deed("seem_there", _on_a_way()),
    Deed("seem_there", _on_a_way(steps=3)),
    Deed("take_longer", _on_a_way(steps=2)),
    Deed("check_step", _on_a_way(by="")),
    Deed("check_step", _on_a_way(by="", steps=1)),
    Deed("check_step", _on_a_way(by="", steps=2)),
    Deed("say_we_spoke", _on_a_way(by="Bea", steps=2)),
    Deed("look_after", _on_a_way(by="Bea", steps=2)),
    Deed("end_note", _noted),
    Deed("take_back", _called_by_phone),
    Deed("name_whom", _for_somebody),
    Deed("keep_words", _over),
    Deed("erase_words", _over),
    Deed("lift_pause", _paused),
    Deed("lock_all", _kept_by("Kim")),
    Deed("open_all", _locked),
    Deed("answer_by_bell", _running("Sofie", "Amir")),
    Deed("answer_by_push", _running("Sofie", "Amir")),
    Deed("give_task_back", _with_task(is_taken=True)),
)


def with_phones() -> Scene:
    """The street, with every phone that a deed needs: each run makes the same statements."""
    street = scene()
    for name in ("Lena", "Sofie"):
        street.phone(name)
    for name in ("Kim", "Koa"):
        street.people[name] = cast.person(name)
        cast.mandate(street.people[name], Role.KEEPER)
    return street


class Killer:
    """The process that dies for us."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "porchlight.alerts.tests.killable"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"DATABASE_URL": address_of_the_tests()},
        )

    def do(self, deed: str, facts: dict[str, UUID], at: int) -> dict[str, Any]:
        order = {"deed": deed, "at": at, "facts": {key: str(one) for key, one in facts.items()}}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        said: dict[str, Any] = json.loads(self._process.stdout.readline())
        return said

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        assert self._process.wait(20) == 0


@contextmanager
def killer() -> Iterator[Killer]:
    one = Killer()
    try:
        yield one
    finally:
        one.close()


def seen() -> dict[str, Any]:
    """Everything a deed could leave half done."""
    return {
        "alerts": sorted(
            models.Alert.objects.values_list(
                "state", "kind", "wanted", "for_whom", "reminders", "is_nobody_left"
            )
        ),
        "few": models.Alert.objects.exclude(few_at=None).count(),
        "about somebody": models.Alert.objects.exclude(subject=None).count(),
        "paused": models.DoorPause.objects.filter(lifted_at=None).count(),
        "locked": Lockdown.objects.filter(ended_at=None).count(),
        "leads": models.Alert.objects.exclude(lead=None).count(),
        "words": sorted(
            gone - asked > timedelta(days=20)
            for gone, asked in models.AlertWords.objects.values_list(
                "expires_at", "alert__created_at"
            )
        ),
        "waves": sorted(models.Wave.objects.values_list("ordinal", "size")),
        "asked": sorted(
            (name, standing, seat or 0, *(one is not None for one in marks))
            for name, standing, seat, *marks in models.Invitation.objects.values_list(
                "person__name",
                "standing",
                "seat",
                "allowed_at",
                "due_at",
                "shut_at",
                "arrived_at",
                "link_device",
                "link_shown_at",
                "place_topic_id",
                "look_topic_id",
                "look_at",
            )
        ),
        "ways": sorted(
            (state, how, *(one is not None for one in marks))
            for state, how, *marks in models.CheckIn.objects.values_list(
                "state", "ended_how", "asks_topic_id", "told_topic_id", "looks_ended_at"
            )
        ),
        "hear of ways": sorted(
            (name, seat or 0, *(one is not None for one in marks))
            for name, seat, *marks in models.CheckInPerson.objects.values_list(
                "person__name", "seat", "told_at", "looks_after_at", "spoke_at"
            )
        ),
        "after": sorted(
            (who or "", said, how, *(one is not None for one in marks))
            for who, said, how, *marks in models.Handover.objects.values_list(
                "contact__name",
                "contact_said",
                "said_how",
                "contact_topic_id",
                "how_topic_id",
                "ring_topic_id",
            )
        ),
        "asked afterwards": sorted(
            (one is not None, other is not None)
            for one, other in models.Alert.objects.values_list("morning_at", "debrief_at")
        ),
        "true numbers kept": models.EndNumbers.objects.exclude(hidden_guarded=None).count(),
        "look ended": models.Alert.objects.exclude(looks_ended_at=None).count(),
        "shown of ways": Disclosure.objects.filter(what=CHECK_IN, revoked_at=None).count(),
        "looked": sorted(models.Invitation.objects.values_list("looked", flat=True)),
        "line": sorted(models.AlertEvent.objects.values_list("verb", flat=True)),
        "lines": models.AlertUpdate.objects.count(),
        "tasks": sorted(
            (key, taken is not None, done is not None)
            for key, taken, done in models.AlertTask.objects.values_list(
                "key", "taken_by_id", "done_at"
            )
        ),
        "topics": sorted(
            (kind, closed is not None)
            for kind, closed in Topic.objects.values_list("kind", "closed_at")
        ),
        "notices": sorted(Notice.objects.values_list("purpose", flat=True)),
        "deliveries": sorted(Delivery.objects.values_list("channel", "state")),
        "doors": Disclosure.objects.filter(what=DOOR, revoked_at=None).count(),
        "readings": Reading.objects.count(),
        "kept apart": Block.objects.count(),
        "left": Person.objects.exclude(left_at=None).count(),
        "hushed": Person.objects.exclude(hushed_at=None).count(),
        "in the pod": Membership.objects.filter(until_at=None).count(),
        "signatures": Countersignature.objects.count(),
        "texts": sorted(IncomingText.objects.values_list("understood_by", flat=True)),
        "audit": AuditRow.objects.filter(verb__startswith="alerts.").count(),
    }


def forget() -> None:
    """The street as it was before anybody called."""
    tables = (
        "alerts_alert, alerts_checkin, alerts_doorpause, trust_disclosure, trust_countersign, "
        "notices_topic, notices_incomingtext, people_askedon, people_lockdown, "
        "alerts_alertchoice"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")
        cursor.execute("UPDATE people_reach SET asked_in_7_days = 0, last_asked_at = NULL")
    AuditRow.objects.filter(verb__startswith="alerts.").delete()
    models.EndNumbers.objects.update(hidden_guarded=None)
    Block.objects.exclude(blocker__name="Xenia").delete()
    Person.objects.exclude(hushed_at=None).update(hushed_at=None)


def points(street: Scene, dying: Killer, number: int) -> list[tuple[int, int]]:
    """A deed with every statement it makes, from a run that nobody kills."""
    deed = ALL[number]
    said = dying.do(deed.name, deed.prepare(street), NEVER)
    assert not said["killed"]
    assert said["statements"].isdecimal(), said["statements"]
    forget()
    return [(number, at) for at in range(int(said["statements"]) + 1)]


def again(deed: Deed, facts: dict[str, UUID]) -> dict[str, Any]:
    """What is there once it was done again; nothing of it stays.

    What is around is a test's, as `kit.transactions` calls it: a no of the deed spoils nothing.
    """
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]  # Django's own mark
    with around:
        deeds.DEEDS[deed.name](**facts)
        found = seen()
        transaction.set_rollback(True)
    return found


def all_of(deed: Deed, street: Scene, dying: Killer) -> dict[str, Any]:
    """What is there once nobody was killed; nothing of it stays."""
    assert not dying.do(deed.name, deed.prepare(street), NEVER)["killed"]
    found = seen()
    forget()
    return found


def check(street: Scene, dying: Killer, number: int, points_at: Iterable[int]) -> None:
    """Die at each; all or nothing; once more; and all of it.

    Where nothing was left of it, the next death finds the same street and needs no new one, as
    long as it is fresh: a call that was just pressed may be stopped for five seconds only.
    """
    deed = ALL[number]
    whole = all_of(deed, street, dying) if deed.is_told_once else {}
    facts, before, made_at = None, {}, 0.0
    for at in points_at:
        if facts is not None and monotonic() - made_at > FRESH:
            forget()
            facts = None
        if facts is None:
            facts, made_at = deed.prepare(street), monotonic()
            before = seen()
        said = dying.do(deed.name, facts, at)
        assert said["killed"]
        left = seen()
        is_done = left != before
        after = whole if is_done and deed.is_told_once else again(deed, facts)
        assert left in (before, after), f"{deed.name} was half done at statement {at}"
        assert after != before, f"{deed.name} did nothing when it was done again"
        if is_done:
            forget()
            facts = None
    forget()


def test_killed_at_20_points_drawn_from_the_commit() -> None:
    """One point each of as many deeds; the long suite takes every point of all of them."""
    street, dice = with_phones(), random.Random(commit())
    assert len(ALL) > 2 * DRAWN
    with killer() as dying:
        for deed in dice.sample(range(len(ALL)), DRAWN):
            every = points(street, dying, deed)
            assert len(every) > 1
            check(street, dying, *dice.choice([(number, [at]) for number, at in every]))


@pytest.mark.faults
@pytest.mark.parametrize("number", range(len(ALL)), ids=lambda one: f"{ALL[one].name}-{one}")
def test_killed_at_every_point(number: int) -> None:
    street = with_phones()
    with killer() as dying:
        every = points(street, dying, number)
        print(f"noted: {len(every)} points")
        assert len(every) > 1
        check(street, dying, number, [at for _, at in every])

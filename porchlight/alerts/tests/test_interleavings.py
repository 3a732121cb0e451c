"""Whatever people do in whatever order, promises hold and no door is open to the wrong one."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from porchlight.alerts import models
from porchlight.alerts.actions import answering, ending, missing, raising, steering, wording
from porchlight.alerts.actions.choices import choose_safe_person
from porchlight.alerts.queries.around import apart_from
from porchlight.alerts.queries.rows import coming_to, is_allowed
from porchlight.alerts.rules.asking import ForWhom, Whom
from porchlight.alerts.rules.chances import SURE
from porchlight.alerts.rules.doors import Coming, Door, door_for
from porchlight.alerts.rules.kinds import Kind, Playbook
from porchlight.alerts.rules.names import DOOR
from porchlight.alerts.rules.states import (
    ON_THE_WAY,
    RUNNING,
    AlertState,
    EndedHow,
    Standing,
    Why,
)
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.tests.scene import Scene, asking, says, scene
from porchlight.alerts.tests.test_enough import at_least
from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.viewer import Viewer
from porchlight.notices.models import Delivery
from porchlight.people.actions.blocks import block
from porchlight.people.actions.me import leave_network
from porchlight.people.models import Person
from porchlight.people.queries.lockdown import locked_now
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast
from porchlight.people.tests.promises import broken_promises, promises_of
from porchlight.trust.actions.disclosures import open_guarded, stop_showing
from porchlight.trust.actions.lockdown import lock_everything, open_everything
from porchlight.trust.models import Disclosure
from porchlight.trust.queries.disclosures import readers_now

pytestmark = pytest.mark.django_db
PEOPLE = ("Sofie", "Amir", "Rosa", "Hana", "Bea", "Nils", "Nora", "Cora")
"""Five who are asked first, two who hear of it where it is wide, and a coordinator. Hana may be the
one it is about."""
COORDINATORS = ("Cora", "Carl")
KEEPERS = ("Kim", "Koa")
SAFE_PEOPLE = ("Sofie", "Amir", "Bea")
"""Whom Lena chose for when she doesn't feel safe."""
SECOND = "Sofie"
"""Who is asked first whether somebody is really missing."""
FIXED = frozenset({Kind.UNSAFE, Kind.MISSING})
"""Kinds that stay what they are."""


@dataclass
class Going:
    """One example while it runs."""

    street: Scene
    alert: models.Alert
    now: datetime
    left: set[str] = field(default_factory=set)

    def by(self, name: str) -> dict[str, Any]:
        """Who does it, to which call, and when; as every action takes it."""
        return {"viewer": self.street.viewer(name), "alert_id": self.alert.id, "now": self.now}


def say(said: Said) -> Callable[[Going, str], object]:
    return lambda going, name: says(going.street, going.alert, name, said, now=going.now)


def steer(act: Callable[..., object], by: str = "Lena") -> Callable[[Going, str], object]:
    """Somebody who has a say does something about somebody."""
    return lambda going, name: act(**going.by(by), person_id=going.street.id(name))


def shut(going: Going, name: str) -> None:
    """Lena stops showing them the door, on her page of who may see what."""
    open_to = Disclosure.objects.filter(
        thing_id=going.alert.id, what=DOOR, reader_id=going.street.id(name), revoked_at=None
    )
    for row in open_to:
        stop_showing(viewer=going.street.viewer("Lena"), disclosure_id=row.id, now=going.now)


def keep_apart(going: Going, by: str, other: str) -> None:
    block(
        viewer=going.street.viewer(by),
        person_id=going.street.id(other),
        client_key=uuid4(),
        now=going.now,
    )


def leave(going: Going, name: str) -> None:
    leave_network(viewer=going.street.viewer(name), now=going.now)
    going.left.add(name)


def end(going: Going, name: str) -> None:
    ending.end(**going.by(name), how=EndedHow.ALL_CLEAR)


def for_whom(going: Going, name: str) -> None:
    """Lena says after sending that it is for somebody of her pod; so she says it of Nils, too."""
    whom = Whom(kind=ForWhom.POD, subject_id=going.street.id(name))
    wording.say_more(**going.by("Lena"), whom=whom)


def for_herself(going: Going, _name: str) -> None:
    wording.say_more(**going.by("Lena"), whom=Whom(kind=ForWhom.ME))


def confirm(going: Going, name: str, is_true: bool = True) -> None:
    missing.confirm_missing(**going.by(name), is_true=is_true)


def both_keepers(going: Going, _name: str) -> None:
    for keeper in KEEPERS:
        open_everything(viewer=going.street.viewer(keeper), now=going.now)


def grace_is_over(going: Going, _name: str) -> None:
    going.now = max(going.now, going.alert.due_at)


def pause(going: Going, name: str) -> None:
    """They did not come too often, as an end elsewhere found out."""
    models.DoorPause.objects.get_or_create(
        network_id=going.alert.network_id,
        person_id=going.street.id(name),
        lifted_at=None,
        defaults={"from_at": going.now, "expires_at": going.now + timedelta(days=30)},
    )
    answering.settle(
        alert=models.Alert.objects.get(id=going.alert.id), now=going.now
    )  # as the next thing that happens does


DEEDS: dict[str, Callable[[Going, str], object]] = {
    "coming": say(Said.COMING),
    "cant": say(Said.CANT),
    "remote": say(Said.REMOTE),
    "arrive": lambda going, name: answering.arrive(**going.by(name)),
    "home": lambda going, name: answering.safe_home(**going.by(name)),
    "read": lambda going, name: open_guarded(
        viewer=going.street.viewer(name),
        what=DOOR,
        thing_id=going.alert.id,
        how="page",
        now=going.now,
    ),
    "allow": steer(steering.allow),
    "coordinator allows": steer(steering.allow, by="Carl"),
    "remove": steer(steering.remove),
    "shut": shut,
    "kept away": lambda going, name: keep_apart(going, "Lena", name),
    "keeps away": lambda going, name: keep_apart(going, name, "Lena"),
    "kept away by whom it is about": lambda going, name: keep_apart(going, "Hana", name),
    "pause": pause,
    "more": lambda going, _name: steering.want_more(**going.by("Lena")),
    "wider": lambda going, _name: steering.go_wider(**going.by("Lena")),
    "say more": lambda going, _name: wording.say_more(
        **going.by("Lena"),
        story="It is the other stair",
        kind=Kind.FIRE,
    ),
    "for whom": for_whom,
    "for herself": for_herself,
    "stop": lambda going, _name: raising.stop_sending(**going.by("Lena")),
    "grace is over": grace_is_over,
    "lock": lambda going, _name: lock_everything(viewer=going.street.viewer("Kim"), now=going.now),
    "unlock": both_keepers,
    "leave": leave,
    "end": end,
    "asker ends": lambda going, _name: end(going, "Lena"),
    "coordinator ends": lambda going, name: end(going, COORDINATORS[PEOPLE.index(name) % 2]),
    "asker leaves": lambda going, _name: leave(going, "Lena"),
}
WHERE_MISSING: dict[str, Callable[[Going, str], object]] = {
    "second says yes": lambda going, _name: confirm(going, SECOND),
    "says yes": confirm,
    "second says no": lambda going, _name: confirm(going, SECOND, is_true=False),
    "ask another": steer(missing.ask_another),
    "I'm safe": lambda going, name: missing.im_safe(**going.by(name)),
}
"""What is done only where somebody is missing."""
OFTEN = ("coming", "coming", "arrive", "allow", "read", "cant", "home", "more", "wider", "for whom")
"""What makes a call rich is drawn more often than what ends it."""
Step = tuple[str, str]
Plan = st.SearchStrategy[list[Step]]


def steps(*more: str, people: tuple[str, ...] = PEOPLE, sizes: tuple[int, int] = (0, 14)) -> Plan:
    """What is done, and by whom. more: what else may be done, as often as it is named."""
    deed = st.sampled_from((*DEEDS, *OFTEN, *more))
    least, most = sizes
    return st.lists(st.tuples(deed, st.sampled_from(people)), min_size=least, max_size=most)


BECOMES = {
    "coming": Standing.COMING,
    "remote": Standing.REMOTE,
    "cant": Standing.CANT,
    "enough": Standing.ENOUGH,
    "arrived": Standing.ARRIVED,
    "home": Standing.HOME,
    "removed": Standing.REMOVED,
}


@pytest.fixture
def street() -> Scene:
    found = scene()
    for name in KEEPERS:
        found.people[name] = cast.person(name)
        cast.mandate(found.people[name], Role.KEEPER)
    for name in SAFE_PEOPLE:
        choose_safe_person(
            viewer=found.viewer("Lena"), person_id=found.id(name), client_key=uuid4(),
            now=clock.now(),
        )  # fmt: skip
    return found


def as_before(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@as_before(20)
@given(
    plan=steps(),
    needs_two=st.booleans(),
    in_a_hurry=st.booleans(),
    is_wide=st.booleans(),
    is_about_hana=st.booleans(),
    kind=st.sampled_from([Kind.HURT, Kind.FIRE, Kind.OTHER]),
)  # and what was once wrong: an answer before anybody was told; somebody leaving
@example([("coming", "Sofie"), ("stop", "Sofie")], False, False, False, False, Kind.HURT)
@example([("leave", "Sofie")], False, True, False, False, Kind.FIRE)
@example([("coming", "Sofie"), ("leave", "Sofie")], False, True, False, False, Kind.OTHER)
@example(
    [("coming", "Sofie"), ("asker ends", "Sofie"), ("leave", "Sofie")],
    False,
    True,
    False,
    False,
    Kind.HURT,
)
@example(  # whom it is for, said after sending, and whom they keep away on the way already
    [
        ("coming", "Amir"),
        ("coming", "Sofie"),
        ("kept away by whom it is about", "Amir"),
        ("for whom", "Hana"),
        ("for whom", "Sofie"),
        ("for herself", "Lena"),
        ("coming", "Sofie"),
    ],
    False,
    True,
    False,
    False,
    Kind.OTHER,
)
def test_any_order_of_deeds(
    street: Scene,
    plan: list[Step],
    needs_two: bool,
    in_a_hurry: bool,
    is_wide: bool,
    is_about_hana: bool,
    kind: Kind,
) -> None:
    about: dict[str, Any] = {}
    if is_about_hana:
        about = {"for_whom": ForWhom.POD, "subject_id": street.id("Hana")}
    run(street, plan, needs_two, kind=kind, in_a_hurry=in_a_hurry, is_wide=is_wide, **about)


@as_before(9)
@given(plan=steps(people=(*SAFE_PEOPLE, *PEOPLE), sizes=(3, 14)), in_a_hurry=st.booleans())
@example([("coming", "Sofie"), ("coming", "Bea"), ("for whom", "Rosa"), ("wider", "Bea")], True)
def test_any_order_of_deeds_where_it_is_silent(
    street: Scene, plan: list[Step], in_a_hurry: bool
) -> None:
    """Only those she chose hear of it, whatever anybody does."""
    run(street, plan, False, kind=Kind.UNSAFE, in_a_hurry=in_a_hurry, is_wide=True)


@as_before(9)
@given(
    before=steps(*WHERE_MISSING, people=("Sofie", "Bea", "Hana", "Amir"), sizes=(0, 4)),
    plan=steps(*WHERE_MISSING, sizes=(3, 12)),
    in_a_hurry=st.booleans(),
    is_wide=st.booleans(),
    is_about_hana=st.booleans(),
)
@example([("coming", "Sofie")], [("arrive", "Sofie"), ("coming", "Amir")], True, True, True)
def test_any_order_of_deeds_where_somebody_is_missing(
    street: Scene,
    before: list[Step],
    plan: list[Step],
    in_a_hurry: bool,
    is_wide: bool,
    is_about_hana: bool,
) -> None:
    """A little while nobody has checked it, then the second person's yes, then anything."""
    about: dict[str, Any] = {}
    if is_about_hana:
        about = {"for_whom": ForWhom.POD, "subject_id": street.id("Hana")}
    checked = [*before, ("grace is over", SECOND), ("second says yes", SECOND)]
    run(
        street,
        [*checked, *plan],
        False,
        kind=Kind.MISSING,
        who="Small, red coat",
        second_id=street.id(SECOND),
        in_a_hurry=in_a_hurry,
        is_wide=is_wide,
        **about,
    )


def run(street: Scene, plan: list[Step], needs_two: bool, *, kind: Kind, **more: Any) -> None:
    """One example: a call, then one deed after the other, and after each of them all must hold."""
    with transaction.atomic():  # each example begins on the street as it was
        now = clock.now()
        alert = raising.raise_alert(
            viewer=street.viewer("Lena"),
            asking=asking(kind, **more),
            client_key=uuid4(),
            now=now,
        )
        if needs_two:
            alert.playbook = alert.playbook | {"needs_two": True}
            alert.save(update_fields=["playbook"])
        going = Going(street=street, alert=alert, now=now)
        for deed, name in plan:
            going.now += timedelta(milliseconds=1)
            if name in going.left and deed not in {"allow", "remove", "shut", "kept away"}:
                continue
            with suppress(Refusal, NotHere), transaction.atomic():
                (DEEDS | WHERE_MISSING)[deed](going, name)
            alert.refresh_from_db()
            check(going)
            check_kind(going, kind)
        transaction.set_rollback(True)


def check(going: Going) -> None:
    """Everything that must hold after every step."""
    alert, now = going.alert, going.now + timedelta(microseconds=1)
    playbook = Playbook.of(alert.playbook)
    rows = list(models.Invitation.objects.filter(alert=alert))
    coming = [row for row in rows if row.standing in ON_THE_WAY]
    there = sum(row.standing == Standing.ARRIVED for row in coming)
    assert len(coming) == coming_to(alert).people <= playbook.most
    assert sorted(row.seat or 0 for row in coming) == sorted({row.seat or 0 for row in coming})
    if alert.state == AlertState.VERIFYING:
        assert {row.why for row in rows} == {Why.SECOND}, "nobody hears of it before it is checked"
    elif alert.state in RUNNING:
        is_enough = (
            there >= alert.wanted
            or len(coming) >= playbook.most
            or at_least(alert.wanted - there, of=len(coming) - there) >= SURE - 1e-9
        )
        assert (alert.state == AlertState.ENOUGH) is is_enough
    else:
        waiting = Delivery.objects.filter(notice__topic_id=alert.topic_id, state="queued")
        assert not waiting.exists()
    if now < alert.due_at:
        assert {row.standing for row in rows} <= {"asked", "cant", "removed"}, "nobody heard of it"
    system = Viewer.system(as_network(alert.network), "checking doors")
    may = may_see_the_door(going, rows)
    assert readers_now(viewer=system, thing_id=alert.id, what=DOOR, now=now) == may
    if alert.lead_id is not None and alert.state in RUNNING:
        lead = next(row for row in rows if row.person_id == alert.lead_id)
        assert lead.standing == Standing.ARRIVED
        assert lead.person_id in may
    assert told_by_events(alert) == {row.person_id: row.standing for row in rows}
    assert broken() == []


def check_kind(going: Going, kind: Kind) -> None:
    """What must hold of one kind of call, and of whom it is for."""
    alert, street = going.alert, going.street
    rows = models.Invitation.objects.filter(alert=alert)
    if kind in FIXED:
        assert alert.kind == kind
    if alert.state in RUNNING:
        system = Viewer.system(as_network(alert.network), "checking who comes")
        concerned = {one for one in (alert.raised_by_id, alert.subject_id) if one}
        apart = apart_from(viewer=system, person_ids=concerned)
        coming = set(rows.filter(standing__in=ON_THE_WAY).values_list("person_id", flat=True))
        assert not coming & (concerned | apart)
    if kind is not Kind.UNSAFE:
        return
    safe = {street.id(name) for name in SAFE_PEOPLE}
    assert set(rows.values_list("person_id", flat=True)) <= safe
    rung = Delivery.objects.filter(notice__topic__about=alert.id)
    assert set(rung.values_list("notice__recipient_id", flat=True)) <= safe
    assert (alert.for_whom, alert.subject_id, alert.is_wide) == ("me", None, False)
    coordinators = {street.id(name) for name in COORDINATORS}
    assert alert.ended_by not in coordinators
    by_them = models.AlertEvent.objects.filter(alert=alert, actor_id__in=coordinators)
    assert not by_them.exists()


def may_see_the_door(going: Going, rows: list[models.Invitation]) -> set[object]:
    """By the rule alone, from what is written of each of them."""
    alert, system = going.alert, Viewer.system(as_network(going.alert.network), "checking doors")
    concerned = [one for one in (alert.raised_by_id, alert.subject_id) if one]
    apart = apart_from(viewer=system, person_ids=concerned)
    paused = set(
        models.DoorPause.objects.filter(lifted_at=None).values_list("person_id", flat=True)
    )
    locked = locked_now(network_id=alert.network_id, now=going.now)
    left = Person.objects.exclude(left_at=None)
    if alert.ended_at is not None:  # afterwards rows say how it stood at the end
        left = left.filter(left_at__lt=alert.ended_at)
    gone = set(left.values_list("id", flat=True))
    coming = [row for row in rows if row.standing in ON_THE_WAY]
    assert not gone & {row.person_id for row in coming}
    return {
        row.person_id
        for row in coming
        if door_for(
            Coming(
                why=Why(row.why),
                standing=Standing(row.standing),
                is_allowed=is_allowed(row.allowed_at, locked),
                doors_paused=row.person_id in paused,
                is_shut=row.shut_at is not None,
                is_apart=row.person_id in apart,
                is_locked=locked is not None,
            ),
            is_running=alert.state in RUNNING,
            needs_two=Playbook.of(alert.playbook).needs_two,
            on_the_way=len(coming),
        )
        is Door.OPEN
    }


def told_by_events(alert: models.Alert) -> dict[object, str]:
    """Where everybody stands, from nothing but what was written down."""
    people = models.Invitation.objects.filter(alert=alert).values_list("person_id", flat=True)
    found: dict[object, str] = dict.fromkeys(people, Standing.ASKED.value)
    for event in models.AlertEvent.objects.filter(alert=alert).order_by("id"):
        who = event.person_id or event.actor_id
        if event.verb in BECOMES and who in found:
            stays = event.verb == "coming" and found[who] == Standing.ARRIVED
            if not stays:
                found[who] = BECOMES[event.verb].value
    return found


def broken() -> list[str]:
    """Which promises about calls and about what is shown to whom are broken; one question."""
    assert len(promises_of("alerts", "trust")) >= 19
    return broken_promises("alerts", "trust")

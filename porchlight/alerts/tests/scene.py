"""A street to call for help in: Lena asks; pod, buddies and people nearby answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from porchlight.alerts import models
from porchlight.alerts.actions.answering import Outcome, answer
from porchlight.alerts.actions.core import lock_alert
from porchlight.alerts.actions.ending import end_now
from porchlight.alerts.actions.raising import raise_alert
from porchlight.alerts.queries.rows import coming_to
from porchlight.alerts.rules.asking import Asking, PlaceAsked, Where
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import AlertState, EndedHow
from porchlight.alerts.rules.texts import Said
from porchlight.kit import clock, vault
from porchlight.kit.viewer import Viewer
from porchlight.people import models as people
from porchlight.people.models import Circle, Person
from porchlight.people.queries.choosing import reach_token
from porchlight.people.queries.places import ADDRESS, CELLS, LABEL
from porchlight.people.queries.reaching import ADDRESS_PURPOSE
from porchlight.people.rules.asked import may_be_asked
from porchlight.people.rules.places import Kind as PlaceKind
from porchlight.people.rules.rights import Level, Role
from porchlight.people.tests import cast

CELL = "881969541dfffff"
DOOR = "Fourteen Linden Street, second floor"
STORY = "Fell on the stairs, awake and talking"
NOTE = "The key is under the blue pot"
MEETING = "By the bakery"
SECRETS = (DOOR, STORY, NOTE)
ALWAYS = b"\xff" * 21
PLACE_PURPOSES = {"label": LABEL, "address": ADDRESS, "cells": CELLS}
PHONES = {"Lena": "+31600000001", "Sofie": "+31600000002", "Amir": "+31600000003"}


@dataclass
class Scene:
    """Everybody by name."""

    people: dict[str, Person]
    pod: Circle

    def id(self, name: str) -> UUID:
        return self.people[name].id

    def viewer(self, name: str) -> Viewer:
        return cast.viewer(self.people[name])

    def phone(self, name: str) -> str:
        """The number somebody verified, made where it does not stand yet."""
        who = self.people[name]
        number = PHONES.get(name) or f"+316{int(who.id.hex[:7], 16) % 10**8:08d}"
        if not people.Address.objects.filter(person=who, channel="sms").exists():
            people.Address.objects.create(
                network=who.network,
                person=who,
                source="test",
                client_key=uuid4(),
                created_at=clock.now(),
                channel="sms",
                value_guarded=vault.guard(number, purpose=ADDRESS_PURPOSE, whose=who.id),
                value_index=vault.index(number, purpose=ADDRESS_PURPOSE),
                rank=people.Address.objects.filter(person=who).count(),
                verified_at=clock.now(),
            )
        return number


POD = ("Lena", "Sofie", "Amir", "Rosa", "Hana", "Omar", "Jan")


def scene() -> Scene:
    """Lena's pod of seven; Bea is a buddy elsewhere; Nils and Nora are near; Ted knows first aid;
    Cora and Carl coordinate; Hank lives with Lena; Kid is 15; Xenia is kept apart from Lena."""
    network = cast.linden()
    found = {name: cast.person(name) for name in POD}
    pod = cast.circle("Linden pod")
    for name in POD:
        cast.membership(found[name], pod)
    for name in ("Bea", "Nils", "Nora", "Ted", "Cora", "Carl", "Hank", "Xenia"):
        found[name] = cast.person(name)
    found["Kid"] = cast.person("Kid", is_under_18=True)
    cast.membership(found["Hank"], pod)
    cast.membership(found["Kid"], pod)
    household = cast.circle("At Lena's", "household")
    for name in ("Lena", "Hank"):
        cast.membership(found[name], household)
    buddies(found["Lena"], found["Bea"])
    cast.block(found["Xenia"], found["Lena"])
    for name in ("Cora", "Carl"):
        cast.mandate(found[name], Role.COORDINATOR)
    for name in ("Nils", "Nora", "Xenia", "Ted"):
        place(found[name])
    place(found["Lena"], address=DOOR, kind=PlaceKind.HOME)
    assert network.id == pod.network_id
    return Scene(people=found, pod=pod)


def buddies(one: people.Person, other: people.Person) -> None:
    """Two who said yes to each other, each in a seat of their own."""
    pair = people.Buddy.objects.create(
        network=one.network,
        source="test",
        client_key=uuid4(),
        created_at=one.joined_at,
        asker=one,
        asked=other,
        state="accepted",
        expires_at=clock.now() + timedelta(days=365),
    )
    for who in (one, other):
        seat = people.BuddySeat.objects.filter(person=who).count() + 1
        people.BuddySeat.objects.create(network=one.network, buddy=pair, person=who, seat=seat)


def place(
    who: people.Person, *, address: str = "Somewhere", kind: PlaceKind = PlaceKind.HOME
) -> UUID:
    """A home in the middle of the map, at all hours: plain rows, as `add_place` writes them for
    somebody's first."""
    words = {"label": "Home", "address": address, "cells": CELL}
    made = people.Place.objects.create(
        network_id=who.network_id,
        person=who,
        source="test",
        client_key=uuid4(),
        created_at=who.joined_at,
        kind=kind,
        hours=ALWAYS,
        **{
            f"{part}_guarded": vault.guard(said, purpose=PLACE_PURPOSES[part], whose=who.id)
            for part, said in words.items()
        },
    )
    people.Reach.objects.create(
        network_id=who.network_id,
        person=who,
        place=made,
        token=reach_token(network_id=who.network_id, cell=CELL),
        hours=ALWAYS,
        may_be_asked=may_be_asked(level=Level(who.level), is_under_18=who.is_under_18),
    )
    return made.id


def trained(who: people.Person, role: str = "first_aid", *, is_confirmed: bool = True) -> None:
    """They learnt it, and two others said so."""
    today = clock.now().date()
    people.TrainedRole.objects.create(
        network=who.network,
        source="test",
        client_key=uuid4(),
        created_at=clock.now(),
        person=who,
        role=role,
        from_on=today - timedelta(days=30),
        until_on=today + timedelta(days=300),
        confirmed_at=clock.now() if is_confirmed else None,
    )


def asking(kind: Kind = Kind.HURT, **more: object) -> Asking:
    """Lena's call, with words that nobody may see who did not earn it."""
    facts: dict[str, object] = {
        "kind": kind,
        "story": STORY,
        "note": NOTE,
        "place": PlaceAsked(where=Where.HOME, meeting=MEETING),
        "in_a_hurry": True,
    }
    return Asking(**(facts | more))  # type: ignore[arg-type]  # facts of the test


def call(scene: Scene, kind: Kind = Kind.HURT, by: str = "Lena", **more: object) -> models.Alert:
    """Somebody calls for help now, without the five seconds of grace."""
    return raise_alert(
        viewer=scene.viewer(by), asking=asking(kind, **more), client_key=uuid4(), now=clock.now()
    )


def says(
    scene: Scene,
    alert: models.Alert,
    name: str,
    said: Said = Said.COMING,
    *,
    channel: str = "page",
    minutes: int | None = None,
    now: datetime | None = None,
) -> Outcome:
    """Somebody answers."""
    return answer(
        network_id=alert.network_id,
        alert_id=alert.id,
        person_id=scene.id(name),
        said=said,
        channel=channel,
        minutes=minutes,
        now=now or clock.now(),
    )


COMERS = ("Sofie", "Amir", "Rosa", "Jan", "Omar", "Hana", "Bea", "Hank")
"""Of the pod, and a buddy: in the order in which `enough_come` has them say so."""


def enough_come(scene: Scene, alert: models.Alert, but: int = 0, **more: object) -> list[str]:
    """So many say that they come that it is enough; gives who. but: so many too few."""
    names = COMERS[: coming_to(alert).missing - but]
    for name in names:
        assert says(scene, alert, name, **more) is Outcome.COMING  # type: ignore[arg-type]  # facts
    alert.refresh_from_db()
    assert alert.state == (AlertState.OPEN if but else AlertState.ENOUGH)
    return list(names)


def ended(scene: Scene, alert: models.Alert, how: EndedHow) -> None:
    """It ends, in one of all the ways there are."""
    with transaction.atomic():
        row = lock_alert(network_id=alert.network_id, alert_id=alert.id)
        end_now(alert=row, how=how, by=scene.id("Lena"), now=clock.now())


def asked(alert: models.Alert) -> set[str]:
    """Who was asked, by name."""
    return set(models.Invitation.objects.filter(alert=alert).values_list("person__name", flat=True))


def standing(alert: models.Alert, name: str) -> str:
    """Where somebody stands."""
    return models.Invitation.objects.get(alert=alert, person__name=name).standing

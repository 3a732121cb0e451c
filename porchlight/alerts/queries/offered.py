"""What the page that calls for help offers. Names stand on it only for somebody signed in."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q, Subquery

from porchlight.alerts.models import Alert, AlertChoice, Invitation
from porchlight.alerts.queries.around import around
from porchlight.alerts.rules.choosing import Around, first_wave, may_check
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import AlertState
from porchlight.kit.viewer import Scope, Viewer
from porchlight.people.models import Block, Buddy, Membership, NetworkRule, Person
from porchlight.people.queries.neighbours import Choice
from porchlight.people.queries.own import own_id
from porchlight.people.queries.places import places_of
from porchlight.people.rules.asks import BuddyState
from porchlight.people.rules.circles import Kind as CircleKind
from porchlight.people.rules.places import Kind as PlaceKind


@dataclass(frozen=True, kw_only=True)
class Tickable:
    """Somebody who would hear of it, and may be left out."""

    id: UUID
    name: str
    is_buddy: bool
    """Outside the pod."""


@dataclass(frozen=True, kw_only=True)
class SavedPlace:
    """One of the asker's own places."""

    id: UUID
    kind: PlaceKind
    label: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Offered:
    """What somebody may choose from. Nothing of it where only the device is known."""

    hear: tuple[Tickable, ...] = ()
    subjects: tuple[Choice, ...] = ()
    """Of the pod: whom it may be about."""
    seconds: tuple[Choice, ...] = ()
    """Who may know that somebody is missing."""
    places: tuple[SavedPlace, ...] = ()
    """Saved places other than the home."""
    has_home: bool = False
    is_wide: bool = False
    """Chosen beforehand."""
    pod_name: str = ""
    is_inside: bool = False
    """Signed in, not only on a device that may call."""


def offered(*, viewer: Viewer) -> Offered:
    """Everybody and everything the asker may choose from. Costs: ten queries."""
    if viewer.scope is not Scope.SESSION:
        return Offered()
    me = own_id(viewer=viewer)
    near = _near(viewer, me)
    hear = {one.person_id for one in first_wave(Kind.OTHER, near)}
    seconds = may_check(near)
    subjects = near.pod - near.apart
    named = _named(viewer, hear | seconds | subjects)
    pods = Membership.objects.filter(
        network_id=viewer.network.id, person_id=me, kind=CircleKind.POD, until_at=None
    ).values_list("circle__name", flat=True)
    return replace(
        offered_places(viewer=viewer),
        hear=tuple(
            Tickable(id=one.id, name=one.name, is_buddy=one.id not in near.pod)
            for one in named
            if one.id in hear
        ),
        subjects=tuple(one for one in named if one.id in subjects),
        seconds=tuple(one for one in named if one.id in seconds),
        is_wide=AlertChoice.objects.filter(person_id=me, is_wide=True).exists(),
        pod_name=pods.first() or "",
    )


def offered_places(*, viewer: Viewer) -> Offered:
    """Only the places the asker may choose from. Costs: one query."""
    if viewer.scope is not Scope.SESSION:
        return Offered()
    places = places_of(viewer=viewer)
    return Offered(
        places=tuple(
            SavedPlace(id=one.id, kind=one.kind, label=one.label)
            for one in places
            if one.kind in {PlaceKind.WORK, PlaceKind.OTHER}
        ),
        has_home=any(one.kind is PlaceKind.HOME for one in places),
        is_inside=True,
    )


def heard_by(*, viewer: Viewer, now: datetime) -> int:
    """How many people a hold of *Get help* reaches: the true number for its button, and none where
    calls for help are switched off.

    Counts whom `rules.choosing.first_wave` would ask. Costs: one query, as it is for home.
    """
    me = own_id(viewer=viewer)
    here = {"network_id": viewer.network.id}
    pods = Membership.objects.filter(**here, person_id=me, kind=CircleKind.POD, until_at=None)
    pod = Membership.objects.filter(**here, circle_id__in=pods.values("circle_id"), until_at=None)
    pairs = Buddy.objects.filter(**here, state=BuddyState.ACCEPTED)
    apart = Block.objects.filter(**here, lifted_at=None)
    areas = NetworkRule.objects.filter(**here, key="areas.on", from_at__lte=now)
    return (
        Person.objects.annotate(areas=Subquery(areas.order_by("-version").values("value")[:1]))
        .filter(Q(areas__isnull=True) | Q(areas__contains=["alerts"]))
        .filter(**here, left_at=None, hushed_at=None, is_under_18=False)
        .filter(
            Q(id__in=pod.values("person_id"))
            | Q(id__in=pairs.filter(asker_id=me).values("asked_id"))
            | Q(id__in=pairs.filter(asked_id=me).values("asker_id"))
        )
        .exclude(id=me)
        .exclude(id__in=apart.filter(blocker_id=me).values("blocked_id"))
        .exclude(id__in=apart.filter(blocked_id=me).values("blocker_id"))
        .count()
    )


def could_check(*, viewer: Viewer, alert_id: UUID) -> list[Choice]:
    """Who else may say whether it is true, for the asker who is signed in; nobody asked already.

    Costs: eight queries.
    """
    if viewer.scope is not Scope.SESSION:
        return []  # their device follows the call all the same
    me = own_id(viewer=viewer)
    alert = Alert.objects.filter(
        network_id=viewer.network.id, id=alert_id, raised_by_id=me, state=AlertState.VERIFYING
    ).first()
    if alert is None:
        return []
    system = Viewer.system(viewer.network, "who may check a call")
    near = around(viewer=system, person_id=me, subject_id=alert.subject_id)
    asked = Invitation.objects.filter(alert=alert).values_list("person_id", flat=True)
    return _named(viewer, may_check(near) - set(asked))


def could_be_safe(*, viewer: Viewer) -> list[Choice]:
    """Pod and buddies outside the household, for «When I don't feel safe». Costs: seven queries."""
    near = _near(viewer, own_id(viewer=viewer))
    return _named(viewer, (near.pod | near.buddies) - near.never - near.household)


def safe_people(*, viewer: Viewer) -> list[Choice]:
    """Whom the viewer chose, in the order they chose them. Costs: seven queries."""
    near = _near(viewer, own_id(viewer=viewer))
    names = {one.id: one for one in _named(viewer, near.safe)}
    return [names[person_id] for person_id in near.safe if person_id in names]


@dataclass(frozen=True, kw_only=True)
class MyChoice:
    """What somebody decided beforehand about calls for help."""

    may_text_place: bool = False
    is_wide: bool = False
    is_looked_after: bool = True


def my_choice(*, viewer: Viewer) -> MyChoice:
    """What the viewer decided beforehand. Costs: one query."""
    row = AlertChoice.objects.filter(person_id=own_id(viewer=viewer)).first()
    if row is None:
        return MyChoice()
    return MyChoice(
        may_text_place=row.may_text_place, is_wide=row.is_wide, is_looked_after=row.is_looked_after
    )


def _near(viewer: Viewer, me: UUID) -> Around:
    return around(viewer=Viewer.system(viewer.network, "what a call reaches"), person_id=me)


def _named(viewer: Viewer, ids: Collection[UUID]) -> list[Choice]:
    rows = Person.objects.filter(
        network_id=viewer.network.id, id__in=list(ids), left_at=None
    ).values_list("id", "name")
    return [
        Choice(id=person_id, name=name)
        for person_id, name in sorted(rows, key=lambda row: (row[1].casefold(), str(row[0])))
    ]

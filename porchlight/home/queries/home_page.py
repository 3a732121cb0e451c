"""Everything the home page shows somebody, and nothing about anybody who is not around them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from porchlight.alerts.models import CheckIn
from porchlight.alerts.queries.lists import Listed, running
from porchlight.home.queries.street import Street, my_street
from porchlight.home.rules.steps import Setup
from porchlight.kit.viewer import Viewer
from porchlight.notices.models import AddressHealth, Notice
from porchlight.notices.queries import has_come
from porchlight.notices.queries.inbox import waiting_texts
from porchlight.people import models
from porchlight.people.queries.asks import Waiting, asks_of_mine, asks_to_answer
from porchlight.people.queries.blocks import all_blocked
from porchlight.people.queries.buddies import BuddyRow, buddy_rows
from porchlight.people.queries.mandates import role_words
from porchlight.people.queries.own import own_id
from porchlight.people.rules.joining import RequestState
from porchlight.people.rules.rights import Level, Right
from porchlight.people.rules.training import TRAINED_WORDS, Trained
from porchlight.trust.queries.paper import is_paper_due
from porchlight.trust.queries.vouches import own_missing

SOON = timedelta(days=42)
"""How far ahead home looks."""
NEW_FOR = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class OwnRole:
    """A role one holds now."""

    words: str
    """A key of the translations."""
    circle: str
    """Empty: a role of the whole network."""
    until_at: datetime

    @property
    def title(self) -> str:
        return gettext(self.words)


@dataclass(frozen=True, kw_only=True)
class TrainingEnding:
    """A training of one's own that soon no longer counts."""

    words: str
    until_on: date

    @property
    def title(self) -> str:
        return gettext(self.words)


@dataclass(frozen=True, kw_only=True)
class HomePage:
    """What home shows."""

    name: str
    alerts: list[Listed]
    """Calls for help that run now and concern the viewer."""
    street: Street | None
    setup: Setup
    asks: list[Waiting]
    """Others who would like into one's circles."""
    invitations: list[Waiting]
    """Circles that ask for the viewer."""
    my_asks: list[Waiting]
    """Asks of the viewer that others have to answer."""
    buddy_asks: list[BuddyRow]
    join_requests: int
    waiting_texts: int
    """Texts that nobody understood, for those who may read them."""
    vouches_missing: int
    """How many more neighbours must say that they know the viewer; 0 for members."""
    to_vouch_for: list[str]
    roles: list[OwnRole]
    """Those that end soon."""
    roles_for_long: list[OwnRole]
    trainings: list[TrainingEnding]
    broken_ways: bool
    """Something sent to them did not arrive, or no way of theirs works."""
    unread: int
    ways: int
    """How many ways reach them: those whose code they typed."""
    places: int
    invites: list[datetime]
    """Until when each invite works that the viewer gave and nobody used."""
    way_until: datetime | None
    """By when the viewer is to be there, where they asked to be seen home."""
    is_paper_due: bool
    """The viewer looks after their pod's paper, and the one that hangs is too old."""


def home_page(*, viewer: Viewer, now: datetime) -> HomePage:
    """Everything for home.

    Costs: the same number of queries however much waits.
    """
    person = _person(viewer, now)
    apart = all_blocked(viewer=viewer)
    street = my_street(viewer=viewer, now=now, apart=apart)
    of_mine = asks_of_mine(viewer=viewer, now=now, apart=apart)
    roles = _roles(viewer, now)
    return HomePage(
        name=person.name,
        alerts=running(viewer=viewer, now=now),
        street=street,
        setup=Setup(
            can_be_reached=person.ways > 0,
            has_pod=street is not None,
            has_places=person.own_places > 0,
            is_under_18=person.is_under_18,
            is_new=now - person.joined_at < NEW_FOR,
        ),
        asks=asks_to_answer(viewer=viewer, now=now, apart=apart),
        invitations=[ask for ask in of_mine if not ask.i_asked],
        my_asks=[ask for ask in of_mine if ask.i_asked],
        buddy_asks=[
            row
            for row in buddy_rows(viewer=viewer, now=now, apart=apart)
            if not row.is_buddy and not row.i_asked
        ],
        join_requests=person.at_the_door if viewer.may(Right.ANSWER_JOIN_REQUESTS) else 0,
        waiting_texts=person.texts if viewer.holds(Right.READ_INBOX) else 0,
        vouches_missing=own_missing(viewer=viewer, now=now)
        if person.level == Level.NEWCOMER
        else 0,
        to_vouch_for=list(street.newcomers) if street and viewer.may(Right.VOUCH) else [],
        roles=[role for role in roles if role.until_at <= now + SOON],
        roles_for_long=[role for role in roles if role.until_at > now + SOON],
        trainings=_trainings_ending(viewer, now),
        broken_ways=person.has_broken_way,
        unread=person.unread,
        ways=person.ways,
        places=person.own_places,
        invites=_open_invites(viewer, now),
        way_until=person.way_until,
        is_paper_due=is_paper_due(viewer=viewer, now=now),
    )


def _person(viewer: Viewer, now: datetime) -> Any:
    """The viewer's row, with what is to be known or counted about them beside it, in one query."""
    me = {"network_id": viewer.network.id, "person_id": own_id(viewer=viewer)}
    ways = models.Address.objects.filter(**me, removed_at=None)
    came_back = AddressHealth.objects.filter(
        network_id=viewer.network.id, address_id__in=ways.values("id"), failed_at__isnull=False
    ).exclude(worked_at__gt=F("failed_at"))
    unread = Notice.objects.filter(
        has_come(now),
        network_id=viewer.network.id,
        recipient_id=me["person_id"],
        seen_at=None,
        answered_at=None,
    )
    asked = models.JoinRequest.objects.filter(
        network_id=viewer.network.id, state=RequestState.ASKED, expires_at__gt=now
    )
    return models.Person.objects.annotate(
        way_until=Subquery(
            CheckIn.objects.filter(**me, ended_at=None, looks_ended_at=None).values("due_at")
        ),
        ways=_counted(ways.filter(verified_at__isnull=False, stopped_at=None)),
        own_places=_counted(models.Place.objects.filter(**me)),
        has_broken_way=Exists(came_back),
        unread=_counted(unread),
        at_the_door=_counted(asked),
        texts=_counted(waiting_texts(network_id=viewer.network.id)),
    ).get(network_id=viewer.network.id, id=me["person_id"])


def _counted(rows: "QuerySet[Any]") -> Coalesce:
    """How many rows these are, as a part of a larger query."""
    together = rows.order_by().values("network_id").annotate(n=Count("id")).values("n")
    return Coalesce(Subquery(together, output_field=IntegerField()), 0)


def _roles(viewer: Viewer, now: datetime) -> list[OwnRole]:
    """What one holds, in the order it ends."""
    rows = (
        models.Mandate.objects.filter(
            network_id=viewer.network.id,
            person_id=own_id(viewer=viewer),
            ended_at=None,
            from_at__lte=now,
            until_at__gt=now,
        )
        .select_related("circle")
        .order_by("until_at", "id")
    )
    return [
        OwnRole(
            words=role_words(row.role),
            circle=row.circle.name if row.circle else "",
            until_at=row.until_at,
        )
        for row in rows
    ]


def _trainings_ending(viewer: Viewer, now: datetime) -> list[TrainingEnding]:
    today = now.astimezone(viewer.network.zoneinfo).date()
    rows = models.TrainedRole.objects.filter(
        network_id=viewer.network.id,
        person_id=own_id(viewer=viewer),
        ended_at=None,
        confirmed_at__isnull=False,
        until_on__gt=today,
        until_on__lte=today + SOON,
    ).order_by("until_on", "id")
    known = set(Trained)
    return [
        TrainingEnding(words=TRAINED_WORDS[Trained(row.role)], until_on=row.until_on)
        for row in rows
        if row.role in known
    ]


def _open_invites(viewer: Viewer, now: datetime) -> list[datetime]:
    return list(
        models.Invite.objects.filter(
            network_id=viewer.network.id,
            inviter_id=own_id(viewer=viewer),
            used_at=None,
            revoked_at=None,
            expires_at__gt=now,
        )
        .order_by("expires_at", "id")
        .values_list("expires_at", flat=True)
    )

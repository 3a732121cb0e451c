"""Rows of needs and promises as the rules see them; for this area's own actions and pages."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet

from porchlight.alerts.queries.around import never_asked
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.blocks import all_blocked
from porchlight.people.queries.neighbours import choices
from porchlight.people.queries.own import own_id
from porchlight.people.queries.pods import people_of_pod
from porchlight.sharing.models import Match, Need, SharingEvent
from porchlight.sharing.rules.needs import FEWEST_TOLD, TOLD_EVERY, Asked, Meeting
from porchlight.sharing.rules.states import LIVE, WANTS_HELP, MatchState, NeedState

UNWANTED = Q(state=MatchState.DECLINED) | Q(state=MatchState.CANCELLED, confirmed_at__isnull=False)
"""Promises after which whoever asks does not want to be asked by this helper again."""


def as_asked(row: Need, is_under_18: bool) -> Asked:
    """A need as the rules see it."""
    return Asked(
        state=NeedState(row.state),
        seats=row.seats,
        meeting=Meeting(row.meeting),
        is_under_18=is_under_18,
    )


def names_around(*, viewer: Viewer) -> frozenset[str]:
    """The viewer's own name and those of everybody in a circle with them. Costs: three queries."""
    return frozenset(one.name for one in choices(viewer=viewer, and_me=True))


def pod_mates(*, viewer: Viewer, person_id: UUID) -> frozenset[UUID]:
    """Everybody who is in a pod with somebody now, without them. Costs: one query."""
    return people_of_pod(viewer=viewer, person_id=person_id) - {person_id}


def promised_by(*, viewer: Viewer, person_id: UUID) -> int:
    """How many promises of somebody are live. Costs: one query."""
    return Match.objects.filter(
        network_id=viewer.network.id, helper_id=person_id, state__in=LIVE
    ).count()


def asked_by(*, viewer: Viewer, person_id: UUID) -> int:
    """How many needs of somebody are open. Costs: one query."""
    return Need.objects.filter(
        network_id=viewer.network.id, asker_id=person_id, state__in=WANTS_HELP
    ).count()


def agreed_of(*, need: Need, viewer: Viewer | None = None) -> list[Match]:
    """The promises to a need that are agreed and not done, oldest first."""
    return list(need.matches.filter(state=MatchState.CONFIRMED).order_by("confirmed_at", "id"))


@dataclass(frozen=True, kw_only=True)
class Special:
    """What of the board is different for one viewer. Everything else is the same for everybody."""

    hidden_askers: frozenset[UUID]
    """The viewer, and whoever must not meet them."""
    promised: frozenset[UUID]
    """Needs to which the viewer has a live promise: shown also where nobody more is wanted."""
    unwanted: frozenset[UUID]
    """Needs whose askers do not want to be asked by the viewer again."""


def special_for(*, viewer: Viewer) -> Special:
    """What is different for this viewer. Costs: two queries."""
    me = own_id(viewer=viewer)
    own = list(
        Match.objects.filter(network_id=viewer.network.id, helper_id=me)
        .annotate(is_unwanted=ExpressionWrapper(UNWANTED, BooleanField()))
        .values_list("need_id", "state", "is_unwanted")
    )
    return Special(
        hidden_askers=frozenset({me, *all_blocked(viewer=viewer)}),
        promised=frozenset(need_id for need_id, state, _is_unwanted in own if state in LIVE),
        unwanted=frozenset(need_id for need_id, _state, is_unwanted in own if is_unwanted),
    )


def waiting(*, viewer: Viewer, now: datetime) -> "QuerySet[Need]":
    """What is open here and not over, whoever asks.

    Whoever left or died has nothing open: it ends with them, in the same transaction.
    """
    return Need.objects.filter(
        network_id=viewer.network.id, state__in=sorted(WANTS_HELP), until_at__gt=now
    )


def open_needs(*, viewer: Viewer, special: Special, now: datetime) -> "QuerySet[Need]":
    """What waits for somebody here and now, as this viewer may know of it.

    Left out without a word: what has as many helpers as it wants, what is the viewer's own, and
    whoever is kept apart from the viewer or does not want to be asked by them again.
    """
    rows = waiting(viewer=viewer, now=now).filter(
        Q(taken__lt=F("seats")) | Q(id__in=list(special.promised))
    )
    return rows.exclude(asker_id__in=list(special.hidden_askers)).exclude(
        id__in=list(special.unwanted)
    )


def may_tell_pod(*, viewer: Viewer, now: datetime) -> bool:
    """Whether the viewer's pod may be told, without a name, that somebody of it asks: enough people
    who could be meant, and not more than once a day. Costs: at most three queries."""
    me = own_id(viewer=viewer)
    lately = SharingEvent.objects.filter(
        network_id=viewer.network.id, actor_id=me, verb="told_pod", at__gt=now - TOLD_EVERY
    )
    return not lately.exists() and len(adults_of_pod(viewer=viewer, person_id=me)) >= FEWEST_TOLD


def adults_of_pod(*, viewer: Viewer, person_id: UUID) -> frozenset[UUID]:
    """Those of `pod_mates` who are 18: others are asked for nothing. Costs: two queries.

    For the program's own decisions; never shown.
    """
    near = pod_mates(viewer=viewer, person_id=person_id)
    return near - never_asked(viewer=viewer, person_ids=near)

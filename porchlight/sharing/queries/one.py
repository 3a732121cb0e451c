"""One need as the asker, an agreed helper and everybody else may read it; and one's own list."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from porchlight.kit import vault
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.blocks import all_blocked, kept_apart
from porchlight.people.queries.own import own_id
from porchlight.people.rules.rights import Level
from porchlight.sharing.models import Match, Need, NeedWords
from porchlight.sharing.queries.board import Card, card_of
from porchlight.sharing.queries.rows import as_asked, pod_mates
from porchlight.sharing.rules.needs import (
    MEETING_FOR_HELPER,
    MEETING_WORDS,
    WORDS,
    Meeting,
    may_read_words,
)
from porchlight.sharing.rules.repeats import REPEAT_WORDS, repeat_of, times_after
from porchlight.sharing.rules.states import (
    LIVE,
    MATCH_WORDS,
    NEED_WORDS,
    TAKES_A_PLACE,
    WANTS_HELP,
    MatchState,
    NeedState,
)


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One helper's promise, as the two it is between see it."""

    id: UUID
    name: str
    """Of the helper, for whoever asks; of whoever asks, for the helper once it is agreed."""
    person_id: UUID | None
    """Whose name it is; none where there is no name."""
    state: MatchState
    words: str
    """Marked words of the state."""
    i_said_done: bool
    they_said_done: bool
    is_thanked: bool

    @property
    def is_offered(self) -> bool:
        return self.state is MatchState.OFFERED

    @property
    def is_agreed(self) -> bool:
        return self.state is MatchState.CONFIRMED

    @property
    def is_done(self) -> bool:
        return self.state is MatchState.DONE


@dataclass(frozen=True, kw_only=True)
class NeedPage:
    """One need as the viewer may read it."""

    card: Card
    state: NeedState
    state_words: str
    is_open: bool
    is_mine: bool
    may_offer: bool
    promises: list[Promise]
    """For whoever asks: who offered and who is agreed."""
    promise: Promise | None
    """The viewer's own."""
    meeting: str
    """Marked words; empty for whoever has not agreed."""
    pod_may_come_alone: bool
    needs_two: bool
    """Two must agree before they read where to come."""
    waits_for_second: bool
    """The viewer is agreed and reads where to come as soon as a second one is."""
    closed_at: datetime | None
    repeats: str
    """Marked words of how often it is asked for; empty for once."""
    times_after: int
    """How many times follow after this one."""
    shared_as: str
    """Of its link outside, for whoever asks; empty where there is none."""
    through_desk: bool
    """Whoever asks has no account: the desk answers for them, and tells them who comes."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of one's own list."""

    id: UUID
    card: Card
    state: str
    """Marked words."""
    is_open: bool
    offers: int
    """Offers of help that wait for the viewer's answer."""


@dataclass(frozen=True, kw_only=True)
class Mine:
    """What somebody asked for and what they promised: what is open first, then the newest."""

    asked: list[Line]
    promised: list[Line]


MOST_LINES = 50


def need_page(*, viewer: Viewer, need_id: UUID, now: datetime) -> NeedPage:
    """One need.

    Refuses: NotHere for one of somebody the viewer is kept apart from, unless they promised help
    there before: then it says that it is not needed, as it does to others. Once it is over, NotHere
    for everybody but the two it was between, and those who were asked: they read that it is over.
    Costs: at most seven queries.
    """
    me = own_id(viewer=viewer)
    row = (
        Need.objects.filter(network_id=viewer.network.id, id=need_id)
        .select_related("asker")
        .first()
    )
    if row is None:
        raise NotHere
    is_mine, is_open = row.asker_id == me, row.state in WANTS_HELP
    matches = list(row.matches.select_related("helper").order_by("created_at", "id"))
    own = _own_of(matches, me)
    took_part = own is not None and own.confirmed_at is not None
    apart = (
        frozenset() if is_mine else kept_apart(viewer=viewer, person_id=me, others=[row.asker_id])
    )
    is_on_board = is_open and not apart and row.asker.left_at is None
    may_see = is_mine or took_part or is_on_board or (is_open and own is not None)
    if not may_see and (apart or not row.proposals.filter(helper_id=me).exists()):
        raise NotHere
    agreed = [match for match in matches if match.state == MatchState.CONFIRMED]
    is_agreed = own is not None and own.state in TAKES_A_PLACE and not apart
    card = card_of(row, now, viewer.network.zoneinfo)
    words = MEETING_WORDS if is_mine else MEETING_FOR_HELPER
    return NeedPage(
        card=card,
        state=NeedState(row.state),
        state_words=NEED_WORDS[NeedState(row.state)],
        is_open=is_open,
        is_mine=is_mine,
        may_offer=_may_offer(row, matches, own, now),
        promises=_promises(viewer, row, matches) if is_mine else [],
        promise=None
        if own is None
        else _promise(own, row.asker.name if took_part and not apart else "", me),
        meeting=words[Meeting(row.meeting)] if is_mine or is_agreed else "",
        pod_may_come_alone=not row.asker.is_under_18,
        needs_two=row.meeting == Meeting.INSIDE or row.asker.is_under_18,
        waits_for_second=is_agreed and not _may_read(viewer, row, own, len(agreed)),
        closed_at=row.closed_at,
        repeats=REPEAT_WORDS[repeat_of(row.repeats)] if row.repeats else "",
        times_after=times_after(row.repeats),
        shared_as=(row.shared_as or "") if is_mine else "",
        through_desk=row.asker.level == Level.GUEST,
    )


def _own_of(matches: list[Match], me: UUID) -> Match | None:
    """The viewer's promise that is live, else their newest."""
    mine = [match for match in matches if match.helper_id == me]
    live = [match for match in mine if match.state in LIVE]
    return live[-1] if live else mine[-1] if mine else None


def _may_offer(row: Need, matches: list[Match], own: Match | None, now: datetime) -> bool:
    """Whether the page has the button «I can help»; the action decides once more."""
    is_free = row.state in WANTS_HELP and row.taken < row.seats and row.until_at > now
    return is_free and (own is None or own.state in {MatchState.RELEASED, MatchState.LAPSED})


def _may_read(viewer: Viewer, row: Need, own: Match | None, agreed: int) -> bool:
    """Whether an agreed helper may read where to come now, also where somebody's age was put right
    since it was shown to them."""
    if own is None or own.state == MatchState.DONE:
        return True
    near = pod_mates(viewer=viewer, person_id=row.asker_id)
    asked = as_asked(row, row.asker.is_under_18)
    return may_read_words(asked, agreed=agreed, know_each_other=own.helper_id in near)


def _promises(viewer: Viewer, row: Need, matches: list[Match]) -> list[Promise]:
    """Who offered, is agreed or did it; not those who are kept apart from the asker by now."""
    shown = [m for m in matches if m.state in LIVE or m.state == MatchState.DONE]
    apart = kept_apart(
        viewer=viewer, person_id=row.asker_id, others=[match.helper_id for match in shown]
    )
    return [
        _promise(match, match.helper.name, row.asker_id)
        for match in shown
        if match.helper_id not in apart
    ]


def _promise(match: Match, name: str, me: UUID) -> Promise:
    is_helper = match.helper_id == me
    mine, theirs = match.helper_done_at, match.asker_done_at
    if not is_helper:
        mine, theirs = theirs, mine
    state = MatchState(match.state)
    return Promise(
        id=match.id,
        name=name,
        person_id=(match.need.asker_id if is_helper else match.helper_id) if name else None,
        state=state,
        words=MATCH_WORDS[state],
        i_said_done=mine is not None,
        they_said_done=theirs is not None,
        is_thanked=match.thanked_at is not None,
    )


def words_of(*, viewer: Viewer, need_id: UUID) -> str:
    """What the asker wrote for their helpers. For the asker; for others only behind
    `open_guarded`, which the door asks first. Empty where nothing was written or it is gone.

    Costs: one query.
    """
    row = NeedWords.objects.filter(network_id=viewer.network.id, need_id=need_id).first()
    if row is None or row.words_guarded is None:
        return ""
    return vault.reveal(row.words_guarded, purpose=WORDS, whose=need_id)


def mine(*, viewer: Viewer, now: datetime) -> Mine:
    """What the viewer asked for and what they promised.

    Costs: three queries.
    """
    me = own_id(viewer=viewer)
    apart = all_blocked(viewer=viewer)
    here = {"network_id": viewer.network.id}
    asked = Need.objects.filter(**here, asker_id=me).order_by("-created_at", "id")[:MOST_LINES]
    offers: dict[UUID, int] = {}
    waiting = Match.objects.filter(**here, need__asker_id=me, state=MatchState.OFFERED)
    for need_id, helper_id in waiting.values_list("need_id", "helper_id"):
        offers[need_id] = offers.get(need_id, 0) + (helper_id not in apart)
    promised = (
        Match.objects.filter(**here, helper_id=me)
        .filter(Q(state__in=LIVE) | Q(confirmed_at__isnull=False))
        .select_related("need")
        .order_by("-created_at", "id")[:MOST_LINES]
    )
    return Mine(
        asked=_open_first(
            [
                Line(
                    id=row.id,
                    card=card_of(row, now, viewer.network.zoneinfo),
                    state=NEED_WORDS[NeedState(row.state)],
                    is_open=row.state in WANTS_HELP,
                    offers=offers.get(row.id, 0),
                )
                for row in asked
            ]
        ),
        promised=_open_first(
            [
                Line(
                    id=row.need_id,
                    card=card_of(row.need, now, viewer.network.zoneinfo),
                    state=MATCH_WORDS[MatchState(row.state)],
                    is_open=row.state in LIVE,
                    offers=0,
                )
                for row in promised
            ]
        ),
    )


def _open_first(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: not line.is_open)

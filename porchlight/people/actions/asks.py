"""Asking to join a circle, asking somebody in, and answering."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.live import announce
from porchlight.kit.marks import gettext_noop
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.actions import buddies
from porchlight.people.actions.audit import note
from porchlight.people.actions.circles import door_of, enter_circle
from porchlight.people.actions.locking import lock_circle, lock_persons
from porchlight.people.actions.telling import ask_yes_or_no, close, say
from porchlight.people.queries.blocks import kept_apart
from porchlight.people.queries.circles import may_ask_for
from porchlight.people.queries.neighbours import is_in, neighbour, network_of
from porchlight.people.queries.own import own_id
from porchlight.people.rules.asks import ASK_LIFE, AskState, Why, why_not_moved
from porchlight.people.rules.circles import Kind, why_not_in

MEMBERSHIP_ASK = "membership_ask"
TOLD_AT_MOST = 10
"""In a big group those with a role are told, else the ten who are in it longest."""

ASKS_TO_JOIN = gettext_noop("A neighbour asks to join your group")
ASKS_TO_JOIN_POD = gettext_noop("A neighbour asks to join your pod")
LOOK_WHO = gettext_noop("Look on the page who it is, then answer.")
ASKS_YOU_IN = gettext_noop("A neighbour asks you into a group")
YOU_ARE_IN = gettext_noop("You are in")
WELCOME = gettext_noop("The group you asked said yes. Welcome.")
THEY_ARE_IN = gettext_noop("The neighbour you asked is in your group now")
NOT_NOW = gettext_noop("The group you asked can't take you in now")
ASK_ANOTHER = gettext_noop("You can ask another one.")
THEY_SAY_NO = gettext_noop("The neighbour you asked stays out for now")


@one_transaction
def ask_to_join(
    *, person_id: UUID, circle_id: UUID, source: str, client_key: UUID, now: datetime
) -> models.MembershipAsk:
    """Ask a circle to come in: any one of its people may answer, for fourteen days.

    Refuses: POD_FULL (full, or with somebody kept apart: the same sentence), HAS_A_POD, ALREADY_IN,
    ALREADY_ASKED, CLOSED; NotHere for circles this person may not ask.
    Tells: the people of the circle, except those kept apart from who asks.
    """
    person = models.Person.objects.filter(id=person_id, left_at=None).first()
    if person is None:
        raise NotHere
    viewer = Viewer.system(network_of(network_id=person.network_id), "asking to join")
    circle = lock_circle(network_id=person.network_id, circle_id=circle_id)
    lock_persons(network_id=person.network_id, person_ids=[person_id])
    rows = models.MembershipAsk.objects
    made = first_made(rows, network_id=person.network_id, source=source, client_key=client_key)
    if made is not None:
        return made
    allowed = may_ask_for(viewer=viewer, person_id=person_id)
    if circle.kind == Kind.HOUSEHOLD or (allowed is not None and circle.id not in allowed):
        raise NotHere
    why = why_not_in(door_of(circle=circle, person_id=person_id, now=now), oneself=True)
    if why is not None:
        raise Refusal(why)
    return _ask(
        circle=circle,
        person=person,
        by=person,
        to=_who_answers(viewer, circle, person_id),
        source=source,
        client_key=client_key,
        now=now,
    )


@one_transaction
def ask_somebody_in(
    *, viewer: Viewer, circle_id: UUID, person_id: UUID, client_key: UUID, now: datetime
) -> models.MembershipAsk:
    """Ask somebody of one's own circles into another of one's circles; they answer.

    Somebody kept apart from the viewer is asked in appearance only: nobody can tell.
    Refuses: POD_FULL, THEY_HAVE_A_POD, THEY_ARE_IN, THEY_WERE_ASKED; NotHere.
    Tells: who is asked.
    """
    me = own_id(viewer=viewer)
    neighbour(viewer=viewer, person_id=person_id)
    circle = lock_circle(network_id=viewer.network.id, circle_id=circle_id)
    persons = lock_persons(network_id=viewer.network.id, person_ids=[me, person_id])
    made = first_made(
        models.MembershipAsk.objects,
        network_id=viewer.network.id,
        source=viewer.source,
        client_key=client_key,
    )
    if made is not None:
        return made
    if not is_in(circle_id=circle.id, person_id=me):
        raise NotHere
    why = why_not_in(door_of(circle=circle, person_id=person_id, now=now), oneself=False)
    if why is not None:
        raise Refusal(why)
    apart = kept_apart(viewer=viewer, person_id=me, others=[person_id])
    return _ask(
        circle=circle,
        person=persons[person_id],
        by=persons[me],
        to=[] if apart else [person_id],
        source=viewer.source,
        client_key=client_key,
        now=now,
    )


@one_transaction
def answer_ask(*, viewer: Viewer, ask_id: UUID, yes: bool, now: datetime) -> models.MembershipAsk:
    """Say yes or no to an ask: any adult of the circle, or who was asked in. The first counts.

    Refuses: OVER, POD_FULL, THEY_HAVE_A_POD and the like; NotHere for people kept apart and others.
    Tells: who asked; on a yes also the people of the circle.
    """
    me = own_id(viewer=viewer)
    seen = models.MembershipAsk.objects.filter(network_id=viewer.network.id, id=ask_id).first()
    if seen is None:
        raise NotHere
    circle = lock_circle(network_id=viewer.network.id, circle_id=seen.circle_id)
    lock_persons(network_id=viewer.network.id, person_ids=[seen.person_id])
    ask = models.MembershipAsk.objects.select_for_update(no_key=True).get(id=ask_id)
    _may_answer(viewer, me, circle, ask)
    to = AskState.ACCEPTED if yes else AskState.DECLINED
    why = why_not_moved(AskState(ask.state), to)
    if why is not None or ask.expires_at <= now:
        raise Refusal(why or Why.OVER)
    _settle(ask, to, by_id=me, now=now)
    if yes:
        enter_circle(
            circle=circle,
            person_id=ask.person_id,
            by_id=me,
            source="ask",
            client_key=ask.id,
            now=now,
        )
    note(
        network_id=viewer.network.id,
        verb="people.ask_answered",
        now=now,
        actor_id=me,
        thing_id=ask.id,
        answer=to,
    )
    _tell_the_answer(circle, ask, yes=yes, now=now)
    return ask


@one_transaction
def withdraw_ask(*, viewer: Viewer, ask_id: UUID, now: datetime) -> None:
    """Take one's own ask back. Twice is the same as once.

    Refuses: OVER when it was answered; NotHere for asks of others.
    """
    me = own_id(viewer=viewer)
    lock_persons(network_id=viewer.network.id, person_ids=[me])
    ask = (
        models.MembershipAsk.objects.select_for_update(no_key=True)
        .filter(network_id=viewer.network.id, id=ask_id, asked_by_id=me)
        .first()
    )
    if ask is None:
        raise NotHere
    if ask.state == AskState.WITHDRAWN:
        return
    why = why_not_moved(AskState(ask.state), AskState.WITHDRAWN)
    if why is not None:
        raise Refusal(why)
    _settle(ask, AskState.WITHDRAWN, by_id=me, now=now)
    note(
        network_id=viewer.network.id,
        verb="people.ask_withdrawn",
        now=now,
        actor_id=me,
        thing_id=ask.id,
    )


@one_transaction
def answer_from_notice(
    *,
    network_id: UUID,
    topic_id: UUID,
    about: UUID | None,
    kind: str,
    recipient_id: UUID,
    answer: str,
    now: datetime,
    **_: object,
) -> bool | None:
    """Take a one-tap answer to a notice. None: not ours. False: too late, nothing changed.

    Tells: on False, the person who answered, why.
    """
    if kind not in {MEMBERSHIP_ASK, buddies.BUDDY_ASK} or about is None:
        return None
    if answer not in {"yes", "no"}:
        return False
    viewer = Viewer(network=network_of(network_id=network_id), person_id=recipient_id)
    try:
        with transaction.atomic():
            if kind == MEMBERSHIP_ASK:
                answer_ask(viewer=viewer, ask_id=about, yes=answer == "yes", now=now)
            else:
                buddies.answer_buddy(viewer=viewer, buddy_id=about, yes=answer == "yes", now=now)
    except (NotHere, Refusal) as no:
        # The tap came from a phone or the bell: the sentence goes back the same way.
        why = no.why if isinstance(no, Refusal) else Why.OVER
        say(
            network_id=network_id,
            person_ids=[recipient_id],
            kind="too_late",
            about=about,
            title=str(why.value),
            line="",
            page="people:pod",
            now=now,
        )
        return False
    return True


def _ask(
    *,
    circle: models.Circle,
    person: models.Person,
    by: models.Person,
    to: list[UUID],
    source: str,
    client_key: UUID,
    now: datetime,
) -> models.MembershipAsk:
    """Write the ask and tell those who answer it. Both rows are locked."""
    waiting = models.MembershipAsk.objects.filter(
        circle=circle, person=person, state=AskState.ASKED
    ).first()
    if waiting is not None and waiting.expires_at > now:
        raise Refusal(Why.ALREADY_ASKED if person == by else Why.THEY_WERE_ASKED)
    if waiting is not None:
        _settle(waiting, AskState.EXPIRED, by_id=None, now=now)
    ask = models.MembershipAsk.objects.create(
        network_id=circle.network_id,
        source=source,
        client_key=client_key,
        created_at=now,
        circle=circle,
        person=person,
        asked_by=by,
        state=AskState.ASKED,
        expires_at=now + ASK_LIFE,
    )
    note(
        network_id=circle.network_id,
        verb="people.asked_to_join" if person == by else "people.asked_somebody_in",
        now=now,
        actor_id=by.id,
        thing_id=circle.id,
    )
    ask.topic_id = ask_yes_or_no(
        network_id=circle.network_id,
        person_ids=to,
        kind=MEMBERSHIP_ASK,
        about=ask.id,
        title=_title(circle, is_own=person == by),
        line=LOOK_WHO,
        page="people:pod" if circle.kind == Kind.POD else "people:groups",
        until=ask.expires_at,
        now=now,
    )
    ask.save(update_fields=["topic_id"])
    announce(f"circle:{circle.id}")
    return ask


def _settle(ask: models.MembershipAsk, to: AskState, *, by_id: UUID | None, now: datetime) -> None:
    ask.state = to
    ask.answered_at = now
    ask.answered_by_id = by_id
    ask.save(update_fields=["state", "answered_at", "answered_by"])
    close(ask=ask, now=now)


def _may_answer(viewer: Viewer, me: UUID, circle: models.Circle, ask: models.MembershipAsk) -> None:
    if ask.asked_by_id != ask.person_id:
        if me != ask.person_id or kept_apart(viewer=viewer, person_id=me, others=[ask.asked_by_id]):
            raise NotHere
        if not is_in(circle_id=circle.id, person_id=ask.asked_by_id):
            raise Refusal(Why.OVER)
        return
    if (
        not is_in(circle_id=circle.id, person_id=me)
        or _young([me])
        or kept_apart(viewer=viewer, person_id=me, others=[ask.person_id])
    ):
        raise NotHere


def _young(person_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these who are under 18: they let nobody in (SAFETY.md, «Under 18»)."""
    rows = models.Person.objects.filter(id__in=list(person_ids), is_under_18=True)
    return frozenset(rows.values_list("id", flat=True))


def _who_answers(viewer: Viewer, circle: models.Circle, person_id: UUID) -> list[UUID]:
    """Who is told of an ask: all of a pod; of a bigger group who has a role, else the first ten."""
    people = list(
        models.Membership.objects.filter(circle=circle, until_at=None)
        .order_by("from_at", "id")
        .values_list("person_id", flat=True)
    )
    apart = kept_apart(viewer=viewer, person_id=person_id, others=people)
    left_out = apart | _young(people)
    people = [one for one in people if one not in left_out]
    if circle.kind in {Kind.POD, Kind.HOUSEHOLD} or len(people) <= TOLD_AT_MOST:
        return people
    with_role = set(
        models.Mandate.objects.filter(circle=circle, ended_at=None).values_list(
            "person_id", flat=True
        )
    )
    return [one for one in people if one in with_role][:TOLD_AT_MOST] or people[:TOLD_AT_MOST]


def _title(circle: models.Circle, *, is_own: bool) -> str:
    if not is_own:
        return ASKS_YOU_IN
    return ASKS_TO_JOIN_POD if circle.kind == Kind.POD else ASKS_TO_JOIN


def _tell_the_answer(
    circle: models.Circle, ask: models.MembershipAsk, *, yes: bool, now: datetime
) -> None:
    if ask.asked_by_id == ask.person_id:
        title, line = (YOU_ARE_IN, WELCOME) if yes else (NOT_NOW, ASK_ANOTHER)
    else:
        title, line = (THEY_ARE_IN if yes else THEY_SAY_NO), ""
    say(
        network_id=ask.network_id,
        person_ids=[ask.asked_by_id],
        kind="membership_answer",
        about=circle.id,
        title=title,
        line=line,
        page="people:pod" if circle.kind == Kind.POD else "people:groups",
        now=now,
    )

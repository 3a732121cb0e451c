"""What goes on in the demo today: hellos, asks, invites, somebody at the door, news in the bells.

All of it through the actions people use, so that it looks and answers like the real thing.
"""

from datetime import datetime, time, timedelta
from uuid import UUID

from porchlight.home.actions.demo.pen import Pen
from porchlight.home.rules.plan import ASKED_POD, new_id
from porchlight.kit.marks import gettext_noop
from porchlight.kit.network import Network
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import mark_seen, open_topic, tell
from porchlight.notices.rules import Urgency, Wording
from porchlight.people import models
from porchlight.people.actions.asking import ask_at_the_door
from porchlight.people.actions.asks import ask_to_join
from porchlight.people.actions.buddies import ask_buddy
from porchlight.people.actions.invites import make_invite
from porchlight.people.actions.network_rules import set_rule
from porchlight.people.queries.reaching import recipients
from porchlight.people.queries.signing_in import as_network

NEWS_LIFE = timedelta(days=14)
WELCOME = gettext_noop("Somebody new came to your street")
SAY_HELLO = gettext_noop("Say hello when you meet.")
RULE = gettext_noop("A rule of your neighbourhood changed")
READ_IT = gettext_noop("Everybody can read it, and why.")
RULES: tuple[tuple[str, int | list[str], str], ...] = (
    ("areas.on", ["alerts", "sharing"], "We begin with helping each other. More when we want it."),
    ("invites.open_per_member", 5, "Many people moved into the Garden Flats this spring."),
    ("vouches.per_week", 2, "So that new people do not wait for weeks."),
)
AT_THE_DOOR = (
    ("Nour", "I moved into Mill Lane 12 last week. Huda knows me.", "ar"),
    ("Eva", "Green bicycle, small dog. I met Otto at the market.", "en"),
)


@one_transaction
def write_hellos(*, pen: Pen, network: Network) -> None:
    """Who said hello today."""
    today = pen.now.astimezone(network.zoneinfo).date()
    midnight = datetime.combine(today + timedelta(days=1), time.min, tzinfo=network.zoneinfo)
    pen.write(
        models.Hello(network_id=pen.network_id, person_id=person.id, day=today, expires_at=midnight)
        for person in pen.plan.people
        if person.says_hello
    )


@one_transaction
def write_rules(*, pen: Pen, network: Network) -> None:
    """What the first assemblies decided."""
    for days_ago, (key, value, reason) in zip((400, 120, 60), RULES, strict=True):
        set_rule(
            viewer=Viewer.system(network, "demo"),
            key=key,
            value=value,
            reason=reason,
            decided_by=new_id(pen.dice),
            from_at=pen.ago(days_ago),
            client_key=new_id(pen.dice),
            now=pen.ago(days_ago),
        )


@one_transaction
def write_asks(*, pen: Pen, network: Network, pods: dict[str, models.Circle]) -> None:
    """Somebody asks for a seat in Sofie's pod, and a neighbour asks to be her buddy."""
    asker = next(one for one in pen.plan.people if one.pod is None and one.name != "Tomás")
    ask_to_join(
        person_id=asker.id,
        circle_id=pods[pen.plan.pods[ASKED_POD]].id,
        source=f"person:{asker.id}",
        client_key=new_id(pen.dice),
        now=pen.ago(0.2),
    )
    sofie = pen.plan.by_name["Sofie"]
    taken = _buddies_of(sofie.id)
    near = [
        one
        for one in pen.plan.pod_people(ASKED_POD)
        if one.id not in taken | {sofie.id} and not one.is_under_18
    ]
    ask_buddy(
        viewer=pen.as_viewer(near[0], network),
        person_id=sofie.id,
        client_key=new_id(pen.dice),
        now=pen.ago(0.1),
    )


def _buddies_of(person_id: UUID) -> set[UUID]:
    pairs = models.Buddy.objects.filter(asker_id=person_id) | models.Buddy.objects.filter(
        asked_id=person_id
    )
    return {one for pair in pairs.values_list("asker_id", "asked_id") for one in pair}


@one_transaction
def write_door(*, pen: Pen, network: Network) -> None:
    """Two people who scanned the poster and wait for an answer."""
    for name, words, language in AT_THE_DOOR:
        ask_at_the_door(
            network=network,
            name=name,
            recognised_by=words,
            language=language,
            client_key=new_id(pen.dice),
            now=pen.ago(1.1),
        )


@one_transaction
def write_invites(*, pen: Pen, network: Network, pods: dict[str, models.Circle]) -> None:
    """Invites that nobody has used yet, two of them Sofie's."""
    sofie = pen.plan.by_name["Sofie"]
    others = pen.dice.sample([one for one in pen.plan.adults if one.pod is not None], k=4)
    for number, person in enumerate([sofie, sofie, *(one for one in others if one is not sofie)]):
        in_pod = person.pod is not None and number % 2 == 0
        make_invite(
            viewer=pen.as_viewer(person, network),
            circle_id=pods[pen.plan.pods[person.pod or 0]].id if in_pod else None,
            client_key=new_id(pen.dice),
            now=pen.ago(number * 0.7),
        )


@one_transaction
def write_news(*, pen: Pen, network: Network) -> None:
    """News in everybody's bell and on their phones; most people have read the older one."""
    everybody = [person.id for person in pen.plan.people]
    first = _tell(pen, network, everybody, title=RULE, line=READ_IT, days_ago=3)
    readers = [one for one in zip(everybody, first, strict=True) if pen.dice.random() < 0.6]
    for person_id, notice_id in readers:
        viewer = Viewer(network=network, person_id=person_id)
        mark_seen(viewer=viewer, notice_id=notice_id, now=pen.ago(2))
    near = [one.id for one in pen.plan.people if one.pod == ASKED_POD]
    _tell(pen, network, near, title=WELCOME, line=SAY_HELLO, days_ago=0)


def _tell(
    pen: Pen, network: Network, people: list[UUID], *, title: str, line: str, days_ago: float
) -> list[UUID]:
    at = pen.ago(days_ago)
    topic_id = open_topic(
        network_id=network.id, about=None, kind="demo", now=at, expires_at=at + NEWS_LIFE
    )
    told = recipients(viewer=Viewer.system(network, "demo"), person_ids=people)
    found = tell(
        network_id=network.id,
        topic_id=topic_id,
        recipients=told,
        wording=Wording(title=title, line=line),
        urgency=Urgency.ORDINARY,
        path=f"/n/{network.slug}/",
        now=at,
        expires_at=at + NEWS_LIFE,
    )
    by_person = {person.id: notice for person, notice in zip(told, found, strict=True)}
    return [by_person[person_id] for person_id in people]


@one_transaction
def write_today(*, pen: Pen, row: models.Network, pods: dict[str, models.Circle]) -> None:
    """Everything that is going on in Linden Street."""
    network = as_network(row)
    write_hellos(pen=pen, network=network)
    write_rules(pen=pen, network=network)
    write_asks(pen=pen, network=network, pods=pods)
    write_door(pen=pen, network=network)
    write_invites(pen=pen, network=network, pods=pods)
    write_news(pen=pen, network=network)

"""What neighbours of the demo need today: some of it waits long, Sofie's has an answer to give."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from porchlight.home.actions.demo.pen import Pen
from porchlight.home.rules.plan import PlannedPerson, new_id
from porchlight.kit import cells
from porchlight.kit.network import Network
from porchlight.kit.transactions import one_transaction
from porchlight.people.rules.hours import Hours, blocks_in
from porchlight.sharing.actions.asking import ask_for
from porchlight.sharing.actions.helping import answer_offer, offer_help, say_done
from porchlight.sharing.actions.offers import save_offer
from porchlight.sharing.models import Match, Need
from porchlight.sharing.rules.availability import ALWAYS, parts_of
from porchlight.sharing.rules.categories import Category
from porchlight.sharing.rules.needs import Meeting
from porchlight.sharing.rules.offers import Ability, Offered
from porchlight.sharing.rules.times import Part, When
from porchlight.sharing.rules.wanted import Wanted

Asked = tuple[float, Wanted]
"""How many days ago, and what."""
SOFIES: Asked = (
    0.4,
    Wanted(
        category=Category.CARRY, line="A wardrobe up two flights of stairs", when=When.WEEK,
        helpers=2, words="Ring at the green bell. Bring gloves; the wardrobe stands in the hall.",
    ),
)  # fmt: skip
MET = Wanted(category=Category.ERRAND, line="A parcel to the post office", when=When.WEEK)
OTHERS: tuple[Asked, ...] = (
    (5.2, Wanted(category=Category.LETTER, line="Read a council letter with me",
                 when=When.FORTNIGHT, words="I am home after four.")),
    (2.6, Wanted(category=Category.FOOD, line="Milk, bread and something warm", when=When.WEEK,
                 people=3, words="Third floor, the lift works.")),
    (1.3, Wanted(category=Category.REPAIR, line="A tap that drips all night", when=When.WEEK,
                 meeting=Meeting.INSIDE, words="Under the kitchen sink. Somebody is always in.")),
    (0.3, Wanted(category=Category.RIDE, line="A lift to the market and back", when=When.TOMORROW,
                 part=Part.MORNING, words="I walk with a stick and wait in front of the house.")),
    (0.2, Wanted(category=Category.ANIMAL, line="Somebody who walks a small dog", when=When.WEEK,
                 words="He is called Pip and pulls a little.")),
    (0.1, Wanted(category=Category.THING, line="A tall ladder for an afternoon", when=When.WEEK,
                 part=Part.AFTERNOON, words="I fetch it and bring it back.")),
)  # fmt: skip


OFFERS: tuple[tuple[Offered, ...], ...] = (
    # Sofie's own; the others are of whoever the dice chose to ask for nothing.
    (
        Offered(category=Category.LETTER, parts=ALWAYS, a_week=2),
        Offered(category=Category.FOOD, parts=ALWAYS, a_week=1),
    ),
    (Offered(category=Category.RIDE, parts=ALWAYS, can=frozenset({Ability.CAR}), a_week=3),),
    (Offered(category=Category.REPAIR, parts=parts_of(blocks_in(Hours.EVENINGS)), a_week=1),),
    (Offered(category=Category.ANIMAL, parts=parts_of(blocks_in(Hours.WEEKENDS)), a_week=7),),
)


@one_transaction
def write_needs(*, pen: Pen, network: Network, middle: str) -> None:
    """Seven needs on the board; one was met yesterday, somebody offers to help Sofie, and a few
    offered what they do now and then: the task puts needs before them."""
    sofie = pen.plan.by_name["Sofie"]
    mates = [
        one
        for one in pen.plan.pod_people(sofie.pod or 0)
        if one.id != sofie.id and not one.is_under_18
    ]
    strangers = [one for one in pen.plan.adults if one.pod not in {None, sofie.pod}]
    _offer(pen, network, _ask(pen, network, sofie, SOFIES, middle), mates[0])
    askers = pen.dice.sample(strangers, k=len(OTHERS) + 2)
    near = cells.around(middle, 1)
    for number, (asker, asked) in enumerate(zip(askers, OTHERS, strict=False)):
        _ask(pen, network, asker, asked, near[number % len(near)])
    _meet(pen, network, *askers[-2:], cell=middle)
    # They were asked for days ago, and the task that asks helpers begins now.
    Need.objects.filter(network_id=network.id, asks_at__isnull=False).update(asks_at=pen.now)
    busy = {sofie.id, *(one.id for one in askers)}
    free = [one for one in pen.plan.adults if one.is_member and one.id not in busy]
    keys = Random(SOFIES[1].line)  # noqa: S311  # dice of its own: what follows stays as it was
    for who, offers in zip([sofie, *free], OFFERS, strict=False):
        for offered in offers:
            save_offer(
                viewer=pen.as_viewer(who, network), offered=offered, client_key=new_id(keys),
                now=pen.now,
            )  # fmt: skip


def _ask(pen: Pen, network: Network, asker: PlannedPerson, asked: Asked, cell: str) -> Need:
    days_ago, wanted = asked
    return ask_for(
        viewer=pen.as_viewer(asker, network),
        wanted=replace(wanted, cell=cell),
        client_key=new_id(pen.dice),
        now=pen.ago(days_ago),
    )


def _offer(pen: Pen, network: Network, need: Need, helper: PlannedPerson) -> Match:
    return offer_help(
        viewer=pen.as_viewer(helper, network),
        need_id=need.id,
        client_key=new_id(pen.dice),
        now=need.created_at + timedelta(hours=2),
    )


def _meet(
    pen: Pen, network: Network, asker: PlannedPerson, helper: PlannedPerson, *, cell: str
) -> None:
    """One that was met yesterday, for the two lists of those it was between."""
    need = _ask(pen, network, asker, (1.5, MET), cell)
    match = _offer(pen, network, need, helper)
    at = match.created_at + timedelta(minutes=20)
    answer_offer(viewer=pen.as_viewer(asker, network), match_id=match.id, is_yes=True, now=at)
    for who in (helper, asker):
        say_done(viewer=pen.as_viewer(who, network), match_id=match.id, now=at + timedelta(hours=5))

"""Loading the demo neighbourhood, and taking it away again."""

from datetime import datetime
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password

from porchlight.home.actions.demo.calls import write_call
from porchlight.home.actions.demo.circles import (
    write_block,
    write_buddies,
    write_circles,
    write_founding_keepers,
    write_groups,
    write_mandates,
    write_trainings,
)
from porchlight.home.actions.demo.living import write_hellos, write_today
from porchlight.home.actions.demo.needs import write_needs
from porchlight.home.actions.demo.pen import Pen
from porchlight.home.actions.demo.persons import (
    write_addresses,
    write_logins,
    write_network,
    write_people,
)
from porchlight.home.actions.demo.places import write_places
from porchlight.home.actions.wiping import wait_for_our_turn, wipe
from porchlight.home.rules.cast import DEMO_SLUGS, PASSWORD
from porchlight.home.rules.demo import Why
from porchlight.home.rules.plan import SEED, Plan, linden, quay
from porchlight.kit.errors import Refusal
from porchlight.kit.transactions import one_transaction
from porchlight.people.models import Network
from porchlight.people.queries.signing_in import as_network


@one_transaction
def load_demo(*, now: datetime) -> bool:
    """Make Linden Street and Quay 9, whole or not at all. False: they are here already.

    Refuses: Why.ONLY_IN_DEMO on a production install, Why.NAME_TAKEN where a real network has
    one of their addresses.
    """
    if settings.IS_PRODUCTION:
        raise Refusal(Why.ONLY_IN_DEMO)
    wait_for_our_turn()
    here = dict(Network.objects.filter(slug__in=DEMO_SLUGS).values_list("slug", "is_demo"))
    if not all(here.values()):
        raise Refusal(Why.NAME_TAKEN)
    if len(here) == len(DEMO_SLUGS):
        return False
    # One slow hash for all six: the demo's password is printed on its first page anyway.
    password_hash = make_password(PASSWORD)
    for plan in (linden(), quay()):
        if plan.slug not in here:
            _write(plan, password_hash, now)
    return True


def _write(plan: Plan, password_hash: str, now: datetime) -> None:
    pen = Pen(plan=plan, dice=Random(SEED + len(plan.people)), now=now)  # noqa: S311  # a story
    network = write_network(pen=pen)
    write_people(pen=pen)
    write_logins(pen=pen, password_hash=password_hash)
    write_addresses(pen=pen)
    circles = write_circles(pen=pen)
    if plan.slug == DEMO_SLUGS[0]:
        write_groups(pen=pen, circles=circles)
        write_mandates(pen=pen, circles=circles)
        write_trainings(pen=pen)
        write_buddies(pen=pen)
        write_block(pen=pen)
        write_places(pen=pen, network=network)
        write_today(pen=pen, row=network, pods=circles)
        write_call(pen=pen, network=as_network(network))
        write_needs(pen=pen, network=as_network(network), middle=network.middle_cell)
    else:
        write_founding_keepers(pen=pen)
        write_hellos(pen=pen, network=as_network(network))


@one_transaction
def remove_demo(*, now: datetime) -> int:
    """Take the demo away: every row of every area that belongs to its networks. Returns how many.

    A network that is not the demo's own is never touched, whatever it is called.
    """
    wait_for_our_turn()
    return wipe(network_ids=list(Network.objects.filter(is_demo=True).values_list("id", flat=True)))

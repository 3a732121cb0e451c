"""Homes and usual ways of the demo, entered the way people enter them."""

from porchlight.home.actions.demo.pen import Pen
from porchlight.home.rules.plan import PlannedPerson, new_id
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.actions.places import add_place
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.hours import Hours, blocks_in, mask_of_blocks
from porchlight.people.rules.places import Entered, Kind, Where


@one_transaction
def write_places(*, pen: Pen, network: models.Network) -> None:
    """Everybody's home and ways; most people are home in the evening, some always."""
    for person in pen.plan.people:
        viewer = Viewer(network=as_network(network), person_id=person.id)
        for kind, entered in _entered(pen, person):
            add_place(
                viewer=viewer,
                client_key=new_id(pen.dice),
                kind=kind,
                entered=entered,
                now=pen.ago(max(person.joined_days_ago - 2, 0.2)),
            )


def _entered(pen: Pen, person: PlannedPerson) -> list[tuple[Kind, Entered]]:
    found: list[tuple[Kind, Entered]] = []
    if person.cell:
        hours = Hours.ALWAYS if pen.dice.random() < 0.4 else Hours.EVENINGS
        found.append((Kind.HOME, _home(person, hours)))
    for way in person.ways:
        where = Where(cells=way.cells, pin=None)
        mask = mask_of_blocks(way.blocks)
        entered = Entered(label=way.label, address="", door_note="", where=where, hours=mask)
        found.append((Kind.ROUTE, entered))
    return found


def _home(person: PlannedPerson, hours: Hours) -> Entered:
    return Entered(
        label="Home",
        address=f"{person.street} {person.house}",
        door_note="Second bell" if person.house % 3 == 0 else "",
        where=Where(cells=(person.cell,), pin=None),
        hours=mask_of_blocks(blocks_in(hours)),
    )

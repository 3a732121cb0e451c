"""One call for help of the day before yesterday, as it went: for the lists and the timeline."""

from datetime import timedelta
from uuid import UUID

from porchlight.alerts.actions.answering import answer, arrive, safe_home
from porchlight.alerts.actions.ending import end
from porchlight.alerts.actions.raising import raise_alert
from porchlight.alerts.rules.asking import Asking
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import EndedHow
from porchlight.alerts.rules.texts import Said
from porchlight.home.actions.demo.pen import Pen
from porchlight.home.rules.plan import new_id
from porchlight.kit.network import Network
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer

ASKER = "Sofie"
DAYS_AGO = 1.7
HELPERS = 3


@one_transaction
def write_call(*, pen: Pen, network: Network) -> None:
    """Sofie slipped; three of her pod came, and everybody was home an hour later."""
    asker = pen.plan.by_name[ASKER]
    mates = [
        person
        for person in pen.plan.pod_people(asker.pod or 0)
        if person.id != asker.id and not person.is_under_18
    ]
    at = pen.ago(DAYS_AGO)
    alert = raise_alert(
        viewer=_as(network, asker.id),
        asking=Asking(kind=Kind.HURT, in_a_hurry=True),
        client_key=new_id(pen.dice),
        now=at,
    )
    for number, person in enumerate(mates[:HELPERS], start=1):
        answer(
            network_id=network.id,
            alert_id=alert.id,
            person_id=person.id,
            said=Said.COMING,
            minutes=2 * number,
            channel="page",
            now=at + timedelta(seconds=40 * number),
        )
        arrive(
            viewer=_as(network, person.id),
            alert_id=alert.id,
            now=at + timedelta(minutes=2 * number + 1),
        )
    end(
        viewer=_as(network, asker.id),
        alert_id=alert.id,
        how=EndedHow.ALL_CLEAR,
        now=at + timedelta(minutes=35),
    )
    for number, person in enumerate(mates[:HELPERS]):
        safe_home(
            viewer=_as(network, person.id),
            alert_id=alert.id,
            now=at + timedelta(minutes=45 + number),
        )


def _as(network: Network, person_id: UUID) -> Viewer:
    """Somebody of the story; the program writes it."""
    return Viewer.system(network, "the demo's story", person_id=person_id)

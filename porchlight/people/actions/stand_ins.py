"""When somebody's roles end all at once, their groups are asked for stand-ins."""

from datetime import datetime
from uuid import UUID, uuid4

from porchlight.kit.marks import gettext_noop
from porchlight.kit.network import Network
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.actions.telling import say
from porchlight.people.queries.mandates import keepers
from porchlight.people.rules.rights import Level

ROLE_IS_FREE = gettext_noop("A role is free")
WHO_STANDS_IN = gettext_noop("Who stands in for a while? Open it to see which.")


@one_transaction
def ask_for_stand_ins(*, network: Network, person_id: UUID, now: datetime) -> None:
    """The group is asked, not one person: of a keeper's role everybody, where none is left."""
    held = models.Mandate.objects.filter(
        network_id=network.id, person_id=person_id, ended_at=None, until_at__gt=now
    )
    for mandate in held.order_by("id"):
        asked = _who_is_asked(network, mandate, now) - {person_id}
        if asked:
            say(
                network_id=network.id,
                person_ids=sorted(asked),
                kind="stand-in",
                about=uuid4(),  # not the role itself: it goes with the person
                title=ROLE_IS_FREE,
                line=WHO_STANDS_IN,
                page="people:roles",
                now=now,
            )


def _who_is_asked(network: Network, mandate: models.Mandate, now: datetime) -> set[UUID]:
    if mandate.circle_id is not None:
        inside = models.Membership.objects.filter(circle_id=mandate.circle_id, until_at=None)
        return set(inside.values_list("person_id", flat=True))
    found = keepers(viewer=Viewer.system(network, "stand-ins"), now=now) - {mandate.person_id}
    members = models.Person.objects.filter(
        network_id=network.id, left_at=None, hushed_at=None, level=Level.MEMBER
    )
    return set(found) or set(members.values_list("id", flat=True))

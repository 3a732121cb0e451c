"""How far somebody has come into the network."""

from datetime import datetime
from uuid import UUID

from porchlight.kit.marks import gettext_noop
from porchlight.kit.transactions import one_transaction
from porchlight.people.actions.asked import fit_reach
from porchlight.people.actions.audit import note
from porchlight.people.actions.locking import lock_persons
from porchlight.people.actions.telling import say
from porchlight.people.rules.rights import Level

YOU_ARE_A_MEMBER = gettext_noop("Your neighbours know you: you are a member now")
WHAT_THAT_MEANS = gettext_noop("You can see the groups, invite others and start something.")


@one_transaction
def raise_level(*, network_id: UUID, person_id: UUID, now: datetime) -> bool:
    """Make a newcomer a member. False when they were one already; never the other way round.

    Refuses: NotHere for people who left.
    Tells: the new member.
    """
    person = lock_persons(network_id=network_id, person_ids=[person_id])[person_id]
    if person.level != Level.NEWCOMER:
        return False
    person.level = Level.MEMBER
    person.save(update_fields=["level"])
    fit_reach(person=person)
    note(
        network_id=network_id,
        verb="people.level_raised",
        now=now,
        actor_id=None,
        thing_id=person_id,
    )
    say(
        network_id=network_id,
        person_ids=[person_id],
        kind="level",
        about=person_id,
        title=YOU_ARE_A_MEMBER,
        line=WHAT_THAT_MEANS,
        page="people:groups",
        now=now,
    )
    return True

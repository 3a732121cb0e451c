"""What somebody at the desk does: have more people asked, and leave a note for the next."""

from datetime import datetime
from uuid import UUID

from porchlight.kit import vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.transactions import one_transaction
from porchlight.kit.turns import wait_for_turn
from porchlight.kit.viewer import Viewer
from porchlight.people.actions.locking import lock_persons
from porchlight.people.queries.blocks import kept_apart
from porchlight.sharing.actions.core import write_down
from porchlight.sharing.actions.offers import ask_helpers
from porchlight.sharing.models import DeskNote, Need
from porchlight.sharing.queries.desk import at_desk, note_of
from porchlight.sharing.queries.rows import names_around
from porchlight.sharing.rules.desk import LONGEST_NOTE, NOTE, NOTE_STAYS, WhyNot
from porchlight.sharing.rules.public_line import has_number, names_somebody
from porchlight.sharing.rules.states import WANTS_HELP


@one_transaction
def ask_more(*, viewer: Viewer, need_id: UUID, now: datetime) -> int:
    """Put an open need before the next few who offered such help, also while others have not
    answered yet. Answers with how many.

    Refuses: nobody else fits; NotHere without the mandate, for what is over, and for what somebody
    asks for whom the viewer must not meet.
    Tells: whom it is put before.
    """
    me = at_desk(viewer=viewer)
    rows = Need.objects.filter(network_id=viewer.network.id, id=need_id, state__in=WANTS_HELP)
    need = rows.first()
    if need is None:
        raise NotHere
    if kept_apart(viewer=viewer, person_id=me, others=[need.asker_id]):
        raise NotHere
    asked = ask_helpers(network_id=viewer.network.id, need_id=need_id, now=now, more=True)
    if not asked:
        raise Refusal(WhyNot.NOBODY_ELSE)
    write_down(need=need, verb="desk_asked", actor_id=me, now=now)
    return asked


@one_transaction
def leave_note(*, viewer: Viewer, words: str, read_at: datetime | None, now: datetime) -> None:
    """Leave a note for the next at the desk, in place of the one that was there; empty: none.

    read_at: when the note was written that the writer had before them; None: there was none.
    Refuses: somebody wrote another one meanwhile; a longer one; one with a number, an address or a
    name of somebody around the writer; NotHere without the mandate.
    """
    me = at_desk(viewer=viewer)
    lock_persons(network_id=viewer.network.id, person_ids=[me])
    wait_for_turn(name=f"desk-note:{viewer.network.id}")
    if len(words.strip()) > LONGEST_NOTE:
        raise Refusal(WhyNot.LONG_NOTE)
    if has_number(words) or names_somebody(words, names_around(viewer=viewer)):
        raise Refusal(WhyNot.SAYS_WHO)
    here = DeskNote.objects.filter(network_id=viewer.network.id)
    if note_of(viewer=viewer, now=now).at != read_at:
        raise Refusal(WhyNot.NEW_NOTE)
    here.delete()
    if words.strip():
        DeskNote.objects.create(
            network_id=viewer.network.id,
            by_id=me,
            words_guarded=vault.guard(words.strip(), purpose=NOTE, whose=viewer.network.id),
            at=now,
            expires_at=now + NOTE_STAYS,
        )

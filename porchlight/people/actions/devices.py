"""Devices somebody is signed in on: naming one, ending one, and when a phone was taken."""

from datetime import datetime
from uuid import UUID

from porchlight.kit import vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices.rules import Channel
from porchlight.people import models
from porchlight.people.actions.alert_keys import end_alert_keys_of
from porchlight.people.actions.audit import note
from porchlight.people.actions.factors import forget_factors
from porchlight.people.actions.lockdown import refuse_while_locked
from porchlight.people.actions.locking import lock_network, lock_persons
from porchlight.people.actions.warning import warn
from porchlight.people.queries.devices import DEVICE_LABEL
from porchlight.people.queries.names import named
from porchlight.people.queries.own import own_id
from porchlight.people.queries.resets import too_near_to_vouch
from porchlight.people.rules.accounts import Why
from porchlight.people.rules.rights import Right

TAKEN = gettext_noop("You were signed out everywhere")
TAKEN_BY_YOU = gettext_noop("You said that your phone was taken. Sign in again when you can.")
TAKEN_BY_KEEPER = gettext_noop(
    "A keeper did this because you asked. You did not? Tell another keeper today."
)


@one_transaction
def name_device(*, login: models.Login, label: str, key: str) -> None:
    """Call the device of this session by the name its owner typed.

    key: the row key of the session.
    """
    models.Session.objects.filter(login=login, session_key=key).update(
        label_guarded=vault.guard(label, purpose=DEVICE_LABEL, whose=login.id)
    )


@one_transaction
def name_own_device(*, viewer: Viewer, label: str, key: str) -> None:
    """The same for somebody who is signed in. key: the row key of their session."""
    login = models.Login.objects.get(network_id=viewer.network.id, person_id=own_id(viewer=viewer))
    name_device(login=login, label=label, key=key)


@one_transaction
def end_device(*, viewer: Viewer, device_id: UUID, now: datetime) -> None:
    """Sign one of one's own devices out. Twice is the same as once."""
    gone, _tables = models.Session.objects.filter(
        login__network_id=viewer.network.id,
        login__person_id=own_id(viewer=viewer),
        device_id=device_id,
    ).delete()
    if gone:
        note(
            network_id=viewer.network.id,
            verb="people.device_ended",
            now=now,
            actor_id=viewer.person_id,
            thing_id=device_id,
        )


@one_transaction
def phone_was_taken(*, viewer: Viewer, now: datetime, drop_numbers: bool = False) -> None:
    """End every device of one's own, also those that ring, and sign out everywhere, here too.

    The second step goes too: passkeys and the app for codes are in the phone, and a passkey alone
    signs in.
    drop_numbers: the phone numbers go too; texts and calls would reach whoever has the phone.
    Tells: the person, at the addresses that are left.
    """
    me = own_id(viewer=viewer)
    _end_all(viewer=viewer, person_id=me, drop_numbers=drop_numbers, now=now)
    for login in models.Login.objects.filter(network_id=viewer.network.id, person_id=me):
        forget_factors(login=login, now=now)
    _noted("people.phone_was_taken", viewer, me, now)
    _told(viewer, me, TAKEN_BY_YOU, now)


@one_transaction
def phone_was_taken_from(*, viewer: Viewer, name: str, now: datetime) -> None:
    """A keeper signs somebody out everywhere who asks them; nothing else of theirs changes.

    Their phones still ring and call for help: one keeper silences nobody (SAFETY.md 8). Keys and
    numbers go by their owner's own hand (`phone_was_taken`); see docs/decisions/0015.
    Refuses: LOCKED, NO_SUCH_PERSON, TOO_NEAR; NotHere without the right.
    Tells: the person, at every address; the audit shows it to all keepers.
    """
    if not viewer.may(Right.KEEP):
        raise NotHere
    lock_network(network_id=viewer.network.id)
    refuse_while_locked(network_id=viewer.network.id, now=now)
    meant = named(network_id=viewer.network.id, name=name)
    person_id = meant.values_list("id", flat=True).first()
    if person_id is None:
        raise Refusal(Why.NO_SUCH_PERSON)
    me = own_id(viewer=viewer)
    if me == person_id or me in too_near_to_vouch(viewer=viewer, person_id=person_id, now=now):
        raise Refusal(Why.TOO_NEAR)
    _end_sessions(viewer, person_id)
    _noted("people.phone_taken_by_keeper", viewer, person_id, now)
    _told(viewer, person_id, TAKEN_BY_KEEPER, now)


@one_transaction
def sign_everybody_out(*, now: datetime) -> None:
    """A safety copy was put back: no sign-in of that day lives again, whatever device holds it.

    Answers the moment `restored`.
    """
    models.Session.objects.all().delete()


def _end_all(*, viewer: Viewer, person_id: UUID, drop_numbers: bool, now: datetime) -> None:
    """Sessions, keys that call for help, and addresses that are in the phone itself."""
    lock_persons(network_id=viewer.network.id, person_ids=[person_id])
    own = {"network_id": viewer.network.id, "person_id": person_id}
    end_alert_keys_of(**own, now=now)
    in_the_phone = {Channel.WEB_PUSH} | ({Channel.SMS, Channel.VOICE} if drop_numbers else set())
    models.Address.objects.filter(**own, channel__in=in_the_phone).delete()
    _end_sessions(viewer, person_id)


def _end_sessions(viewer: Viewer, person_id: UUID) -> None:
    models.Session.objects.filter(
        login__network_id=viewer.network.id, login__person_id=person_id
    ).delete()


def _noted(verb: str, viewer: Viewer, person_id: UUID, now: datetime) -> None:
    note(
        network_id=viewer.network.id,
        verb=verb,
        now=now,
        actor_id=viewer.person_id,
        person_id=str(person_id),
    )


def _told(viewer: Viewer, person_id: UUID, line: str, now: datetime) -> None:
    warn(
        network_id=viewer.network.id,
        person_id=person_id,
        kind="taken",
        title=TAKEN,
        line=line,
        now=now,
    )

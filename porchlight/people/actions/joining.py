"""Somebody comes in through an invite: person, login, pod and a way to be reached, all at once."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from django.db import transaction

from porchlight.kit import vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.network import Network
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.kit.words import skeleton
from porchlight.notices.rules import Channel
from porchlight.people import models
from porchlight.people.actions.addresses import Way, put_address, put_made_up_phone
from porchlight.people.actions.audit import note
from porchlight.people.actions.lockdown import refuse_while_locked
from porchlight.people.actions.locking import lock_network
from porchlight.people.actions.mandates import give_mandate
from porchlight.people.actions.phones import way_of
from porchlight.people.actions.pods import place_in_group, place_in_pod
from porchlight.people.actions.telling import say
from porchlight.people.queries.invites import INVITE_CODE
from porchlight.people.queries.names import is_name_taken
from porchlight.people.queries.network_rules import founders_time_ends, number
from porchlight.people.queries.signing_in import handle_of
from porchlight.people.rules import names
from porchlight.people.rules.circles import Kind
from porchlight.people.rules.codes import plain_code
from porchlight.people.rules.joining import InviteState, Why, state_of_invite
from porchlight.people.rules.mandates import Source, Term
from porchlight.people.rules.networks import founding_term
from porchlight.people.rules.phones import Phone
from porchlight.people.rules.rights import Level, Role

JOINED = gettext_noop("A neighbour came in through your invite")
SAY_HELLO = gettext_noop("Say hello when you meet.")


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """What somebody told on the three screens of joining."""

    name: str
    language: str
    email: str = field(repr=False)
    """Empty: no mail needed."""
    is_under_18: bool
    password: str = field(repr=False)
    """Hashed already: hashing is slow, and nobody else's joining should wait for it."""
    recovery: str = field(repr=False)
    """The six words, hashed as well."""
    phone: Phone | None = None
    """None: no phone needed either."""


@one_transaction
def join(
    *, network: Network, code: str, newcomer: Newcomer, client_key: UUID, now: datetime
) -> models.Login:
    """Let somebody in with the words of an invite. Uses the invite up.

    In an invite to a pod they take a free seat; when the pod is full they are in without one. In
    an invite to another group they are in that group, if who invited them still is.
    Refuses: NO_INVITE for wrong, old, used and revoked words alike; names.Why.
    Tells: who invited them.
    """
    lock_network(network_id=network.id)  # so that no two people take one name
    invite = _locked(network, code)
    source = f"invite:{invite.id}"
    made = first_made(
        models.Person.objects, network_id=network.id, source=source, client_key=client_key
    )
    if made is not None:
        return models.Login.objects.get(person=made)
    refuse_while_locked(network_id=network.id, now=now)
    _refuse_unless_open(invite, now)
    login = make_person(
        network=network,
        newcomer=newcomer,
        level=Level.MEMBER if invite.is_founding else Level.NEWCOMER,
        invite=invite,
        source=source,
        client_key=client_key,
        now=now,
    )
    _use_up(invite, login.person_id, now)
    if invite.is_founding:
        make_founder(
            network=network,
            person_id=login.person_id,
            source=source,
            client_key=client_key,
            now=now,
        )
    _into_the_circle(invite, login.person_id, source, client_key, now)
    _tell_inviter(invite, now)
    return login


@one_transaction
def make_person(
    *,
    network: Network,
    newcomer: Newcomer,
    level: Level,
    invite: models.Invite | None,
    source: str,
    client_key: UUID,
    now: datetime,
) -> models.Login:
    """Write one person with their login. The caller holds the network's row and has let them in.

    Refuses: names.Why.
    """
    _refuse_name(network, newcomer.name)
    person = models.Person.objects.create(
        network_id=network.id,
        source=source,
        client_key=client_key,
        created_at=now,
        joined_at=now,
        name=newcomer.name,
        skeleton=skeleton(newcomer.name),
        language=newcomer.language,
        speaks=[newcomer.language],
        level=level,
        is_founder=_is_founder(network, invite, now),
        is_under_18=newcomer.is_under_18,
        invited_by_id=invite.inviter_id if invite else None,
        invite_id=invite.id if invite else None,
    )
    login = models.Login.objects.create(
        id=uuid4(),
        network_id=network.id,
        person=person,
        handle=handle_of(network.id, newcomer.name),
        password=newcomer.password,
        recovery=newcomer.recovery,
    )
    _put_ways(network, person.id, newcomer, source=source, client_key=client_key, now=now)
    put_made_up_phone(network=network, person=person, now=now)
    note(
        network_id=network.id,
        verb="people.join",
        now=now,
        actor_id=person.id,
        thing_id=person.id,
        invite_id=str(invite.id) if invite else None,
    )
    return login


@one_transaction
def make_founder(
    *, network: Network, person_id: UUID, source: str, client_key: UUID, now: datetime
) -> models.Mandate:
    """Make one of the first people keeper, for a year at most."""
    days = number(network_id=network.id, key="mandates.longest_days", now=now)
    return give_mandate(
        viewer=Viewer.system(network, "founding"),
        person_id=person_id,
        role=Role.KEEPER,
        circle_id=None,
        term=Term(from_at=now, until_at=now + founding_term(days)),
        source_kind=Source.FOUNDING,
        source_id=None,
        source=source,
        client_key=client_key,
        now=now,
    )


def _put_ways(
    network: Network,
    person_id: UUID,
    newcomer: Newcomer,
    *,
    source: str,
    client_key: UUID,
    now: datetime,
) -> None:
    """The phone and the mail address somebody typed, each with a code on its way."""
    ways = [way_of(phone=newcomer.phone)] if newcomer.phone else []
    ways += [Way(channel=Channel.EMAIL, value=newcomer.email.strip())] if newcomer.email else []
    for way in ways:
        put_address(
            network=network,
            person_id=person_id,
            way=way,
            source=source,
            client_key=uuid5(client_key, way.channel),
            now=now,
        )


def _is_founder(network: Network, invite: models.Invite | None, now: datetime) -> bool:
    """Whoever comes in the first days is in the room when everybody gets to know each other.

    Source: SAFETY.md, «Six people, day one».
    """
    if invite is None or invite.is_founding:
        return True
    return now < founders_time_ends(viewer=Viewer.system(network, "joining"), now=now)


def _refuse_name(network: Network, name: str) -> None:
    why = names.why_not_named(name)
    if why is not None:
        raise Refusal(why)
    if is_name_taken(viewer=Viewer(network=network), name=name):
        raise Refusal(names.Why.TAKEN)


def _locked(network: Network, code: str) -> models.Invite:
    """The invite these words belong to, locked: of two people at once one waits."""
    invite = (
        models.Invite.objects.select_for_update(no_key=True, of=("self",))
        .filter(
            network_id=network.id,
            code_index__in=vault.indexes(plain_code(code), purpose=INVITE_CODE),
        )
        .first()
    )
    if invite is None:
        raise Refusal(Why.NO_INVITE)
    return invite


def _refuse_unless_open(invite: models.Invite, now: datetime) -> None:
    state = state_of_invite(
        used_at=invite.used_at,
        revoked_at=invite.revoked_at,
        expires_at=invite.expires_at,
        now=now,
    )
    if state is not InviteState.OPEN:
        raise Refusal(Why.NO_INVITE)


def _tell_inviter(invite: models.Invite, now: datetime) -> None:
    if invite.inviter_id is None:
        return
    say(
        network_id=invite.network_id,
        person_ids=[invite.inviter_id],
        kind="invite_used",
        about=invite.id,
        title=JOINED,
        line=SAY_HELLO,
        page="people:invites",
        now=now,
    )


def _use_up(invite: models.Invite, person_id: UUID, now: datetime) -> None:
    invite.used_at = now
    invite.used_by_id = person_id
    invite.code_guarded = None
    invite.save(update_fields=["used_at", "used_by", "code_guarded"])
    models.JoinRequest.objects.filter(network_id=invite.network_id, invite=invite).update(
        expires_at=now
    )


def _into_the_circle(
    invite: models.Invite, person_id: UUID, source: str, client_key: UUID, now: datetime
) -> None:
    """A full pod, or a group the inviter left, keeps nobody out of the network."""
    circle = invite.circle
    if circle is None:
        return
    place = place_in_pod if circle.kind == Kind.POD else place_in_group
    try:
        with transaction.atomic():
            place(
                person_id=person_id,
                circle_id=circle.id,
                by_id=invite.inviter_id,
                source=source,
                client_key=client_key,
                now=now,
            )
    except (Refusal, NotHere):
        note(
            network_id=invite.network_id,
            verb="people.join_without_pod",
            now=now,
            actor_id=person_id,
            thing_id=circle.id,
        )

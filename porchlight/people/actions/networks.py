"""Starting a network, and what its keepers change about it later."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from django.conf import settings

from porchlight.kit import vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.network import Network
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.actions.audit import note
from porchlight.people.actions.circles import open_circle
from porchlight.people.actions.invites import make_founding_invite
from porchlight.people.actions.joining import Newcomer, make_founder, make_person
from porchlight.people.actions.locking import lock_founding, lock_network
from porchlight.people.actions.network_rules import set_rule
from porchlight.people.actions.pods import place_in_pod
from porchlight.people.queries.invites import INVITE_CODE
from porchlight.people.queries.mandates import keepers
from porchlight.people.queries.networks import id_of
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.circles import Kind
from porchlight.people.rules.networks import (
    Founding,
    Why,
    why_not_founded,
    why_not_numbers,
    why_not_settings,
)
from porchlight.people.rules.rights import Level, Right

FOUNDERS = 2
ALERTS_ONLY = ["alerts"]
DAY_ONE = "Day one: alerts are on, everything else waits until the neighbours turn it on."


@dataclass(frozen=True, kw_only=True)
class Started:
    """A new network and the ways in of its first keepers."""

    network: Network
    codes: tuple[str, ...]
    """The words of the open founding invites."""
    login: models.Login | None
    """The first keeper's, when they were at the page."""


@one_transaction
def start_network(
    *, founding: Founding, first: Newcomer | None, client_key: UUID, now: datetime
) -> Started:
    """Start a network: one pod, alerts on, all else off, and ways in for two first keepers.

    first: the person at the page, keeper at once; with None both first keepers get an invite.
    The same form sent twice starts one network.
    Refuses: rules.networks.Why, names.Why.
    """
    why = why_not_founded(founding, offered=[code for code, _name in settings.LANGUAGES])
    if why is not None:
        raise Refusal(why)
    network_id = id_of(client_key=client_key, slug=founding.slug)
    lock_founding()
    made = models.Network.objects.filter(id=network_id).first()
    if made is not None:
        return _started(made)
    if models.Network.objects.filter(slug=founding.slug).exists():
        raise Refusal(Why.SLUG_TAKEN)
    row = models.Network.objects.create(
        id=network_id,
        slug=founding.slug,
        name=founding.name,
        zone=founding.zone,
        languages=list(founding.languages),
        emergency_number=founding.emergency_number,
        middle_cell=founding.middle_cell,
        created_at=now,
    )
    _write_numbers(row, founding.local_numbers)
    network = as_network(row)
    note(network_id=row.id, verb="people.network_started", now=now, actor_id=None, thing_id=row.id)
    _alerts_on(network, client_key, now)
    system = Viewer.system(network, "founding")
    pod = open_circle(
        viewer=system,
        kind=Kind.POD,
        name=founding.pod_name,
        purpose="",
        source="system",
        client_key=uuid5(client_key, "pod"),
        now=now,
    )
    if first is not None:
        _first_keeper(network, first, pod, uuid5(client_key, "first"), now)
    for place in range(FOUNDERS - (first is not None)):
        make_founding_invite(
            viewer=system,
            circle_id=pod.id,
            client_key=uuid5(client_key, f"invite {place}"),
            now=now,
        )
    return _started(row)


@one_transaction
def renew_founding_invites(*, slug: str, now: datetime) -> Started:
    """Make two new ways in where the first ones ran out and nobody keeps the network.

    Refuses: HAS_KEEPERS; NotHere for a network that does not exist.
    """
    row = models.Network.objects.filter(slug=slug, closed_at=None).first()
    if row is None:
        raise NotHere
    lock_network(network_id=row.id)
    system = Viewer.system(as_network(row), "founding")
    if keepers(viewer=system, now=now):
        raise Refusal(Why.HAS_KEEPERS)
    pod = (
        models.Circle.objects.filter(network=row, kind=Kind.POD, closed_at=None)
        .order_by("created_at", "id")
        .first()
    )
    if pod is None:
        raise NotHere
    models.Invite.objects.filter(
        network=row, is_founding=True, used_at=None, revoked_at=None
    ).update(revoked_at=now, code_guarded=None)
    for _ in range(FOUNDERS):
        make_founding_invite(viewer=system, circle_id=pod.id, client_key=uuid4(), now=now)
    return _started(row)


@one_transaction
def change_network(
    *,
    viewer: Viewer,
    name: str,
    languages: tuple[str, ...],
    emergency_number: str,
    local_numbers: tuple[tuple[str, str], ...],
    now: datetime,
) -> None:
    """Change what the network is called, its numbers and its languages. Keepers do.

    Refuses: rules.networks.Why; NotHere for others.
    """
    if not viewer.may(Right.KEEP):
        raise NotHere
    row = lock_network(network_id=viewer.network.id)
    why = why_not_settings(
        name=name,
        languages=languages,
        offered=[code for code, _name in settings.LANGUAGES],
        emergency_number=emergency_number,
    ) or why_not_numbers(local_numbers)
    if why is not None:
        raise Refusal(why)
    row.name = name
    row.languages = list(languages)
    row.emergency_number = emergency_number
    row.save(update_fields=["name", "languages", "emergency_number"])
    _write_numbers(row, local_numbers)
    note(
        network_id=row.id,
        verb="people.network_changed",
        now=now,
        actor_id=viewer.person_id,
        thing_id=row.id,
    )


def _alerts_on(network: Network, client_key: UUID, now: datetime) -> None:
    set_rule(
        viewer=Viewer.system(network, "founding"),
        key="areas.on",
        value=ALERTS_ONLY,
        reason=DAY_ONE,
        decided_by=network.id,
        from_at=now,
        client_key=uuid5(client_key, "areas"),
        now=now,
    )


def _write_numbers(row: models.Network, numbers: tuple[tuple[str, str], ...]) -> None:
    """All numbers anew. A label that did not change keeps its words in other languages."""
    before = {
        words: old.label
        for old in models.LocalNumber.objects.filter(network=row)
        for words in old.label.values()
    }
    models.LocalNumber.objects.filter(network=row).delete()
    models.LocalNumber.objects.bulk_create(
        models.LocalNumber(
            id=uuid4(),
            network=row,
            ordinal=place,
            label=before.get(label, {row.languages[0]: label}),
            number=number,
        )
        for place, (label, number) in enumerate(numbers, start=1)
    )


def _first_keeper(
    network: Network, first: Newcomer, pod: models.Circle, client_key: UUID, now: datetime
) -> None:
    login = make_person(
        network=network,
        newcomer=first,
        level=Level.MEMBER,
        invite=None,
        source="system",
        client_key=client_key,
        now=now,
    )
    make_founder(
        network=network,
        person_id=login.person_id,
        source="system",
        client_key=client_key,
        now=now,
    )
    place_in_pod(
        person_id=login.person_id,
        circle_id=pod.id,
        by_id=None,
        source="system",
        client_key=client_key,
        now=now,
    )


def _started(row: models.Network) -> Started:
    """What was started, read back, so that a form sent twice gets the same answer."""
    invites = models.Invite.objects.filter(
        network=row, is_founding=True, used_at=None, revoked_at=None
    ).order_by("created_at", "id")
    login = (
        models.Login.objects.filter(network=row, person__is_founder=True, person__invite_id=None)
        .order_by("person__joined_at", "id")
        .first()
    )
    return Started(
        network=as_network(row),
        codes=tuple(
            vault.reveal(invite.code_guarded, purpose=INVITE_CODE, whose=invite.id)
            for invite in invites
            if invite.code_guarded is not None
        ),
        login=login,
    )

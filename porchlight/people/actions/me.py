"""What somebody changes about themselves: name, languages, quiet hours; moving house; leaving."""

from datetime import datetime
from uuid import UUID, uuid4

from porchlight.kit import moments, tombstones
from porchlight.kit.errors import Refusal
from porchlight.kit.network import Network
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.kit.words import skeleton
from porchlight.people import models
from porchlight.people.actions.audit import note
from porchlight.people.actions.circles import leave_circle
from porchlight.people.actions.invites import revoke_all_of
from porchlight.people.actions.locking import lock_network, lock_persons
from porchlight.people.actions.places import delete_place, pause_places
from porchlight.people.queries.mandates import is_last_keeper
from porchlight.people.queries.names import is_name_taken
from porchlight.people.queries.own import own_id
from porchlight.people.queries.signing_in import as_network, handle_of
from porchlight.people.rules import names
from porchlight.people.rules.circles import Kind
from porchlight.people.rules.me import NAME_STAYS, SPOKEN, Why, why_not_quiet
from porchlight.people.rules.places import Kind as PlaceKind
from porchlight.people.rules.places import Pause

LEFT = "left"
"""The kind in the list of tombstones."""


@one_transaction
def change_name(*, viewer: Viewer, name: str, now: datetime) -> None:
    """Be called something else from now on, also when signing in.

    Refuses: names.Why.
    """
    me = own_id(viewer=viewer)
    lock_network(network_id=viewer.network.id)  # so that no two people take one name
    person = lock_persons(network_id=viewer.network.id, person_ids=[me])[me]
    why = names.why_not_named(name)
    if why is not None:
        raise Refusal(why)
    if is_name_taken(viewer=viewer, name=name):
        raise Refusal(names.Why.TAKEN)
    person.name = name
    person.skeleton = skeleton(name)
    person.save(update_fields=["name", "skeleton"])
    models.Login.objects.filter(person=person).update(handle=handle_of(viewer.network.id, name))
    _noted(viewer, "people.name_changed", now)


@one_transaction
def change_languages(*, viewer: Viewer, language: str, speaks: list[str], now: datetime) -> None:
    """Say in which language one reads, and which ones one speaks.

    language: one the program offers; the form has checked it.
    Refuses: SPEAKS.
    """
    me = own_id(viewer=viewer)
    person = lock_persons(network_id=viewer.network.id, person_ids=[me])[me]
    if not set(speaks) <= set(SPOKEN):
        raise Refusal(Why.SPEAKS)
    person.language = language
    person.speaks = sorted(set(speaks) | {language})
    person.save(update_fields=["language", "speaks"])
    _noted(viewer, "people.languages_changed", now)


@one_transaction
def set_quiet_hours(*, viewer: Viewer, start: int | None, end: int | None, now: datetime) -> None:
    """Let nothing ordinary ring between these times. Calls for help always come through.

    start, end: minutes after midnight in the network's zone; None and None: no quiet hours.
    Refuses: BOTH_HOURS, SAME_HOURS.
    """
    me = own_id(viewer=viewer)
    person = lock_persons(network_id=viewer.network.id, person_ids=[me])[me]
    why = why_not_quiet(start, end)
    if why is not None:
        raise Refusal(why)
    person.quiet_from = start
    person.quiet_until = end
    person.save(update_fields=["quiet_from", "quiet_until"])
    _noted(viewer, "people.quiet_hours_set", now)


@one_transaction
def move_house(*, viewer: Viewer, now: datetime) -> None:
    """Say that one lives somewhere else now: leave the pod, be asked nowhere until places are new.

    The saved home goes: a call for help would bring people to the old door. Twice is as once.
    """
    me = own_id(viewer=viewer)
    pods = models.Membership.objects.filter(
        network_id=viewer.network.id, person_id=me, kind=Kind.POD, until_at=None
    ).values_list("circle_id", flat=True)
    for circle_id in list(pods):
        leave_circle(viewer=viewer, circle_id=circle_id, now=now)
    homes = models.Place.objects.filter(
        network_id=viewer.network.id, person_id=me, kind=PlaceKind.HOME
    )
    for place_id in list(homes.values_list("id", flat=True)):
        delete_place(viewer=viewer, place_id=place_id, now=now)
    pause_places(viewer=viewer, pause=Pause.UNTIL_I_SAY, now=now)
    _noted(viewer, "people.moved_house", now)


@one_transaction
def leave_network(*, viewer: Viewer, now: datetime) -> None:
    """Leave: groups, roles, buddies, places, addresses, devices and the login end now.

    The name stays thirty days beside what was done together, then it goes too. No safety copy that
    is put back brings them back (`leave_again`).
    Refuses: LAST_KEEPER.
    """
    me = own_id(viewer=viewer)
    lock_network(network_id=viewer.network.id)
    person = lock_persons(network_id=viewer.network.id, person_ids=[me])[me]
    others_are_here = (
        models.Person.objects.filter(network_id=viewer.network.id, left_at=None)
        .exclude(id=me)
        .exists()
    )
    if others_are_here and is_last_keeper(viewer=viewer, person_id=me, now=now):
        raise Refusal(Why.LAST_KEEPER)
    _leave(viewer.network, person, now)
    tombstones.bury_once_done(kind=LEFT, thing_id=me, now=now)


@one_transaction
def leave_again(*, now: datetime) -> None:
    """A safety copy was put back: whoever left since leaves again. Answers `restored`."""
    here = models.Person.objects.filter(left_at=None)
    left = tombstones.buried_among(LEFT, here.values_list("id", flat=True))
    for row in here.filter(id__in=left).select_related("network").order_by("id"):
        lock_network(network_id=row.network_id)
        person = lock_persons(network_id=row.network_id, person_ids=[row.id])[row.id]
        _leave(as_network(row.network), person, now)


def _leave(network: Network, person: models.Person, now: datetime) -> None:
    me = person.id
    revoke_all_of(network_id=network.id, person_id=me, now=now)
    models.Address.objects.filter(network_id=network.id, person_id=me).delete()
    models.ResetRequest.objects.filter(network_id=network.id, person_id=me).delete()
    models.Session.objects.filter(login__person_id=me).delete()
    models.Login.objects.filter(network_id=network.id, person_id=me).delete()
    person.left_at = now
    person.expires_at = now + NAME_STAYS
    person.quiet_from = person.quiet_until = None
    person.speaks = []
    person.save(update_fields=["left_at", "expires_at", "quiet_from", "quiet_until", "speaks"])
    note(network_id=network.id, verb="people.left", now=now, actor_id=me)
    moments.happened("person_left", person_id=me, network=network, now=now)


@one_transaction
def forget_names(*, now: datetime) -> int:
    """Take away the names of those who left thirty days ago; answers how many. For the sweep."""
    gone = models.Person.objects.select_for_update(no_key=True).filter(
        expires_at__lte=now, left_at__isnull=False
    )
    forgotten = 0
    for person in gone.exclude(name=""):
        person.name = ""
        person.skeleton = str(uuid4())
        person.expires_at = None
        person.save(update_fields=["name", "skeleton", "expires_at"])
        forgotten += 1
    return forgotten


@one_transaction
def forget_old_ways_in(*, now: datetime) -> int:
    """Erase old requests, resets and invites nobody used; answers how many rows. For the sweep."""
    asked, _asked = models.JoinRequest.objects.filter(expires_at__lte=now).delete()
    resets, _resets = models.ResetRequest.objects.filter(expires_at__lte=now).delete()
    models.Invite.objects.filter(expires_at__lte=now, used_at=None).update(code_guarded=None)
    return asked + resets


def _noted(viewer: Viewer, verb: str, now: datetime) -> None:
    me: UUID | None = viewer.person_id
    note(network_id=viewer.network.id, verb=verb, now=now, actor_id=me, thing_id=me)

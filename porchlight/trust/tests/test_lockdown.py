"""Lock everything: for a day, by one keeper, undone by two; calls for help go on."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.viewer import Viewer
from porchlight.notices.models import Notice
from porchlight.people import models
from porchlight.people.actions.alert_keys import make_alert_key
from porchlight.people.actions.invites import make_invite
from porchlight.people.actions.lockdown import end_old_lockdowns
from porchlight.people.queries.alert_keys import cookie_name
from porchlight.people.queries.lockdown import locked_now
from porchlight.people.rules.alert_keys import cookie_with
from porchlight.people.rules.lockdown import LASTS, SHUT_DOORS, Why, needed_to_lock
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once
from porchlight.people.tests.promises import broken_promises
from porchlight.trust.actions.disclosures import disclose, open_guarded
from porchlight.trust.actions.lockdown import lock_everything, open_everything
from porchlight.trust.models import Disclosure, Reading
from porchlight.trust.queries.lockdown import lock_page

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


@pytest.fixture
def keepers() -> tuple[models.Person, models.Person, models.Person]:
    """Ada and Abe keep Linden Street; Bo is a member."""
    ada, bo = cast.ada(), cast.bo()
    abe = cast.person("Abe")
    cast.mandate(abe, Role.KEEPER)
    return ada, abe, bo


def lock(who: models.Person, now: datetime | None = None) -> bool:
    now = now or clock.now()
    return lock_everything(viewer=cast.viewer(who, now), now=now)


def unlock(who: models.Person, now: datetime | None = None) -> bool:
    now = now or clock.now()
    return open_everything(viewer=cast.viewer(who, now), now=now)


def shown(owner: models.Person, reader: models.Person, *, why: str = "test") -> dict[str, Any]:
    """Somebody shows another something; gives what to open."""
    thing, now = uuid4(), clock.now()
    disclose(
        network_id=owner.network_id, owner_id=owner.id, reader_ids=[reader.id], what="x",
        thing_id=thing, why_kind=why, why_id=thing, now=now, expires_at=now + A_DAY,
    )  # fmt: skip
    return {"viewer": cast.viewer(reader), "what": "x", "thing_id": thing, "how": "page"}


def holds(*keys: str) -> bool:
    return not set(keys) & set(broken_promises())


PROMISES = (
    "a_lock_lasts_a_day",
    "nobody_comes_in_during_a_lock",
    "nothing_is_read_during_a_lock",
    "readings_lie_in_their_time",
)


@pytest.mark.parametrize(("days", "needed"), [(None, 1), (0, 2), (6.99, 2), (7, 1), (30, 1)])
def test_a_second_lock_within_seven_days_needs_two(days: float | None, needed: int) -> None:
    now = clock.now()
    last = None if days is None else now - timedelta(days=days)
    assert needed_to_lock(last, now=now) == needed


def test_one_keeper_locks_and_everybody_is_told(keepers: Any) -> None:
    ada, abe, bo = keepers
    assert lock(ada) is True
    locked = locked_now(network_id=ada.network_id, now=clock.now())
    assert locked is not None
    assert locked.until_at - locked.from_at == LASTS
    told = set(Notice.objects.values_list("recipient_id", flat=True))
    assert {ada.id, abe.id, bo.id} <= told
    row = models.AuditRow.objects.get(verb="people.locked_everything")
    assert (row.actor_id, row.detail) == (ada.id, {})


def test_only_keepers_lock_and_open(keepers: Any) -> None:
    ada, _abe, bo = keepers
    with pytest.raises(NotHere):
        lock(bo)
    lock(ada)
    with pytest.raises(NotHere):
        unlock(bo)


def test_nothing_guarded_is_opened_while_it_holds_and_all_of_it_after(keepers: Any) -> None:
    ada, abe, bo = keepers
    before = shown(ada, bo)
    lock(ada)
    during = shown(ada, bo)
    for thing in (before, during):
        with pytest.raises(NotHere):
            open_guarded(**thing, now=clock.now())
    unlock(ada)
    with pytest.raises(NotHere):
        open_guarded(**before, now=clock.now())
    assert unlock(abe) is True
    open_guarded(**before, now=clock.now())
    assert Reading.objects.count() == 1
    assert holds(*PROMISES)


def test_it_ends_by_itself_after_a_day(keepers: Any) -> None:
    ada, _abe, bo = keepers
    thing = shown(ada, bo, why="test")
    Disclosure.objects.update(expires_at=clock.now() + 3 * A_DAY)
    lock(ada)
    later = clock.now() + LASTS
    assert locked_now(network_id=ada.network_id, now=later) is None
    open_guarded(**thing, now=later)
    assert end_old_lockdowns(now=later) == 1
    assert end_old_lockdowns(now=later) == 0
    row = models.Lockdown.objects.get()
    assert row.ended_at == row.until_at
    assert end_old_lockdowns(now=row.expires_at) == 1
    assert not models.Lockdown.objects.exists()


def test_one_keeper_alone_does_not_lock_again_and_again(keepers: Any) -> None:
    ada, abe, _bo = keepers
    lock(ada)
    later = clock.now() + LASTS
    assert lock(ada, later) is False
    assert lock(ada, later) is False
    assert locked_now(network_id=ada.network_id, now=later) is None
    assert lock_page(viewer=cast.viewer(abe), now=later).waits_for_one_more
    asked = Notice.objects.filter(recipient_id=abe.id).count()
    assert lock(ada, later) is False  # a third tap tells nobody once more
    assert Notice.objects.filter(recipient_id=abe.id).count() == asked
    assert lock(abe, later) is True
    assert locked_now(network_id=ada.network_id, now=later) is not None
    assert holds(*PROMISES)


def test_the_yes_of_somebody_who_keeps_no_more_does_not_count(keepers: Any) -> None:
    ada, abe, _bo = keepers
    cast.mandate(cast.person("Ann"), Role.KEEPER)
    lock(ada)
    assert unlock(abe) is False
    cast.recall(abe)
    assert unlock(ada) is False
    assert unlock(models.Person.objects.get(name="Ann")) is True


def test_opening_what_is_open_is_refused(keepers: Any) -> None:
    with pytest.raises(Refusal) as no:
        unlock(keepers[0])
    assert no.value.why is Why.NOT_LOCKED


def test_no_invites_and_no_new_devices(keepers: Any) -> None:
    ada, _abe, bo = keepers
    lock(ada)
    now = clock.now()
    with pytest.raises(Refusal) as no:
        make_invite(viewer=cast.viewer(bo), circle_id=None, client_key=uuid4(), now=now)
    assert no.value.why is Why.LOCKED
    with pytest.raises(Refusal):
        make_alert_key(viewer=cast.viewer(bo), client_key=uuid4(), label="New", cookie="", now=now)


def sign_in(client: Client, who: models.Person) -> Any:
    address = reverse("people:sign-in", args=[who.network.slug])
    return client.post(
        address, {"name": who.name, "password": cast.PASSWORD, "client_key": uuid4()}
    )


def test_signing_in_waits_except_on_ones_own_phone(keepers: Any) -> None:
    ada, _abe, bo = keepers
    key = make_alert_key(
        viewer=cast.viewer(bo), client_key=uuid4(), label="Mine", cookie="", now=clock.now()
    )
    lock(ada)
    stranger = Client()
    answer = sign_in(stranger, bo)
    assert answer.status_code == 422
    assert "Sign in on a phone that can call for you" in answer.content.decode()
    mine = Client()
    mine.cookies[cookie_name()] = cookie_with(key, cookie="")
    assert sign_in(mine, ada).status_code == 422  # another's phone is no way in
    assert sign_in(mine, bo).status_code == 302


def test_whoever_is_in_stays_in_and_may_change_the_password(keepers: Any) -> None:
    ada, _abe, bo = keepers
    client = cast.signed_in(Client(), bo)
    lock(ada)
    new = "four quite other words"
    answer = client.post(
        reverse("people:password", args=[bo.network.slug]),
        {"old": cast.PASSWORD, "new": new, "client_key": uuid4()},
    )
    assert answer.status_code == 302
    assert client.get(reverse("people:me", args=[bo.network.slug])).status_code == 200


def test_every_shut_door_exists_and_says_so() -> None:
    """The list names real addresses; each answers with one sentence while everything is locked."""
    from tests.doors_table import TABLE
    from tests.world import furnished

    street = furnished()
    ada = cast.signed_in(Client(), street.people["Ada"])
    lock(street.people["Ada"])
    names = {name.split()[0] for name in TABLE}
    assert names >= SHUT_DOORS
    for name in sorted(SHUT_DOORS):
        found = [
            (row, row.values(street))
            for key, row in TABLE.items()
            if key.split()[0] == name and row.values
        ]
        row, words = next(one for one in found if "slug" in one[1])
        address = reverse(name, kwargs=words)
        answer = ada.get(address) if row.GET else ada.post(address)
        assert answer.status_code == 409, name
        assert "Everything here is locked" in answer.content.decode(), name


def test_the_banner_says_it_on_every_page_and_goes_again(keepers: Any) -> None:
    ada, abe, bo = keepers
    client = cast.signed_in(Client(), bo)
    pages = [reverse(f"people:{name}", args=[bo.network.slug]) for name in ("me", "pod", "groups")]
    lock(ada)
    for address in [*pages, reverse("people:sign-in", args=[bo.network.slug])]:
        reader = Client() if "sign-in" in address else client
        assert "Everything here is locked until" in reader.get(address).content.decode(), address
    unlock(ada)
    unlock(abe)
    assert "Everything here is locked" not in client.get(pages[0]).content.decode()


def test_the_page_asks_for_the_password_and_then_locks(keepers: Any) -> None:
    ada, _abe, bo = keepers
    client = cast.signed_in(Client(), ada)
    session = client.session
    session.pop("fresh_at", None)
    session.save()
    address = reverse("trust:lock", args=[ada.network.slug])
    assert "password" in client.get(address).content.decode()
    client.post(address, {"client_key": uuid4()})
    assert not models.Lockdown.objects.exists()
    client.post(address, {"password": cast.PASSWORD, "client_key": uuid4()})
    assert not models.Lockdown.objects.exists()
    assert client.post(address, {"client_key": uuid4()}).status_code == 302
    assert models.Lockdown.objects.filter(ended_at=None).count() == 1
    other = cast.signed_in(Client(), bo)
    assert other.get(address).status_code == 404
    assert other.get(reverse("trust:lockdown", args=[ada.network.slug])).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_keepers_lock_at_the_same_moment_and_it_is_one_lock(keepers: Any) -> None:
    ada, abe, _bo = keepers
    assert at_once(lambda: lock(ada), lambda: lock(abe)) == [True, True]
    assert models.Lockdown.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_keepers_open_at_the_same_moment(keepers: Any) -> None:
    ada, abe, _bo = keepers
    lock(ada)
    assert sorted(map(str, at_once(lambda: unlock(ada), lambda: unlock(abe)))) == ["False", "True"]
    assert locked_now(network_id=ada.network_id, now=clock.now()) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_turn", range(8))
def test_nothing_opens_after_the_lock_is_stored(keepers: Any, _turn: int) -> None:
    """A reading at the same moment was written down before the lock, or there is none."""
    ada, _abe, bo = keepers
    thing = shown(ada, bo)
    _locked, read = at_once(lambda: lock(ada), lambda: open_guarded(**thing, now=clock.now()))
    assert read in {None, NotHere}
    assert Reading.objects.count() == (1 if read is None else 0)
    with pytest.raises(NotHere):
        open_guarded(**(thing | {"how": "link"}), now=clock.now())
    with pytest.raises(NotHere):
        open_guarded(**thing, now=clock.now())


def test_a_system_reads_no_more_than_before(keepers: Any) -> None:
    ada = keepers[0]
    lock(ada)
    system = Viewer.system(cast.viewer(ada).network, "test")
    with pytest.raises(NotHere):
        open_guarded(viewer=system, what="x", thing_id=uuid4(), how="page", now=clock.now())


def test_the_demo_command_still_runs_while_locked(keepers: Any) -> None:
    """Invariants are asked while a lock holds too."""
    lock(keepers[0])
    call_command("invariants")

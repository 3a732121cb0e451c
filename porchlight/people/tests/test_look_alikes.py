"""One name on many keyboards: whoever looks the same is found, and nobody comes in as a second."""

from uuid import uuid4

import pytest
from django.contrib.auth import authenticate
from django.test import Client

from porchlight.kit import clock
from porchlight.kit.errors import Refusal
from porchlight.people import models
from porchlight.people.actions.accounts import recover
from porchlight.people.actions.deaths import open_account_again
from porchlight.people.actions.me import change_name
from porchlight.people.actions.resets import ask_for_reset
from porchlight.people.queries.names import named
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules import codes, names
from porchlight.people.tests import cast

pytestmark = pytest.mark.django_db

ALI = "علي"
ALI_IN_PERSIAN = "علی"
ALI_WITHOUT_DOTS = "على"
SIX = "-".join(codes.WORDS[:6])


def opened_by(name: str, password: str = cast.PASSWORD) -> models.Person | None:
    """Who signs in with this name."""
    home = cast.linden().id
    login = authenticate(network_id=home, name=name, password=password)
    return models.Person.objects.get(id=login.person_id) if login else None


def two_from_before() -> tuple[models.Person, models.Person]:
    """Two who were here before their names counted as alike, as the migration leaves them."""
    first, second = cast.person(ALI), cast.person("Somebody")
    second.name, second.skeleton = ALI_IN_PERSIAN, f"{first.skeleton} 2"
    second.save(update_fields=["name", "skeleton"])
    models.Login.objects.filter(person=second).update(
        handle=f"{second.network_id}:{second.skeleton}"
    )
    return first, second


@pytest.mark.parametrize("typed", [ALI, ALI_IN_PERSIAN, ALI_WITHOUT_DOTS, "عـلي", " عَلِي "])
def test_any_keyboard_opens_the_page_of_whoever_looks_so(client: Client, typed: str) -> None:
    who = cast.person(ALI)
    done = client.post(
        "/n/linden/sign-in/",
        {"name": typed, "password": cast.PASSWORD, "client_key": str(uuid4())},
    )
    assert done.status_code == 302
    assert models.Session.objects.filter(login__person=who).count() == 1


def test_the_six_words_and_two_keepers_know_a_name_from_any_keyboard() -> None:
    who = cast.person(ALI_IN_PERSIAN)
    home, now = as_network(cast.linden()), clock.now()
    assert ask_for_reset(network=home, name=ALI, source="test", client_key=uuid4(), now=now)
    assert models.ResetRequest.objects.get().person_id == who.id
    models.Login.objects.filter(person=who).update(recovery=cast.hashed(SIX))
    login = recover(network=home, name=ALI, typed=SIX, new="seven herons over water", now=now)
    assert login.person_id == who.id


def test_two_from_before_are_each_found_by_their_own_letters() -> None:
    first, second = two_from_before()
    assert opened_by(ALI) == first
    assert opened_by(ALI_IN_PERSIAN) == second
    assert opened_by(ALI_WITHOUT_DOTS) == first
    assert opened_by(ALI_IN_PERSIAN, "something else of hers") is None
    found = named(network_id=first.network_id, name=ALI_IN_PERSIAN)
    assert list(found) == [second, first]


@pytest.mark.parametrize("typed", [ALI, ALI_IN_PERSIAN])
def test_of_two_from_before_whoever_is_left_is_found_by_any_keyboard(typed: str) -> None:
    first, second = two_from_before()
    models.Login.objects.filter(person=first).delete()
    models.Person.objects.filter(id=first.id).update(left_at=clock.now())
    assert opened_by(typed) == second


def test_nobody_new_takes_a_name_that_one_of_two_from_before_has() -> None:
    first, _second = two_from_before()
    bo = cast.viewer(cast.bo())
    models.Person.objects.filter(id=first.id).update(left_at=clock.now())
    with pytest.raises(Refusal) as refused:
        change_name(viewer=bo, name=ALI_WITHOUT_DOTS, now=clock.now())
    assert refused.value.why is names.Why.TAKEN


@pytest.mark.parametrize(
    ("here", "new", "is_taken"),
    [
        (ALI, ALI_IN_PERSIAN, True),
        ("فاطمة", "فاطمه", True),
        ("Ian", "lan", True),
        ("lan", "Ian", True),
        ("Ian", "Lan", False),
        ("Lan", "Ian", False),
        ("ian", "lan", False),
        ("Ilse", "llse", True),
        ("Bill", "BiIl", True),
    ],
)
def test_a_name_drawn_like_a_neighbours_is_taken(here: str, new: str, is_taken: bool) -> None:
    cast.person(here)
    cast.person("Ilja", where=cast.harbour())
    bo = cast.viewer(cast.bo())
    try:
        change_name(viewer=bo, name=new, now=clock.now())
        assert not is_taken
    except Refusal as refused:
        assert is_taken
        assert refused.why is names.Why.TAKEN


def test_somebody_may_write_their_own_name_anew() -> None:
    who = cast.person("Ian")
    change_name(viewer=cast.viewer(who), name="IAN", now=clock.now())
    assert opened_by("ian") == who


def test_the_second_of_two_comes_back_from_being_said_dead_by_mistake() -> None:
    first, second = two_from_before()
    now = clock.now()
    models.Person.objects.filter(id=second.id).update(left_at=now, died_at=now, hushed_at=now)
    models.Login.objects.filter(person=second).update(is_active=False, handle="died")
    open_account_again(network=as_network(cast.linden()), person_id=second.id, now=now)
    assert opened_by(ALI_IN_PERSIAN) == second
    assert opened_by(ALI) == first

"""The made-up neighbourhood: whole, the same every time, and gone without a trace."""

import hashlib
import json
from datetime import timedelta
from time import perf_counter
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from porchlight.alerts.models import Invitation
from porchlight.home.actions.demo.load import load_demo, remove_demo
from porchlight.home.queries.demo import login_of_described, rows_left
from porchlight.home.rules.cast import DESCRIBED, LINDEN, PASSWORD, QUAY
from porchlight.home.rules.demo import Why
from porchlight.kit import clock
from porchlight.kit.errors import Refusal
from porchlight.notices.models import Notice
from porchlight.people import models
from porchlight.people.tests import cast

pytestmark = pytest.mark.django_db
LOADS_WITHIN = 20.0  # seconds


def names(slug: str) -> list[str]:
    return sorted(models.Person.objects.filter(network__slug=slug).values_list("name", flat=True))


def digest() -> str:
    """What the demo is: who, with whom, as what. No dates, no ids of rows made by actions."""
    told = {
        "people": models.Person.objects.values_list(
            "id", "name", "language", "level", "invited_by__name", "is_under_18"
        ),
        "pods": models.Membership.objects.values_list("circle__name", "person__name", "seat"),
        "roles": models.Mandate.objects.values_list("person__name", "role", "circle__name"),
        "trained": models.TrainedRole.objects.values_list("person__name", "role"),
        "buddies": models.Buddy.objects.values_list("asker__name", "asked__name", "state"),
        "asks": models.MembershipAsk.objects.values_list("person__name", "circle__name"),
        "places": models.Place.objects.values_list("person__name", "kind", "hours"),
        "hellos": models.Hello.objects.values_list("person__name"),
        "invites": models.Invite.objects.values_list("inviter__name", "circle__name"),
        "rules": models.NetworkRule.objects.values_list("key", "version", "reason"),
        # the path of a call ends in an id that is new each time
        "news": Notice.objects.exclude(topic__kind__startswith="alert").values_list(
            "recipient_id", "path", "urgency"
        ),
        "calls": Invitation.objects.values_list("person__name", "why", "standing"),
    }
    lines = {name: sorted(str(row) for row in rows) for name, rows in told.items()}
    assert all(lines.values())
    return hashlib.sha256(json.dumps(lines).encode()).hexdigest()


def test_the_demo_is_whole_and_quick_to_load() -> None:
    began = perf_counter()
    assert load_demo(now=clock.now())
    assert perf_counter() - began < LOADS_WITHIN
    assert len(names(LINDEN)) == 120
    pods = models.Circle.objects.filter(network__slug=LINDEN, kind="pod")
    assert pods.count() == 14
    kinds = models.Circle.objects.filter(network__slug=LINDEN).values_list("kind", flat=True)
    assert set(kinds) == {"pod", "committee", "team", "building", "household", "coalition"}
    assert models.MembershipAsk.objects.filter(state="asked").count() == 1
    assert models.JoinRequest.objects.filter(state="asked").count() == 2
    assert models.Block.objects.count() == 1
    assert set(models.Person.objects.values_list("language", flat=True)) == {"en", "es", "ar"}
    assert all(login_of_described(one) for one in DESCRIBED)


def test_one_of_the_six_who_has_another_name_now_is_still_one_tap_away(client: Client) -> None:
    load_demo(now=clock.now())
    for one in DESCRIBED:
        models.Person.objects.filter(id=one.person_id).update(
            name=f"New {one.key}", skeleton=one.key
        )
    for one in DESCRIBED:
        login = login_of_described(one)
        assert login is not None and login.person.name == f"New {one.key}"
    answer = client.post("/demo/be/", {"who": "keeper"})
    assert answer.status_code == 302
    assert b"New keeper" in client.get("/n/linden/me/").content


def test_nobody_of_the_demo_comes_in_or_stays_in_production(
    client: Client, settings: Settings
) -> None:
    load_demo(now=clock.now())
    words = {"name": "Marja", "password": PASSWORD, "client_key": str(uuid4())}
    stays = Client()
    assert stays.post("/n/linden/sign-in/", words).status_code == 302
    assert stays.get("/n/linden/me/").status_code == 200
    ada = cast.ada(cast.harbour())
    settings.IS_PRODUCTION, settings.IS_DEMO = True, False
    assert stays.get("/n/linden/me/").status_code == 302
    assert client.post("/n/linden/sign-in/", words).status_code == 422
    cast.signed_in(client, ada)
    assert client.get("/n/harbour/me/").status_code == 200


def test_two_loads_make_the_same_neighbourhood() -> None:
    load_demo(now=clock.now())
    first = digest()
    remove_demo(now=clock.now())
    load_demo(now=clock.now() + timedelta(minutes=3))
    assert digest() == first


def test_loading_twice_changes_nothing() -> None:
    assert load_demo(now=clock.now())
    before = models.Person.objects.count()
    assert not load_demo(now=clock.now())
    assert models.Person.objects.count() == before


def test_removing_leaves_no_row_of_the_demo_and_every_row_of_others(client: object) -> None:
    ada = cast.ada(cast.harbour())
    load_demo(now=clock.now())
    demo = list(models.Network.objects.filter(is_demo=True).values_list("id", flat=True))
    assert len(demo) == 2
    assert len(rows_left(networks=demo)) > 15
    kept = rows_left(networks=[ada.network_id])
    remove_demo(now=clock.now())
    connection.check_constraints()
    assert rows_left(networks=demo) == {}
    assert rows_left(networks=[ada.network_id]) == kept
    assert remove_demo(now=clock.now()) == 0


def test_a_real_network_of_the_same_address_is_never_touched() -> None:
    bo = cast.person("Bo", where=cast.network(LINDEN))
    with pytest.raises(Refusal) as refused:
        load_demo(now=clock.now())
    assert refused.value.why is Why.NAME_TAKEN
    assert remove_demo(now=clock.now()) == 0
    assert names(LINDEN) == [bo.name]
    assert names(QUAY) == []


def test_production_has_no_demo(settings: Settings) -> None:
    settings.IS_PRODUCTION = True
    with pytest.raises(Refusal) as refused:
        load_demo(now=clock.now())
    assert refused.value.why is Why.ONLY_IN_DEMO
    assert not models.Network.objects.exists()


def test_a_demo_that_breaks_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from porchlight.home.actions.demo import load

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the power went out")

    monkeypatch.setattr(load, "write_places", broken)
    with pytest.raises(RuntimeError):
        load_demo(now=clock.now())
    assert not models.Network.objects.exists()
    assert settings.IS_DEMO

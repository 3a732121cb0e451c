"""«Download what is kept about me»: everything of mine, nothing of anybody else's."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from porchlight.kit import clock, vault
from porchlight.kit.errors import NotHere
from porchlight.kit.tries import FREE, pause_after
from porchlight.people import models
from porchlight.people.actions.alert_keys import make_alert_key
from porchlight.people.queries.export import export_of
from porchlight.people.queries.reaching import ADDRESS_PURPOSE
from porchlight.people.tests import cast
from porchlight.people.tests.test_places_actions import CANARY, add
from porchlight.people.views.ways_in import WRONG


def address(who: models.Person, words: str) -> None:
    models.Address.objects.create(
        network=who.network,
        person=who,
        source="test",
        client_key=uuid4(),
        created_at=clock.now(),
        channel="email",
        value_guarded=vault.guard(words, purpose=ADDRESS_PURPOSE, whose=who.id),
        value_index=vault.index(words, purpose=ADDRESS_PURPOSE),
        rank=1,
    )


@pytest.mark.django_db
def test_all_of_mine_is_there_in_plain_words() -> None:
    ada, bo = cast.ada(), cast.bo()
    pod = cast.circle("Corner pod")
    cast.membership(ada, pod)
    cast.membership(bo, pod)
    address(bo, "bo@example.org")
    viewer = cast.viewer(bo)
    add(viewer)
    make_alert_key(viewer=viewer, client_key=uuid4(), label="Blue one", cookie="", now=clock.now())
    cast.block(bo, ada)
    found = export_of(viewer=viewer, person_id=bo.id)
    assert found["person"]["name"] == "Bo"
    assert [way["address"] for way in found["ways_to_be_reached"]] == ["bo@example.org"]
    assert [circle["name"] for circle in found["circles"]] == ["Corner pod"]
    assert found["places"][0]["address"] == f"{CANARY} 12"
    assert [phone["name"] for phone in found["phones"]] == ["Blue one"]
    assert [block["name"] for block in found["blocks"]] == ["Ada"]
    assert export_of(viewer=cast.viewer(ada), person_id=ada.id)["roles"][0]["role"] == "keeper"


@pytest.mark.django_db
def test_nobody_reads_who_blocked_them() -> None:
    ada, bo = cast.ada(), cast.bo()
    cast.block(ada, bo)
    found = json.dumps(export_of(viewer=cast.viewer(bo), person_id=bo.id), default=str)
    assert "Ada" not in found


@pytest.mark.django_db
def test_anybody_elses_does_not_exist() -> None:
    ada, bo, cy = cast.ada(), cast.bo(), cast.cy()
    for other in (cast.viewer(ada), cast.viewer(cy), cast.nobody()):
        with pytest.raises(NotHere):
            export_of(viewer=other, person_id=bo.id)


@pytest.mark.django_db
def test_the_cost_does_not_grow_with_the_rows(django_assert_max_num_queries: Any) -> None:
    bo = cast.bo()
    for number in range(20):
        cast.membership(bo, cast.circle(f"Group {number}", kind="committee"))
        cast.block(bo, cast.person(f"Neighbour {number}", with_login=False))
    viewer = cast.viewer(bo)
    with django_assert_max_num_queries(22):
        found = export_of(viewer=viewer, person_id=bo.id)
    assert (len(found["circles"]), len(found["blocks"])) == (20, 20)


@pytest.mark.django_db
def test_the_page_hands_over_one_file_of_all_areas(client: Client) -> None:
    bo = cast.signed_in(client, cast.bo())
    file = reverse("people:export", args=["linden"])
    bo.post(file, {"client_key": uuid4(), "password": cast.PASSWORD})
    answer = bo.get(file)
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="porchlight.zip"'
    assert answer["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as together:
        found = json.loads(together.read("everything.json"))
    assert found["person"]["name"] == "Bo"


@pytest.mark.django_db
def test_signed_out_or_from_elsewhere_there_is_no_file(client: Client) -> None:
    cast.linden()
    address_of_page = reverse("people:export", args=["linden"])
    assert client.get(address_of_page).status_code == 302
    assert cast.signed_in(client, cast.cy()).get(address_of_page).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["export", "places-file"])
def test_a_file_comes_only_after_the_password(client: Client, name: str) -> None:
    bo = cast.bo()
    add(cast.viewer(bo))
    cast.block(bo, cast.person("Zora", with_login=False))
    browser = cast.signed_in(client, bo)
    file = reverse(f"people:{name}", args=["linden"])
    sent = {"client_key": uuid4(), "password": "not this one"}
    for answer in (browser.get(file), browser.post(file, sent)):
        assert "Content-Disposition" not in answer
        assert CANARY not in answer.content.decode()
        assert "Zora" not in answer.content.decode()
    assert browser.post(file, sent).status_code == 422
    assert browser.post(file, sent | {"password": cast.PASSWORD})["Location"] == file
    answer = browser.get(file)
    if name == "export":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as together:
            assert CANARY in together.read("everything.json").decode()
    else:
        assert CANARY in answer.content.decode()


@pytest.mark.django_db
def test_whoever_signed_in_a_moment_ago_is_not_asked_again(client: Client) -> None:
    bo = cast.bo()
    address = reverse("people:sign-in", args=["linden"])
    client.post(address, {"client_key": uuid4(), "name": bo.name, "password": cast.PASSWORD})
    for name in ("export", "places-file"):
        answer = client.get(reverse(f"people:{name}", args=["linden"]))
        assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.django_db
def test_guesses_at_the_password_wait_longer_and_the_right_one_never(client: Client) -> None:
    bo = cast.bo()
    browser = cast.signed_in(client, bo)
    address = reverse("people:person-blocks", args=["linden"])
    door = WRONG.door(f"password:{bo.id}")
    for guess in range(FREE):
        sent = {"client_key": uuid4(), "password": f"guess number {guess}"}
        assert browser.post(address, sent).status_code == 422
    assert WRONG.one_more(door, clock.now()) == pause_after(FREE + 1) > timedelta(0)
    browser.post(address, {"client_key": uuid4(), "password": cast.PASSWORD})
    assert WRONG.one_more(door, clock.now()) == timedelta(0)

"""What we keep and how long: one list, a page for everybody, and a sweep that runs it."""

from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from porchlight.home.tasks import sweep
from porchlight.kit import clock
from porchlight.people import models
from porchlight.people.tests import cast

# By name: the list stands beside the areas.
retention = import_module("porchlight.retention")
KEPT, ALONG, NOBODY = retention.KEPT, retention.ALONG, retention.NOBODY
AREAS = ("kit", "notices", "people", "mfa", "account", "trust", "alerts", "sharing", "home")


def test_every_table_of_ours_is_on_the_list_once_or_goes_along() -> None:
    tables = {
        model._meta.db_table for label in AREAS for model in apps.get_app_config(label).get_models()
    }
    listed = {line.table for line in KEPT}
    assert tables - listed - ALONG.keys() - NOBODY == set()
    assert (listed | ALONG.keys() | NOBODY) - tables == set()
    assert set(ALONG.values()) <= listed


@pytest.mark.django_db
def test_every_line_that_erases_names_a_function_that_answers_how_many() -> None:
    actions = [line.action for line in KEPT if line.action]
    assert len(actions) == len(set(actions)) > 5
    for dotted in actions:
        module, _dot, name = dotted.rpartition(".")
        assert getattr(import_module(module), name)(now=clock.now()) == 0


@pytest.mark.django_db
def test_everybody_can_read_the_list(client: Client) -> None:
    cast.linden()
    words = client.get(reverse("home:kept", args=["linden"])).content.decode()
    assert "What we keep and how long" in words
    assert all(str(line.how_long) in words for line in KEPT)


@pytest.mark.django_db(transaction=True)
def test_the_sweep_erases_what_is_over_and_a_broken_line_stops_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ada, now = cast.ada(), clock.now()
    models.Invite.objects.create(
        id=uuid4(),
        network=ada.network,
        inviter=ada,
        source="test",
        client_key=uuid4(),
        created_at=now,
        code_index=b"x",
        expires_at=now - timedelta(days=31),
    )

    def break_down(*, now: Any) -> int:
        raise ValueError("broken")

    monkeypatch.setattr("porchlight.people.actions.sweeping.forget_sessions", break_down)
    with pytest.raises(RuntimeError, match="1 lines"):
        sweep()
    assert not models.Invite.objects.exists()

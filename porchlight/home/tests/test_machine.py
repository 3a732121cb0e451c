"""«If our machine is lost»: what keepers read of backups, tries, keys and the seal."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from porchlight.home.queries.machine import machine
from porchlight.home.rules.backups import DRILL_TOO_OLD, TOO_OLD, Standing, standing
from porchlight.kit import clock
from porchlight.kit.errors import NotHere
from porchlight.kit.last_try import Tried, remember
from porchlight.kit.money import Currency
from porchlight.notices.models import TextCost
from porchlight.people import models
from porchlight.people.tests import cast
from porchlight.people.tests.test_chain import deeds

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)
HELD = pytest.mark.django_db


@pytest.mark.parametrize(
    ("is_on", "ago", "is_good", "too_old", "stands"),
    [
        (False, timedelta(0), True, TOO_OLD, Standing.OFF),
        (True, None, False, TOO_OLD, Standing.NEVER),
        (True, timedelta(0), False, TOO_OLD, Standing.FAILED),
        (True, timedelta(days=99), False, TOO_OLD, Standing.FAILED),
        (True, TOO_OLD, True, TOO_OLD, Standing.GOOD),
        (True, TOO_OLD + A_SECOND, True, TOO_OLD, Standing.OLD),
        (True, timedelta(days=8), True, DRILL_TOO_OLD, Standing.GOOD),
        (True, timedelta(days=8, seconds=1), True, DRILL_TOO_OLD, Standing.OLD),
        (True, timedelta(days=4_000), True, None, Standing.GOOD),
    ],
)
def test_how_something_stands(
    is_on: bool, ago: timedelta | None, is_good: bool, too_old: timedelta | None, stands: Standing
) -> None:
    last = None if ago is None else Tried(at=NOW - ago, is_good=is_good, says="", good_at=None)
    assert standing(last, is_on=is_on, too_old=too_old, now=NOW) is stands


@pytest.fixture
def keepers(settings: Any, tmp_path: Path) -> None:
    settings.BACKUP_FOLDER, settings.BACKUP_KEEPERS = tmp_path, ("age1a", "age1b")


def shown(who: models.Person) -> str:
    client = cast.signed_in(Client(), who)
    return client.get(reverse("home:machine", args=["linden"])).content.decode()


@HELD
def test_a_keeper_reads_that_nobody_set_it_up() -> None:
    page = shown(cast.ada())
    assert "Nobody set it up. If the machine is lost, everything is." in page
    assert (page.count("chip c-ember"), page.count("chip c-moss")) == (2, 1), "only the seal"


@HELD
@pytest.mark.usefixtures("keepers")
def test_all_is_well_then_too_old_then_failed() -> None:
    ada, now = cast.ada(), clock.now()
    for what in ("backup", "drill", "rotation"):
        remember(what=what, says="In /secret/folder.", is_good=True, now=now)
    page = shown(ada)
    assert (page.count("chip c-ember"), page.count("chip c-moss")) == (0, 4)
    remember(what="drill", says="", is_good=True, now=now - DRILL_TOO_OLD - A_SECOND)
    assert "More than 8 days ago." in shown(ada)
    remember(what="backup", says="No room in /secret/folder.", is_good=False, now=now)
    page = shown(ada)
    assert "It did not work:" in page and "worked last" in page
    assert "/secret" not in page, "where things lie is for whoever runs the machine"


@HELD
def test_keepers_read_what_is_left_for_texts_and_who_waits(settings: Any) -> None:
    ada = cast.ada()
    assert "Money for texts" not in shown(ada)
    settings.SMS_PRICE, settings.SMS_BUDGET, settings.SMS_KEPT = 800, 10_000, 50
    settings.SMS_CURRENCY = Currency(code="EUR", sign="€")
    today = clock.now().date()
    TextCost.objects.create(day=today, lane="ordinary", texts=3, cost=2_400)
    page = shown(ada)
    assert "50% is kept for calls for help. Those always go out." in page
    assert "€0.24 of €1.00 used this month." in page
    assert "used up" not in page
    TextCost.objects.create(day=today, lane="urgent", texts=10, cost=8_000)
    page = shown(ada)
    assert "€1.04 of €1.00 used this month." in page
    assert "used up" in page
    models.Person.objects.filter(id=ada.id).update(language="es")
    assert "Dinero para mensajes de texto" in shown(ada)


@HELD
def test_a_late_seal_is_red() -> None:
    ada = cast.ada()
    deeds(ada, 1)
    models.AuditRow.objects.update(at=clock.now() - timedelta(minutes=6))
    assert machine(viewer=cast.viewer(ada), now=clock.now()).unsealed_since is not None
    assert "Waits since" in shown(ada)


@HELD
@pytest.mark.parametrize("name", ["Bo", "Dee", "Cy"])
def test_who_keeps_nothing_here_does_not_read_it(name: str) -> None:
    who = {"Bo": cast.bo, "Dee": cast.dee, "Cy": cast.cy}[name]()
    viewer = cast.viewer(who)
    if name == "Cy":  # keeps another network, on the same machine
        assert shown(who).count("If our machine is lost") == 0
        return
    with pytest.raises(NotHere):
        machine(viewer=viewer, now=clock.now())


@HELD
@pytest.mark.usefixtures("keepers")
def test_the_page_asks_four_things(django_assert_num_queries: Any) -> None:
    viewer = cast.viewer(cast.ada())
    now = clock.now()
    remember(what="backup", says="", is_good=True, now=now)
    with django_assert_num_queries(4):
        machine(viewer=viewer, now=now)

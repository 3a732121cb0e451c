"""What the doctor says of backups, drills and the seal, and when it turns red."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from porchlight.kit import clock
from porchlight.kit.last_try import remember
from porchlight.people import models
from porchlight.people.tasks import seal_everything
from porchlight.people.tests import cast
from porchlight.people.tests.test_chain import behind_its_back, deeds

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
doctor = import_module("porchlight.doctor")  # by name: it stands above every area


@pytest.fixture
def keepers(settings: Any, tmp_path: Path) -> None:
    """An operator who named two keepers and a folder."""
    settings.BACKUP_FOLDER, settings.BACKUP_KEEPERS = tmp_path, ("age1a", "age1b")


def test_without_keepers_the_doctor_asks_for_them() -> None:
    assert doctor.backup().state == doctor.drilled().state == "look"
    assert "PORCHLIGHT_BACKUP_KEEPERS" in doctor.backup().do


@pytest.mark.parametrize(
    ("what", "asked", "days"), [("backup", "backup", 2), ("drill", "drilled", 8)]
)
def test_a_backup_turns_red_after_two_days_and_a_drill_after_eight(
    keepers: None, what: str, asked: str, days: int
) -> None:
    look: Callable[[], Any] = getattr(doctor, asked)
    now, hour = clock.now(), timedelta(hours=1)
    assert look().state == "broken"
    remember(what=what, says="Fine.", is_good=True, now=now - days * DAY + hour)
    assert look().state == "ok"
    remember(what=what, says="Fine.", is_good=True, now=now - days * DAY - hour)
    assert look().state == "broken"
    assert f"{days} days ago" in look().says
    remember(what=what, says="The disk is full.", is_good=False, now=now)
    assert look().state == "broken"
    assert "The disk is full." in look().says


def test_the_seal_is_ok_late_or_broken() -> None:
    ada = cast.ada()
    deeds(ada, 2)
    assert [one.state for one in doctor.audit()] == ["ok"]  # five minutes are no trouble
    models.AuditRow.objects.update(at=clock.now() - timedelta(minutes=6))
    assert [one.state for one in doctor.audit()] == ["look"]
    seal_everything()
    assert [one.state for one in doctor.audit()] == ["ok"]
    cursor = import_module("django.db").connection.cursor()
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    behind_its_back("UPDATE people_auditlink SET verb = 'people.left' WHERE seq = 1")
    assert {one.state for one in doctor.audit()} == {"broken"}

"""The seal of the week goes round, and the demo leaves no chain behind."""

import pytest
from django.core.management import call_command

from porchlight.home.tasks import nightly_backup, weekly_drill, weekly_seal
from porchlight.kit import clock
from porchlight.kit.models import LastTry
from porchlight.notices.models import Notice
from porchlight.people import models
from porchlight.people.tasks import seal_everything
from porchlight.people.tests import cast
from porchlight.people.tests.test_proof_pages import by_mail, sealed

pytestmark = pytest.mark.django_db


def test_the_task_tells_every_open_network() -> None:
    for who in (cast.ada(), cast.cy()):
        by_mail(who)
        sealed(who)
    models.Network.objects.filter(slug="harbour").update(closed_at=clock.now())
    weekly_seal()
    assert {notice.network_id for notice in Notice.objects.all()} == {cast.linden().id}


def test_the_demo_goes_with_its_chain() -> None:
    call_command("demo", verbosity=0)
    seal_everything()
    assert models.AuditLink.objects.exists()
    call_command("demo", "--remove", verbosity=0)
    assert not models.AuditLink.objects.exists()
    assert not models.AuditSalt.objects.exists()


def test_without_keepers_no_night_writes_anything() -> None:
    nightly_backup()
    weekly_drill()
    assert not LastTry.objects.exists()

"""Before any test: a database of its own for this run, and settings that fit tests.

`DATABASE_URL` set: the tests run there. Unset: on an embedded PostgreSQL that is thrown away
afterwards (`PORCHLIGHT_TEST_POSTGRES=16` takes the other one the wheel brings). Workers of
pytest-xdist inherit what the first process prepared.
"""

import atexit
import base64
import os
import string
import tempfile
from contextlib import ExitStack
from pathlib import Path

import django
import pytest
from django.middleware import csrf
from django.test import TransactionTestCase
from pytest_django.fixtures import Settings

from porchlight.kit import postgres

_prepared = ExitStack()
atexit.register(_prepared.close)


def _prepare() -> None:
    """Everything here happens before Django reads its settings."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "porchlight.settings"
    if os.environ.get("PORCHLIGHT_MODE") != "test":
        os.environ["PORCHLIGHT_MODE"] = "test"
        os.environ["PORCHLIGHT_KEYS"] = "tests:" + base64.b64encode(bytes(range(32))).decode()
        os.environ["PORCHLIGHT_VAPID_KEY"] = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA"
        folder = Path(
            _prepared.enter_context(tempfile.TemporaryDirectory(prefix="porchlight-tests-"))
        )
        (folder / "static").mkdir()
        os.environ["PORCHLIGHT_VAR"] = str(folder)
    if not os.environ.get("DATABASE_URL"):
        major = int(os.environ.get("PORCHLIGHT_TEST_POSTGRES") or postgres.MAJOR)
        os.environ["DATABASE_URL"] = _prepared.enter_context(postgres.throwaway(major)).url


_prepare()
django.setup()

from porchlight.notices.views import links  # noqa: E402  # Django is up only now
from porchlight.people.views import ways_in  # noqa: E402
from porchlight.settings import MailServer  # noqa: E402
from tests.emptying import take_away_what_was_written  # noqa: E402

TransactionTestCase._fixture_teardown = take_away_what_was_written  # type: ignore[attr-defined]
# A form's token is drawn by chance, and in one of some hundred runs it spells «Jan»: a page that
# names nobody was taken for one that does. Names begin with a capital, so tokens have none here.
csrf.CSRF_ALLOWED_CHARS = string.ascii_lowercase + string.digits


@pytest.fixture(autouse=True)
def nobody_guessed_before() -> None:
    """Wrong tries are counted in memory, and who guesses too often waits: no test for another."""
    for wrong in (links.WRONG, ways_in.WRONG):
        wrong.begin_anew()


@pytest.fixture
def mail_goes_out(settings: Settings) -> None:
    """A mail server is named, so that codes may be on their way. Nobody listens there."""
    settings.MAIL_SERVER = MailServer(host="127.0.0.1", port=9, user="", password="", tls="none")


pytest_plugins = ["tests.chromium"]

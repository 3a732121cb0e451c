"""The shell is tested alone: it must not need the areas above it."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import override_settings

from porchlight.browser.templatetags import words


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Made-up addresses, visitors and pieces (`alone.py`) in place of the areas above."""
    middleware = [
        "porchlight.browser.tests.alone.who" if name.startswith("porchlight.people") else name
        for name in settings.MIDDLEWARE
        if name != "django.contrib.auth.middleware.AuthenticationMiddleware"
    ]
    monkeypatch.setattr(
        "porchlight.pieces.PIECES", {"bell": ["porchlight.browser.tests.alone.bell"]}
    )
    words._pieces.cache_clear()
    with override_settings(ROOT_URLCONF="porchlight.browser.tests.alone", MIDDLEWARE=middleware):
        yield
    words._pieces.cache_clear()

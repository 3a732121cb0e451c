"""A house that was started before stands ready for journeys too."""

from tests.running.conftest import settled as settled

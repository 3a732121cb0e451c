"""The same life, really written down: a backup is taken on the way, and put back later.

Made and restored by the program itself, age and pg_dump included, in a database of its own. When it
is put back somebody has been erased since: at random, or at the latest now.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path
from uuid import UUID, uuid4

import pyrage
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant

from porchlight.alerts.models import Alert
from porchlight.home.channels.backups import back_up, restore
from porchlight.home.queries.promises import promises_of_the_chain
from porchlight.home.tests.dumps import elsewhere
from porchlight.kit import moments, tombstones
from porchlight.kit.sweeping import sweep_all
from porchlight.notices.models import Topic
from porchlight.people import models as people
from porchlight.people.actions.alert_keys import ENDED_KEY
from porchlight.people.tasks import seal_everything
from porchlight.people.tests import cast
from porchlight.sharing.models import Need
from tests.life import WHO, Life, rows

KEEPERS = [pyrage.x25519.Identity.generate() for _ in range(2)]
SEEN: list[dict[str, set[str]]] = []
"""What stood in the database as it was poured in, and what of that is not over yet."""


def look(*, now: datetime) -> None:
    """Answers `restored` before all others, and leaves everything as it is."""
    SEEN.append(rows())
    with transaction.atomic():
        sweep_all(now=now)
        SEEN.append(rows())
        transaction.set_rollback(True)


@contextmanager
def looking() -> Iterator[None]:
    lists = import_module("porchlight.moments").MOMENTS
    before = lists["restored"]
    lists["restored"] = [f"{__name__}.look", *before]
    moments.answers_to.cache_clear()
    SEEN.clear()
    try:
        yield
    finally:
        lists["restored"] = before
        moments.answers_to.cache_clear()


class LifePutBack(Life):
    """One network in a database of its own, which is thrown away at the end."""

    put_back = 0
    """In how many lives, so that a test of nothing is seen."""

    def __init__(self) -> None:
        self._own = ExitStack()
        folder = Path(self._own.enter_context(tempfile.TemporaryDirectory()))
        self._own.enter_context(override_settings(BACKUP_FOLDER=folder / "backups"))
        usual = str(connection.settings_dict["NAME"])
        self._own.enter_context(elsewhere(folder / "keys", like=usual))
        super().__init__()
        self.steps, self.copied_at, self.put_back_at, self.erased_at_last = 0, 1, 2, 0
        self.held: dict[str, set[str]] = {}
        self.whose_thing: dict[UUID, UUID] = {}
        """Calls, needs and lost ways in: they go with whoever made them, others' rows there too."""
        self.left: set[UUID] = set()

    def begin(self) -> None:
        """Nothing is undone here: what is written down stays, until the database goes."""

    def teardown(self) -> None:
        """A life that was too short for it is put back at its end, unless it failed before."""
        try:
            if sys.exc_info()[0] is None and self.steps < self.put_back_at:
                if self.steps < self.copied_at:
                    self.takes_a_copy()
                self.puts_it_back()
        finally:
            self._own.close()

    @initialize(after=st.integers(1, 8), later=st.integers(2, 10), who=WHO)
    def it_is_known_when(self, after: int, later: int, who: int) -> None:
        """A life that is over before this keeps what `__init__` says."""
        self.copied_at, self.put_back_at, self.erased_at_last = after, after + later, who

    @invariant()
    def a_copy_is_taken_and_put_back(self) -> None:
        self.steps += 1
        if self.steps == self.copied_at:
            self.takes_a_copy()
        if self.steps == self.put_back_at:
            self.puts_it_back()

    def takes_a_copy(self) -> None:
        seal_everything()
        self.here = {person.id for person in people.Person.objects.filter(left_at=None)}
        self.held = rows()
        self.whose_thing = {
            **dict(Alert.objects.values_list("id", "raised_by_id")),
            **dict(Need.objects.values_list("id", "asker_id")),
            **dict(people.ResetRequest.objects.values_list("id", "person_id")),
        }
        # What others were told of a thing goes with it, and says whose it is by its topic only.
        topics = Topic.objects.filter(about__in=self.whose_thing).values_list("id", "about")
        self.whose_thing |= {topic: self.whose_thing[about] for topic, about in topics}
        recipients = [str(keeper.to_public()) for keeper in KEEPERS]
        self.file = back_up(folder=settings.BACKUP_FOLDER, keepers=recipients, now=self.now)

    def puts_it_back(self) -> None:
        while not self.here & set(self.erased):
            self.erases_everything(who=self.erased_at_last)
        gone = people.Person.objects.filter(id__in=self.here).exclude(left_at=None)
        self.left = set(gone.values_list("id", flat=True)) - set(self.erased)
        with looking(), self.file.open("rb") as source:
            restore(source=source, identities=KEEPERS[:1], replace=True, now=self.now)
        poured, due = SEEN
        assert differing(poured, self.held) <= {"kit_keycheck"}  # noted as at every start
        self.everybody_else_is_as_they_were(due)
        self.work()  # what was due since the copy was made, as after every start
        self.whoever_was_erased_is_nowhere()
        assert not people.Person.objects.filter(id__in=self.left, left_at=None).exists()
        assert not people.Address.objects.filter(person_id__in=self.left).exists()
        self.only_who_is_here_signs_in()
        assert seal_everything() > 0
        assert promises_of_the_chain() == []
        self.every_promise_holds()
        LifePutBack.put_back += 1

    def everybody_else_is_as_they_were(self, due: dict[str, set[str]]) -> None:
        """Rows that name somebody, and nobody who was erased or left since, nor what was theirs.

        Whoever left a month ago has no name any more, and what stands for it is drawn anew.
        """
        away = {*self.erased, *self.left}
        things = {thing for thing, person_id in self.whose_thing.items() if person_id in away}
        gone = {str(one) for one in {*away, *things}}
        named = people.Person.objects.exclude(name="").values_list("id", flat=True)
        names = {str(one) for one in named} - gone
        now, lost = rows(), {}
        for table, found in due.items():
            theirs = {
                row for row in found - now[table]
                if any(name in row for name in names) and not any(name in row for name in gone)
            }  # fmt: skip
            if theirs:
                lost[table] = theirs
        lost.pop("people_session", None)
        assert now["people_session"] == set()  # no sign-in of that day lives again
        keys = self.keys_that_were_ended_since()
        if all(keys & set(row.split('"')) for row in lost.get("people_alertkey", ())):
            lost.pop("people_alertkey", None)
        assert lost.keys() == set(), lost

    def keys_that_were_ended_since(self) -> set[str]:
        """Devices that call no more, though they did in the copy."""
        ids = people.AlertKey.objects.exclude(revoked_at=None).values_list("id", flat=True)
        return {str(one) for one in tombstones.buried_among(ENDED_KEY, ids)}

    def only_who_is_here_signs_in(self) -> None:
        somebody = people.Person.objects.filter(left_at=None).order_by("joined_at").first()
        assert somebody is not None and signs_in(somebody.name)
        for person_id in self.here & set(self.erased):
            assert not signs_in(self.erased[person_id][0].strip('"'))


def differing(one: dict[str, set[str]], other: dict[str, set[str]]) -> set[str]:
    """The tables that do not hold the same."""
    return {table for table in {*one, *other} if one.get(table) != other.get(table)}


def signs_in(name: str) -> bool:
    """Whether the door opens to this name, with the password of everybody here."""
    browser = Client()
    sent = {"client_key": uuid4(), "name": name, "password": cast.PASSWORD}
    browser.post(reverse("people:sign-in", args=["linden"]), sent)
    return settings.SESSION_COOKIE_NAME in browser.cookies and (
        browser.get(reverse("people:me", args=["linden"])).status_code == 200
    )

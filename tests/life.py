"""The life of a network, step by step, as hypothesis plays it: people come, go, ask, answer.

A step is a method with `@rule`: it calls one action through `self.does`, which lets a `Refusal` or
«not here» pass, as a screen would. After every step all promises of `porchlight/checks.py` are
asked. Time is a value: `time_passes` moves `self.now` on, seals the audit and sweeps, as the worker
does. Whoever erased themselves is looked for in every row after every step.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, models, transaction
from django.utils.module_loading import import_string
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from porchlight.alerts.actions import (
    answering,
    choices,
    ending,
    missing,
    raising,
    steering,
    together,
)
from porchlight.alerts.models import Alert, AlertTask
from porchlight.alerts.rules.asking import Asking
from porchlight.alerts.rules.asking import PlaceAsked as PlaceOfCall
from porchlight.alerts.rules.asking import Where as WhereOfCall
from porchlight.alerts.rules.kinds import Kind as Emergency
from porchlight.alerts.rules.states import EndedHow
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.tasks import take_steps
from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.sweeping import sweep_line
from porchlight.kit.viewer import Viewer
from porchlight.people import models as people
from porchlight.people.actions import (
    addresses,
    alert_keys,
    asks,
    blocks,
    buddies,
    circles,
    devices,
    erasing,
    hello,
    invites,
    joining,
    mandates,
    me,
    places,
    resets,
    training,
)
from porchlight.people.queries.invites import own_invite
from porchlight.people.rules.circles import Kind as Group
from porchlight.people.rules.mandates import Source, Term
from porchlight.people.rules.places import Entered, Kind, Pause, Where
from porchlight.people.rules.rights import Role
from porchlight.people.rules.training import Trained
from porchlight.people.tasks import seal_everything
from porchlight.people.tests import cast
from porchlight.people.tests.promises import broken_promises
from porchlight.sharing.actions import asking, helping, offers, outside
from porchlight.sharing.actions.digest import choose_digest
from porchlight.sharing.models import Match, Need
from porchlight.sharing.rules.availability import ALWAYS
from porchlight.sharing.rules.categories import Category
from porchlight.sharing.rules.needs import Meeting
from porchlight.sharing.rules.offers import Offered
from porchlight.sharing.rules.repeats import Repeat
from porchlight.sharing.rules.times import When
from porchlight.sharing.rules.wanted import Wanted
from porchlight.sharing.tasks import (
    ask_for_the_next_time,
    ask_who_offered,
    follow_sharing,
    send_digests,
)
from porchlight.sharing.tests.street import switch_on
from porchlight.trust.actions import disclosures, vouches
from porchlight.trust.models import Disclosure

WHO = st.integers(0, 11)
WHICH = st.integers(0, 5)
STEPS = {"an hour": timedelta(hours=1), "a night": timedelta(hours=9), "a day": timedelta(days=1),
         "three days": timedelta(days=3), "two weeks": timedelta(days=15),
         "a month": timedelta(days=31), "a year": timedelta(days=366)}  # fmt: skip
CELLS = ("881969541dfffff", "8819695411fffff")
BY_THE_CLOCK: tuple[Callable[..., int], ...] = (
    take_steps, follow_sharing, ask_for_the_next_time, ask_who_offered, send_digests,
)  # fmt: skip
"""What workers do as time passes, besides the seal and the sweep."""


def words_of(person: people.Person) -> list[str]:
    """What a row that still knew somebody would hold, besides their number."""
    ways = people.Address.objects.filter(person=person).values_list("value_index", flat=True)
    logins = people.Login.objects.filter(person=person).values_list("handle", flat=True)
    return [f'"{person.name}"', *logins, *(bytes(way).hex() for way in ways if way)]


def rows() -> dict[str, set[str]]:
    """Every row of every table, as words."""
    with connection.cursor() as cursor:
        found: dict[str, set[str]] = {
            table: set() for table in connection.introspection.table_names(cursor)
        }
        every = (f"SELECT '{table}', to_jsonb(t)::text FROM \"{table}\" t" for table in found)
        cursor.execute(" UNION ALL ".join(every))
        for table, row in cursor.fetchall():
            found[table].add(row)
    return found


def tables_with(words: list[str], held: dict[str, set[str]]) -> set[str]:
    """The tables in whose rows one of these stands."""
    return {
        table
        for table, found in held.items()
        if any(word in row for row in found for word in words)
    }


@contextmanager
def nothing_breaks() -> Iterator[None]:
    """What workers put off because it broke is in the log only: here it is a failure."""
    found: list[str] = []
    keeper = logging.Handler(logging.ERROR)
    keeper.emit = lambda record: found.append(record.getMessage())  # type: ignore[method-assign]
    loggers = [logging.getLogger(name) for name in ("porchlight.alerts", "porchlight.sharing")]
    for one in loggers:
        one.addHandler(keeper)
    try:
        yield
    finally:
        for one in loggers:
            one.removeHandler(keeper)
    assert not found, found


ROUNDS = 10
"""Steps a call takes at most one after the other when workers were away for long."""


class Life(RuleBasedStateMachine):
    """One network; whatever happens in it is undone at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.begin()
        self.now = clock.now()
        self.came = 0
        self.erased: dict[UUID, list[str]] = {}
        """Who erased themselves, with every word that could lead to them."""

    def begin(self) -> None:
        self._undone = transaction.atomic()
        self._undone.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._undone.__exit__(None, None, None)

    # ---------- how a step is written ----------

    def does(self, action: Callable[..., Any], **facts: Any) -> Any:
        """Call one action now; None where it says no. A second later it is the next one's turn."""
        self.now += timedelta(seconds=1)
        try:
            with transaction.atomic():
                return action(**facts, now=self.now)
        except (Refusal, NotHere):
            return None

    def person(self, number: int) -> people.Person:
        """Somebody who is here."""
        found = list(people.Person.objects.filter(left_at=None).order_by("joined_at"))
        return found[number % len(found)]

    def is_somebody_left_behind(self) -> bool:
        """Whether one may go: the last one stays, so that the life goes on."""
        return people.Person.objects.filter(left_at=None).count() > 1

    def viewer(self, number: int) -> Viewer:
        return cast.viewer(self.person(number), self.now)

    def one_of(self, rows: "models.QuerySet[Any]", number: int, *by: str) -> Any:
        """One of these rows, the newest first; None where there is none."""
        found = list(rows.order_by(*(by or ("-created_at",)))[:6])
        return found[number % len(found)] if found else None

    # ---------- the beginning ----------

    @initialize()
    def founded(self) -> None:
        """Ada keeps Linden Street with Bo; two pods, and somebody new."""
        ada, bo = cast.ada(), cast.bo()
        cast.mandate(bo)
        first, second = cast.circle("First pod"), cast.circle("Second pod")
        for who in (ada, bo, cast.person("Kim"), cast.person("Liv"), cast.person("Moe")):
            cast.membership(who, first)
        for name in ("Nia", "Ole", "Pia"):
            cast.membership(cast.person(name), second)
        dee = cast.dee()
        dee.invited_by = bo
        dee.save()
        cast.membership(dee, first)
        switch_on(ada.network, now=self.now)

    # ---------- coming, going, groups ----------

    @rule(who=WHO, into_pod=st.booleans(), is_young=st.booleans())
    def somebody_comes_in(self, who: int, into_pod: bool, is_young: bool) -> None:
        viewer = self.viewer(who)
        mine = people.Membership.objects.filter(person_id=viewer.person_id, until_at=None)
        pod = mine.filter(kind="pod").first() if into_pod else None
        circle_id = pod.circle_id if pod else None
        made = self.does(
            invites.make_invite, viewer=viewer, circle_id=circle_id, client_key=uuid4()
        )
        if made is None:
            return
        self.came += 1
        newcomer = joining.Newcomer(
            name=f"New {self.came}", language="en", email=f"new{self.came}@mail.example",
            is_under_18=is_young, password=cast.hashed(cast.PASSWORD),
            recovery=cast.hashed(cast.RECOVERY),
        )  # fmt: skip
        code = own_invite(viewer=viewer, invite_id=made.id, now=self.now).code
        network = viewer.network
        self.does(joining.join, network=network, code=code, newcomer=newcomer, client_key=uuid4())

    @rule(who=WHO, which=WHICH)
    def takes_an_invite_back(self, who: int, which: int) -> None:
        self.does(invites.make_invite, viewer=self.viewer(who), circle_id=None, client_key=uuid4())
        invite = self.one_of(people.Invite.objects.filter(inviter=self.person(who)), which)
        if invite:
            self.does(invites.revoke_invite, viewer=self.viewer(who), invite_id=invite.id)

    @rule(who=WHO)
    def leaves(self, who: int) -> None:
        if self.is_somebody_left_behind():
            self.does(me.leave_network, viewer=self.viewer(who))

    @rule(who=WHO)
    def erases_everything(self, who: int) -> None:
        """Never refused; only the last one stays, so that the life goes on."""
        if self.is_somebody_left_behind():
            person = self.person(who)
            words = words_of(person)
            self.does(erasing.erase_me, viewer=cast.viewer(person, self.now))
            self.erased[person.id] = words

    @rule(who=WHO)
    def moves_house(self, who: int) -> None:
        self.does(me.move_house, viewer=self.viewer(who))

    @rule(who=WHO, other=WHO)
    def vouches(self, who: int, other: int) -> None:
        person_id = self.person(other).id
        self.does(vouches.vouch, viewer=self.viewer(who), person_id=person_id, client_key=uuid4())

    @rule(who=WHO, which=WHICH)
    def asks_to_join(self, who: int, which: int) -> None:
        circle = self.one_of(people.Circle.objects.filter(closed_at=None), which)
        if circle is None:
            return
        facts = {"person_id": self.person(who).id, "circle_id": circle.id, "source": "life"}
        self.does(asks.ask_to_join, **facts, client_key=uuid4())

    @rule(who=WHO, other=WHO, which=WHICH)
    def asks_somebody_in(self, who: int, other: int, which: int) -> None:
        circle = self.one_of(people.Circle.objects.filter(closed_at=None), which)
        if circle is None:
            return
        facts = {"circle_id": circle.id, "person_id": self.person(other).id}
        self.does(asks.ask_somebody_in, viewer=self.viewer(who), **facts, client_key=uuid4())

    @rule(who=WHO, which=WHICH, yes=st.booleans())
    def answers_an_ask(self, who: int, which: int, yes: bool) -> None:
        ask = self.one_of(people.MembershipAsk.objects.all(), which)
        if ask:
            self.does(asks.answer_ask, viewer=self.viewer(who), ask_id=ask.id, yes=yes)

    @rule(who=WHO, which=WHICH)
    def withdraws_an_ask(self, who: int, which: int) -> None:
        ask = self.one_of(people.MembershipAsk.objects.all(), which)
        if ask:
            self.does(asks.withdraw_ask, viewer=self.viewer(who), ask_id=ask.id)

    @rule(who=WHO, kind=st.sampled_from(list(Group)))
    def opens_a_group(self, who: int, kind: Group) -> None:
        facts = {"kind": kind, "name": f"Group {uuid4().hex[:6]}", "purpose": "", "source": "life"}
        self.does(circles.open_circle, viewer=self.viewer(who), **facts, client_key=uuid4())

    @rule(who=WHO, which=WHICH)
    def leaves_a_group(self, who: int, which: int) -> None:
        mine = people.Membership.objects.filter(person=self.person(who), until_at=None)
        if one := self.one_of(mine, which):
            self.does(circles.leave_circle, viewer=self.viewer(who), circle_id=one.circle_id)

    @rule(who=WHO, which=WHICH)
    def closes_a_group(self, who: int, which: int) -> None:
        circle = self.one_of(people.Circle.objects.filter(closed_at=None), which)
        if circle is not None:
            self.does(circles.close_circle, viewer=self.viewer(who), circle_id=circle.id)

    @rule(who=WHO)
    def says_hello(self, who: int) -> None:
        self.does(hello.say_hello, viewer=self.viewer(who))

    # ---------- roles and trainings ----------

    @rule(who=WHO, other=WHO, role=st.sampled_from(list(Role)), days=st.integers(1, 400))
    def gives_a_role(self, who: int, other: int, role: Role, days: int) -> None:
        term = Term(from_at=self.now, until_at=self.now + timedelta(days=days))
        self.does(
            mandates.give_mandate, viewer=self.viewer(who), person_id=self.person(other).id,
            role=role, circle_id=None, term=term, source_kind=Source.DECISION, source_id=None,
            source="life", client_key=uuid4(),
        )  # fmt: skip

    @rule(who=WHO, which=WHICH, is_recall=st.booleans())
    def ends_a_role(self, who: int, which: int, is_recall: bool) -> None:
        mandate = self.one_of(people.Mandate.objects.filter(ended_at=None), which)
        if mandate and is_recall:
            facts = {"source_kind": Source.DECISION, "source_id": None}
            self.does(mandates.recall, viewer=self.viewer(who), mandate_id=mandate.id, **facts)
        elif mandate:
            self.does(mandates.put_down, viewer=self.viewer(who), mandate_id=mandate.id)

    @rule(who=WHO, role=st.sampled_from(list(Trained)), days=st.integers(1, 700))
    def writes_a_training(self, who: int, role: Trained, days: int) -> None:
        today = self.now.date()
        facts = {"role": role, "from_on": today, "until_on": today + timedelta(days=days)}
        self.does(training.write_training, viewer=self.viewer(who), **facts, client_key=uuid4())

    @rule(who=WHO, which=WHICH)
    def confirms_a_training(self, who: int, which: int) -> None:
        one = self.one_of(people.TrainedRole.objects.all(), which)
        if one:
            self.does(
                training.confirm_training, viewer=self.viewer(who), training_id=one.id,
                client_key=uuid4(),
            )  # fmt: skip

    @rule(who=WHO, which=WHICH)
    def ends_a_training(self, who: int, which: int) -> None:
        one = self.one_of(people.TrainedRole.objects.filter(person=self.person(who)), which)
        if one:
            self.does(training.end_training, viewer=self.viewer(who), training_id=one.id)

    # ---------- between two people ----------

    @rule(who=WHO, other=WHO)
    def asks_a_buddy(self, who: int, other: int) -> None:
        facts = {"person_id": self.person(other).id, "client_key": uuid4()}
        self.does(buddies.ask_buddy, viewer=self.viewer(who), **facts)

    @rule(which=WHICH, yes=st.booleans())
    def a_buddy_answers(self, which: int, yes: bool) -> None:
        one = self.one_of(people.Buddy.objects.filter(state="asked"), which)
        if one:
            viewer = cast.viewer(one.asked, self.now)
            self.does(buddies.answer_buddy, viewer=viewer, buddy_id=one.id, yes=yes)

    @rule(who=WHO, which=WHICH)
    def ends_with_a_buddy(self, who: int, which: int) -> None:
        one = self.one_of(people.Buddy.objects.all(), which)
        if one:
            self.does(buddies.end_buddy, viewer=self.viewer(who), buddy_id=one.id)

    @rule(who=WHO, other=WHO)
    def keeps_apart(self, who: int, other: int) -> None:
        facts = {"person_id": self.person(other).id, "client_key": uuid4()}
        self.does(blocks.block, viewer=self.viewer(who), **facts)

    @rule(who=WHO, which=WHICH)
    def lifts_a_block(self, who: int, which: int) -> None:
        one = self.one_of(people.Block.objects.filter(blocker=self.person(who)), which)
        if one:
            self.does(blocks.lift_block, viewer=self.viewer(who), block_id=one.id)

    @rule(who=WHO, other=WHO)
    def sees_somebody_who_lost_their_way_in(self, who: int, other: int) -> None:
        facts = {"name": self.person(other).name, "client_key": uuid4()}
        self.does(resets.say_i_saw_somebody, viewer=self.viewer(who), **facts)

    # ---------- places and devices ----------

    @rule(who=WHO, kind=st.sampled_from(list(Kind)), cell=st.sampled_from(CELLS))
    def enters_a_place(self, who: int, kind: Kind, cell: str) -> None:
        entered = Entered(
            label="Mine", address="14 Linden Street", door_note="",
            where=Where(cells=(cell,), pin=None), hours=b"\xff" * 21,
        )  # fmt: skip
        facts = {"kind": kind, "entered": entered, "client_key": uuid4()}
        self.does(places.add_place, viewer=self.viewer(who), **facts)

    @rule(who=WHO, which=WHICH)
    def deletes_a_place(self, who: int, which: int) -> None:
        one = self.one_of(people.Place.objects.filter(person=self.person(who)), which)
        if one:
            self.does(places.delete_place, viewer=self.viewer(who), place_id=one.id)

    @rule(who=WHO, pause=st.none() | st.sampled_from(list(Pause)))
    def pauses_or_not(self, who: int, pause: Pause | None) -> None:
        if pause is None:
            self.does(places.resume_places, viewer=self.viewer(who))
        else:
            self.does(places.pause_places, viewer=self.viewer(who), pause=pause)

    @rule(who=WHO)
    def enters_a_mail_address(self, who: int) -> None:
        facts = {"email": f"{uuid4().hex[:8]}@mail.example", "client_key": uuid4()}
        self.does(addresses.add_email, viewer=self.viewer(who), **facts)

    @rule(who=WHO, is_taken=st.booleans())
    def a_phone_may_call_or_is_taken(self, who: int, is_taken: bool) -> None:
        if is_taken:
            self.does(devices.phone_was_taken, viewer=self.viewer(who))
            return
        facts = {"label": "Phone", "cookie": "", "client_key": uuid4()}
        self.does(alert_keys.make_alert_key, viewer=self.viewer(who), **facts)

    # ---------- calls for help ----------

    def running(self, which: int) -> Alert | None:
        found: Alert | None = self.one_of(Alert.objects.exclude(state="cancelled"), which)
        return found

    @rule(
        who=WHO, kind=st.sampled_from(list(Emergency)), is_wide=st.booleans(), other=WHO,
        in_a_hurry=st.booleans(), where=st.sampled_from([WhereOfCall.HOME, WhereOfCall.TYPED]),
    )  # fmt: skip
    def calls(
        self, who: int, kind: Emergency, is_wide: bool, other: int, in_a_hurry: bool,
        where: WhereOfCall,
    ) -> None:  # fmt: skip
        place = PlaceOfCall(where=where, address="14 Linden Street", meeting="By the bakery")
        said = Asking(
            kind=kind, is_wide=is_wide, in_a_hurry=in_a_hurry, story="Fell", place=place,
            who="A boy of six", second_id=self.person(other).id,
        )  # fmt: skip
        facts = {"asking": said, "client_key": uuid4()}
        self.does(raising.raise_alert, viewer=self.viewer(who), **facts)

    @rule(who=WHO, other=WHO)
    def chooses_a_safe_person(self, who: int, other: int) -> None:
        facts = {"person_id": self.person(other).id, "client_key": uuid4()}
        self.does(choices.choose_safe_person, viewer=self.viewer(who), **facts)

    @rule(which=WHICH, said=st.sampled_from(list(Said)), who=WHO, minutes=st.integers(1, 60))
    def answers_a_call(self, which: int, said: Said, who: int, minutes: int) -> None:
        alert = self.running(which)
        if alert:
            self.does(
                answering.answer, network_id=alert.network_id, alert_id=alert.id,
                person_id=self.person(who).id, said=said, channel="page", minutes=minutes,
            )  # fmt: skip

    @rule(
        which=WHICH, who=WHO,
        what=st.sampled_from(
            [answering.arrive, answering.safe_home, steering.want_more, steering.go_wider,
             raising.stop_sending, missing.im_safe]
        ),
    )  # fmt: skip
    def does_something_at_a_call(self, which: int, who: int, what: Any) -> None:
        alert = self.running(which)
        if alert:
            self.does(what, viewer=self.viewer(who), alert_id=alert.id)

    @rule(which=WHICH, who=WHO, other=WHO, yes=st.booleans())
    def lets_in_or_removes(self, which: int, who: int, other: int, yes: bool) -> None:
        alert = self.running(which)
        what = steering.allow if yes else steering.remove
        if alert:
            facts = {"alert_id": alert.id, "person_id": self.person(other).id}
            self.does(what, viewer=cast.viewer(alert.raised_by, self.now), **facts)

    @rule(which=WHICH, who=WHO, is_true=st.booleans())
    def says_whether_it_is_true(self, which: int, who: int, is_true: bool) -> None:
        alert = self.one_of(Alert.objects.filter(state="verifying"), which)
        if alert:
            facts = {"alert_id": alert.id, "is_true": is_true}
            self.does(missing.confirm_missing, viewer=self.viewer(who), **facts)

    @rule(which=WHICH, who=WHO)
    def adds_and_takes_a_task(self, which: int, who: int) -> None:
        alert = self.running(which)
        if alert:
            facts = {"alert_id": alert.id, "key": "street_door", "client_key": uuid4()}
            self.does(together.add_task, viewer=self.viewer(who), **facts)
            for task in AlertTask.objects.filter(alert=alert)[:1]:
                facts = {"alert_id": alert.id, "task_id": task.id}
                self.does(together.take_task, viewer=self.viewer(who), **facts)

    @rule(which=WHICH, who=WHO, how=st.sampled_from([EndedHow.ALL_CLEAR, EndedHow.ALL_RIGHT]))
    def ends_a_call(self, which: int, who: int, how: EndedHow) -> None:
        alert = self.running(which)
        if alert:
            self.does(ending.end, viewer=self.viewer(who), alert_id=alert.id, how=how)

    @rule(which=WHICH)
    def stops_showing(self, which: int) -> None:
        shown = self.one_of(Disclosure.objects.all(), which, "-from_at", "reader__joined_at")
        if shown:
            viewer = cast.viewer(shown.owner, self.now)
            self.does(disclosures.stop_showing, viewer=viewer, disclosure_id=shown.id)

    # ---------- what neighbours need ----------

    @rule(
        who=WHO, category=st.sampled_from([Category.FOOD, Category.RIDE]),
        when=st.sampled_from([When.TOMORROW, When.WEEK]), meeting=st.sampled_from(list(Meeting)),
        helpers=st.integers(1, 2), repeats=st.sampled_from(list(Repeat)), has_cell=st.booleans(),
    )  # fmt: skip
    def asks_for_something(
        self, who: int, category: Category, when: When, meeting: Meeting, helpers: int,
        repeats: Repeat, has_cell: bool,
    ) -> None:  # fmt: skip
        wanted = Wanted(
            category=category, line="Milk and bread", when=when, meeting=meeting, helpers=helpers,
            repeats=repeats, times=3, words="Ring twice", cell=CELLS[0] if has_cell else "",
            tells_pod=has_cell,
        )  # fmt: skip
        self.does(asking.ask_for, viewer=self.viewer(who), wanted=wanted, client_key=uuid4())

    @rule(who=WHO, category=st.sampled_from([Category.FOOD, Category.RIDE]), is_over=st.booleans())
    def offers_something(self, who: int, category: Category, is_over: bool) -> None:
        viewer = self.viewer(who)
        if is_over:
            self.does(offers.stop_offer, viewer=viewer, category=category)
            return
        given = Offered(category=category, parts=ALWAYS)
        self.does(offers.save_offer, viewer=viewer, offered=given, client_key=uuid4())

    @rule(who=WHO, which=WHICH, is_now=st.booleans())
    def helps(self, who: int, which: int, is_now: bool) -> None:
        need = self.one_of(Need.objects.filter(closed_at=None), which)
        if need is None:
            return
        viewer = self.viewer(who)
        if is_now:
            self.does(helping.offer_help, viewer=viewer, need_id=need.id, client_key=uuid4())
        else:
            self.does(offers.not_now, viewer=viewer, need_id=need.id)

    @rule(
        which=WHICH, by_asker=st.booleans(),
        what=st.sampled_from(["yes", "no", "cannot", "not them", "done", "thank"]),
    )  # fmt: skip
    def goes_on_with_a_promise(self, which: int, by_asker: bool, what: str) -> None:
        match = self.one_of(Match.objects.select_related("need__asker", "helper"), which)
        if match is None:
            return
        who = match.need.asker if by_asker else match.helper
        act: Callable[..., Any] = {
            "yes": partial(helping.answer_offer, is_yes=True),
            "no": partial(helping.answer_offer, is_yes=False),
            "cannot": helping.cannot, "not them": helping.not_them, "done": helping.say_done,
            "thank": helping.thank,
        }[what]  # fmt: skip
        self.does(act, viewer=cast.viewer(who, self.now), match_id=match.id)

    @rule(which=WHICH, only_this_time=st.booleans())
    def takes_a_need_back(self, which: int, only_this_time: bool) -> None:
        need = self.one_of(Need.objects.select_related("asker"), which)
        if need is not None:
            viewer = cast.viewer(need.asker, self.now)
            self.does(
                asking.take_back, viewer=viewer, need_id=need.id, only_this_time=only_this_time
            )

    @rule(which=WHICH, is_over=st.booleans())
    def shows_a_need_outside(self, which: int, is_over: bool) -> None:
        need = self.one_of(Need.objects.select_related("asker"), which)
        if need is not None:
            deed = outside.end_link if is_over else outside.show_outside
            self.does(deed, viewer=cast.viewer(need.asker, self.now), need_id=need.id)

    @rule(who=WHO, wants=st.booleans())
    def wants_figures_by_mail(self, who: int, wants: bool) -> None:
        self.does(choose_digest, viewer=self.viewer(who), wants=wants)

    # ---------- time ----------

    @rule(step=st.sampled_from(sorted(STEPS)))
    def time_passes(self, step: str) -> None:
        """Workers take what is due, and the sweep runs each hour; after a long time once is as good
        as often."""
        self.now += STEPS[step]
        self.work()
        seal_everything()
        self.sweep()

    def work(self) -> None:
        """What is due by now is done. A worker looks again each second, so that what one step leads
        to is taken too where its moment has passed."""
        for _ in range(ROUNDS):
            with nothing_breaks():
                for work in BY_THE_CLOCK:
                    work(now=self.now)
            if not Alert.objects.filter(step_at__lte=self.now).exists():
                break

    def sweep(self) -> None:
        for line in import_module("porchlight.retention").KEPT:
            if line.action:
                sweep_line(import_string(line.action), now=self.now)

    # ---------- what must hold ----------

    @invariant()
    def every_promise_holds(self) -> None:
        with connection.cursor() as cursor:  # what the database looks at only at the end
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        broken = broken_promises(now=self.now)
        assert not broken, broken

    @invariant()
    def whoever_was_erased_is_nowhere(self) -> None:
        """Only an empty row with a number is left, for a day."""
        if self.erased:
            held = rows()
            ids = [str(person_id) for person_id in self.erased]
            assert tables_with(ids, held) <= {"people_person"}
            assert (
                tables_with([word for words in self.erased.values() for word in words], held)
                == set()
            )
            empty = people.Person.objects.filter(id__in=self.erased)
            assert not empty.exclude(name="", left_at__isnull=False).exists()

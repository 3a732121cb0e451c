"""«Something went wrong»: to people not involved, named nowhere, closed and erased by itself."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.models import Notice
from porchlight.notices.queries.words import words_of as words_of_notice
from porchlight.people import models as people
from porchlight.people.actions.me import leave_network
from porchlight.people.models import AuditRow, Block
from porchlight.people.rules.audit_words import OWN_AFFAIRS
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once
from porchlight.people.tests.promises import broken_promises
from porchlight.trust.actions import reports as actions
from porchlight.trust.models import Disclosure, Reading, Report, ReportReceiver
from porchlight.trust.queries import reports as queries
from porchlight.trust.rules.reports import (
    ALLOWED,
    FEWEST_RECEIVERS,
    MOST_RECEIVERS,
    About,
    ReportState,
    Why,
    may_become,
    may_remind,
    receivers,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WORDS = "He shouted at me on the stairs and would not leave"
ANSWER = "We spoke with both. Ring Kay when you like."


@pytest.fixture
def street() -> dict[str, people.Person]:
    """Bo reports. Kay, Kim and Cora keep or coordinate; Hal keeps and lives with Bo; Gus keeps and
    is in the tree group with Bo; Eve keeps and is kept apart from Bo."""
    found = {name: cast.person(name) for name in ("Bo", "Kay", "Kim", "Cora", "Hal", "Gus", "Eve")}
    found["Max"] = cast.person("Max")
    for name in ("Kay", "Kim", "Hal", "Gus", "Eve"):
        cast.mandate(found[name], Role.KEEPER)
    cast.mandate(found["Cora"], Role.COORDINATOR)
    home, group = cast.circle("At Bo's", "household"), cast.circle("Tree group", "committee")
    for name in ("Bo", "Hal"):
        cast.membership(found[name], home)
    for name in ("Bo", "Gus", "Max"):
        cast.membership(found[name], group)
    cast.block(found["Eve"], found["Bo"])
    return found


def tree_group() -> UUID:
    return people.Circle.objects.get(name="Tree group").id


def sent(street: dict[str, people.Person], **more: Any) -> Report:
    facts: dict[str, Any] = {
        "viewer": cast.viewer(street["Bo"]),
        "about": About.GROUP,
        "thing_id": tree_group(),
        "words": WORDS,
        "keep_away": [],
        "client_key": uuid4(),
        "now": clock.now(),
    }
    made = actions.report(**(facts | more))
    assert made is not None
    return made


def told(report: Report) -> set[str]:
    return set(ReportReceiver.objects.filter(report=report).values_list("person__name", flat=True))


# ---------- rules ----------


@pytest.mark.parametrize(("now_is", "wanted"), list(product(ReportState, ReportState)))
def test_every_step_that_the_table_does_not_name_is_refused_by_the_database_too(
    street: dict[str, people.Person], now_is: ReportState, wanted: ReportState
) -> None:
    assert may_become(now_is, wanted) is (wanted in ALLOWED[now_is])
    row = sent(street)
    whole: dict[ReportState, dict[str, Any]] = {
        ReportState.OPEN: {"taken_by": None, "closed_at": None},
        ReportState.TAKEN: {"taken_by": street["Kay"], "closed_at": None},
        ReportState.CLOSED: {"taken_by": None, "closed_at": clock.now()},
    }
    rows = Report.objects.filter(id=row.id)
    if now_is is not ReportState.OPEN:
        rows.update(state=now_is, **whole[now_is])
    if may_become(now_is, wanted) or now_is is wanted:
        rows.update(state=wanted, **whole[wanted])
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state=wanted, **whole[wanted])


@given(st.sets(st.uuids(), max_size=8), st.sets(st.uuids(), max_size=8), st.uuids())
def test_two_or_three_who_are_not_involved_or_nobody(
    candidates: set[UUID], involved: set[UUID], seed: UUID
) -> None:
    found = receivers(candidates | involved, involved=involved, seed=seed)
    assert not set(found) & involved
    assert len(found) in {0, *range(FEWEST_RECEIVERS, MOST_RECEIVERS + 1)}
    assert bool(found) is (len(candidates - involved) >= FEWEST_RECEIVERS)
    assert found == receivers(candidates | involved, involved=involved, seed=seed)


# ---------- sending ----------


def test_it_goes_to_those_who_have_nothing_to_do_with_it(street: dict[str, people.Person]) -> None:
    row = sent(street)
    assert told(row) == {"Kay", "Kim", "Cora"}
    assert set(Notice.objects.values_list("recipient_id", flat=True)) == {
        street[name].id for name in ("Kay", "Kim", "Cora")
    }
    assert bytes(row.words_guarded) != WORDS.encode()
    assert broken_promises() == []


def test_a_keeper_of_the_group_is_told_of_what_was_elsewhere(
    street: dict[str, people.Person],
) -> None:
    candidates, involved = queries.uninvolved(
        viewer=cast.viewer(street["Bo"]), about=About.VISIT, thing_id=None, apart=[],
        now=clock.now(),
    )  # fmt: skip
    assert street["Gus"].id in candidates - involved
    assert {street[name].id for name in ("Hal", "Eve", "Bo")} <= involved


def test_the_same_form_twice_is_one_report(street: dict[str, people.Person]) -> None:
    key = uuid4()
    assert sent(street, client_key=key).id == sent(street, client_key=key).id
    assert Report.objects.count() == 1


def test_who_is_kept_away_is_kept_away_at_once_and_written_nowhere_else(
    street: dict[str, people.Person],
) -> None:
    row = sent(street, keep_away=[street["Max"].id])
    assert Block.objects.filter(blocker=street["Bo"], blocked=street["Max"]).count() == 1
    assert str(street["Max"].id) not in repr(
        {field.name: getattr(row, field.attname) for field in Report._meta.fields}
    )
    details = AuditRow.objects.filter(verb__startswith="trust.report").values_list(
        "detail", "actor_id"
    )
    assert list(details) == [({}, None)]


def test_whom_the_reporter_keeps_away_and_lives_with_is_not_told(
    street: dict[str, people.Person],
) -> None:
    home = cast.circle("At Max's", "household")
    for name in ("Max", "Kim"):
        cast.membership(street[name], home)
    assert told(sent(street, keep_away=[street["Max"].id])) == {"Kay", "Cora"}


def test_with_fewer_than_two_nobody_is_told_and_keeping_away_stands(
    street: dict[str, people.Person],
) -> None:
    people.Mandate.objects.filter(person__in=[street["Kim"], street["Cora"]]).update(
        ended_at=clock.now(), ended_why="recalled"
    )
    made = actions.report(
        viewer=cast.viewer(street["Bo"]), about=About.GROUP, thing_id=tree_group(), words=WORDS,
        keep_away=[street["Max"].id], client_key=uuid4(), now=clock.now(),
    )  # fmt: skip
    assert made is None
    assert not Report.objects.exists()
    assert not Notice.objects.exists()
    assert Block.objects.filter(blocker=street["Bo"], blocked=street["Max"]).exists()


def test_nothing_said_and_a_group_one_is_not_in_are_refused(
    street: dict[str, people.Person],
) -> None:
    with pytest.raises(Refusal) as no:
        sent(street, words="  ")
    assert no.value.why is Why.NOTHING_SAID
    with pytest.raises(NotHere):
        sent(street, thing_id=cast.circle("Other group", "committee").id)
    with pytest.raises(NotHere):
        sent(street, about=About.ALERT, thing_id=uuid4())
    assert not Report.objects.exists()


def test_keepers_do_not_read_of_it_in_the_audit() -> None:
    assert "trust.report_" in OWN_AFFAIRS


# ---------- looking after it ----------


def test_one_takes_it_answers_and_the_reporter_is_told(street: dict[str, people.Person]) -> None:
    row, kay, now = sent(street), cast.viewer(street["Kay"]), clock.now()
    with pytest.raises(Refusal) as no:
        actions.close(viewer=kay, report_id=row.id, answer=ANSWER, now=now)
    assert no.value.why is Why.NOT_TAKEN
    actions.take(viewer=kay, report_id=row.id, now=now)
    actions.take(viewer=kay, report_id=row.id, now=now)
    with pytest.raises(Refusal) as no:
        actions.take(viewer=cast.viewer(street["Kim"]), report_id=row.id, now=now)
    assert no.value.why is Why.TAKEN
    actions.give_back(viewer=kay, report_id=row.id, now=now)
    actions.take(viewer=cast.viewer(street["Kim"]), report_id=row.id, now=now)
    actions.close(viewer=cast.viewer(street["Kim"]), report_id=row.id, answer=ANSWER, now=now)
    assert queries.my_reports(viewer=cast.viewer(street["Bo"]))[0].answer == ANSWER
    assert heard(street["Bo"]) == ["Somebody answered you"] + ["Somebody looks after it"] * 2
    with pytest.raises(Refusal) as no:
        actions.take(viewer=kay, report_id=row.id, now=now)
    assert no.value.why is Why.OVER
    assert broken_promises() == []


@pytest.mark.parametrize("name", ["Hal", "Gus", "Eve", "Max"])
def test_for_anybody_else_it_does_not_exist(street: dict[str, people.Person], name: str) -> None:
    row, viewer = sent(street), cast.viewer(street[name])
    for act in (actions.take, actions.give_back):
        with pytest.raises(NotHere):
            act(viewer=viewer, report_id=row.id, now=clock.now())
    with pytest.raises(NotHere):
        queries.report_on_desk(viewer=viewer, report_id=row.id)
    client = cast.signed_in(Client(), street[name])
    slug = street["Bo"].network.slug
    for made in (
        client.get(reverse("trust:one-report", args=[slug, row.id])),
        client.post(reverse("trust:take", args=[slug, row.id])),
        client.post(reverse("trust:take-back", args=[slug, row.id])),
    ):
        assert made.status_code in {302, 404}
    assert Report.objects.filter(id=row.id, state=ReportState.OPEN).exists()
    desk = client.get(reverse("trust:reports", args=[slug]))
    assert WORDS not in desk.content.decode()


def test_the_desk_reads_it_and_the_reporter_sees_that(street: dict[str, people.Person]) -> None:
    row = sent(street)
    client = cast.signed_in(Client(), street["Kay"])
    slug = street["Bo"].network.slug
    page = client.get(reverse("trust:one-report", args=[slug, row.id]))
    assert "He shouted at me" in page.content.decode()
    reading = Reading.objects.get()
    shown = Disclosure.objects.get(id=reading.disclosure_id)
    assert (shown.owner_id, shown.reader_id) == (street["Bo"].id, street["Kay"].id)


def test_a_receiver_without_the_role_or_kept_apart_reads_no_more(
    street: dict[str, people.Person],
) -> None:
    row = sent(street)
    people.Mandate.objects.filter(person=street["Kay"]).update(
        ended_at=clock.now(), ended_why="recalled"
    )
    cast.block(street["Kim"], street["Bo"])
    for name in ("Kay", "Kim"):
        with pytest.raises(NotHere):
            queries.report_on_desk(viewer=cast.viewer(street[name]), report_id=row.id)
    assert queries.desk(viewer=cast.viewer(street["Kim"])) == []


def test_taken_back_it_is_gone_whatever_its_state(street: dict[str, people.Person]) -> None:
    row, bo = sent(street), cast.viewer(street["Bo"])
    actions.take(viewer=cast.viewer(street["Kay"]), report_id=row.id, now=clock.now())
    actions.take_back(viewer=cast.viewer(street["Kay"]), report_id=row.id, now=clock.now())
    assert Report.objects.exists()
    actions.take_back(viewer=bo, report_id=row.id, now=clock.now())
    actions.take_back(viewer=bo, report_id=row.id, now=clock.now())
    assert not Report.objects.exists()
    assert not Disclosure.objects.filter(thing_id=row.id, revoked_at=None).exists()


def test_it_closes_by_itself_and_is_erased_a_month_later(street: dict[str, people.Person]) -> None:
    row = sent(street)
    assert actions.close_old_reports(now=row.closes_at - timedelta(seconds=1)) == 0
    assert actions.close_old_reports(now=row.closes_at) == 1
    closed = Report.objects.get()
    assert closed.state == ReportState.CLOSED
    assert closed.expires_at == row.closes_at + timedelta(days=30)
    assert actions.forget_reports(now=closed.expires_at - timedelta(seconds=1)) == 0
    assert actions.forget_reports(now=closed.expires_at) == 1
    assert not Report.objects.exists()


def test_when_a_receiver_leaves_somebody_else_uninvolved_is_told(
    street: dict[str, people.Person],
) -> None:
    spare = cast.person("Ann")
    row = sent(street)
    kay = cast.viewer(street["Kay"])
    actions.take(viewer=kay, report_id=row.id, now=clock.now())
    cast.mandate(spare, Role.COORDINATOR)
    for name in ("Kay", "Cora"):
        if name in told(row):
            leave_network(viewer=cast.viewer(street[name]), now=clock.now())
    row.refresh_from_db()
    assert row.state == ReportState.OPEN
    assert told(row) == {"Kim", "Ann"}
    leave_network(viewer=cast.viewer(street["Bo"]), now=clock.now())
    assert not Report.objects.exists()


def loses_the_role(person: people.Person) -> None:
    people.Mandate.objects.filter(person=person).update(ended_at=clock.now(), ended_why="put_down")


def heard(person: people.Person) -> list[str]:
    """In the order of the alphabet."""
    found = Notice.objects.filter(recipient_id=person.id, topic__kind="report")
    return sorted(words_of_notice(one.text_id, one.text.words_guarded).title for one in found)


def test_who_has_the_role_no_more_reads_it_no_more_and_others_are_told(
    street: dict[str, people.Person],
) -> None:
    row = sent(street)
    assert told(row) == {"Kay", "Kim", "Cora"}
    actions.take(viewer=cast.viewer(street["Kay"]), report_id=row.id, now=clock.now())
    cast.mandate(cast.person("Ann"), Role.COORDINATOR)
    assert actions.follow_reports(now=clock.now()) == 0
    loses_the_role(street["Kay"])
    cast.block(street["Cora"], street["Bo"])
    assert actions.follow_reports(now=clock.now()) == 1
    row.refresh_from_db()
    assert row.state == ReportState.OPEN
    assert told(row) == {"Kim", "Ann"}
    still = Disclosure.objects.filter(thing_id=row.id, revoked_at=None)
    names = people.Person.objects.filter(id__in=still.values("reader_id"))
    assert set(names.values_list("name", flat=True)) == {"Kim", "Ann"}
    assert actions.follow_reports(now=clock.now()) == 0
    assert broken_promises() == []


def test_where_nobody_is_left_who_could_read_it_the_reporter_hears_so(
    street: dict[str, people.Person], client: Client
) -> None:
    row = sent(street)
    for name in ("Kay", "Kim", "Cora"):
        loses_the_role(street[name])
    assert actions.follow_reports(now=clock.now()) == 1
    row.refresh_from_db()
    assert row.state == ReportState.CLOSED
    assert told(row) == set()
    assert heard(street["Bo"]) == ["Nobody has answered you"]
    assert queries.my_reports(viewer=cast.viewer(street["Bo"]))[0].is_unanswered
    browser = cast.signed_in(client, street["Bo"])
    path = reverse("trust:my-reports", args=["linden"])
    browser.post(path, {"password": cast.PASSWORD, "client_key": uuid4()})
    shown = browser.get(path).content.decode()
    assert "Nobody answered." in shown
    assert "tel:112" in shown


def test_what_nobody_takes_or_answers_is_brought_to_mind_again(
    street: dict[str, people.Person],
) -> None:
    row, second = sent(street), timedelta(seconds=1)
    sent_at, desk = row.created_at, ("Kay", "Kim", "Cora")
    assert actions.follow_reports(now=sent_at + 2 * DAY - second) == 0
    assert actions.follow_reports(now=sent_at + 2 * DAY) == 1
    assert actions.follow_reports(now=sent_at + 2 * DAY + second) == 0
    assert {tuple(heard(street[name])) for name in desk} == {
        ("Something needs you", "Something still needs you"),
    }
    taken_at = sent_at + 3 * DAY
    actions.take(viewer=cast.viewer(street["Kay"]), report_id=row.id, now=taken_at)
    assert heard(street["Bo"]) == ["Somebody looks after it"]
    assert actions.follow_reports(now=taken_at + 7 * DAY - second) == 0
    assert actions.follow_reports(now=taken_at + 7 * DAY) == 1
    assert [len(heard(street[name])) for name in desk] == [3, 2, 2]
    actions.close(
        viewer=cast.viewer(street["Kay"]), report_id=row.id, answer=ANSWER, now=taken_at + 8 * DAY
    )
    assert actions.follow_reports(now=taken_at + 28 * DAY) == 0


def test_closed_by_itself_the_reporter_hears_that_nobody_answered(
    street: dict[str, people.Person],
) -> None:
    row = sent(street)
    actions.close_old_reports(now=row.closes_at)
    assert heard(street["Bo"]) == ["Nobody has answered you"]


@pytest.mark.parametrize(
    ("state", "since", "reminded", "now", "is_due"),
    [
        (ReportState.OPEN, 0, None, 1, False),
        (ReportState.OPEN, 0, None, 2, True),
        (ReportState.OPEN, 0, 2, 3, False),
        (ReportState.OPEN, 0, 2, 4, True),
        (ReportState.TAKEN, 3, 2, 9, False),
        (ReportState.TAKEN, 3, 2, 10, True),
        (ReportState.TAKEN, 3, 10, 16, False),
        (ReportState.CLOSED, 0, None, 29, False),
    ],
)
def test_when_it_is_brought_to_mind_again(
    state: ReportState, since: int, reminded: int | None, now: int, is_due: bool
) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    last = None if reminded is None else start + reminded * DAY
    found = may_remind(state, since_at=start + since * DAY, reminded_at=last, now=start + now * DAY)
    assert found is is_due


@pytest.mark.django_db(transaction=True)
def test_two_take_it_at_once_and_one_has_it(street: dict[str, people.Person]) -> None:
    row = sent(street)

    def take(name: str) -> None:
        actions.take(viewer=cast.viewer(street[name]), report_id=row.id, now=clock.now())

    assert Why.TAKEN in at_once(lambda: take("Kay"), lambda: take("Kim"))
    assert Report.objects.filter(state=ReportState.TAKEN).count() == 1


@pytest.mark.django_db(transaction=True)
def test_taken_back_and_answered_at_once_nothing_is_left(street: dict[str, people.Person]) -> None:
    row = sent(street)
    actions.take(viewer=cast.viewer(street["Kay"]), report_id=row.id, now=clock.now())
    at_once(
        lambda: actions.take_back(
            viewer=cast.viewer(street["Bo"]), report_id=row.id, now=clock.now()
        ),
        lambda: actions.close(
            viewer=cast.viewer(street["Kay"]), report_id=row.id, answer=ANSWER, now=clock.now()
        ),
    )
    assert not Report.objects.exists()


# ---------- the pages ----------


def test_the_form_sends_it_and_says_outside_numbers_where_nobody_is_far_enough(
    street: dict[str, people.Person],
) -> None:
    client = cast.signed_in(Client(), street["Bo"])
    slug = street["Bo"].network.slug
    address = reverse("trust:report-about", args=[slug, "group", tree_group()])
    assert "Max" in client.get(address).content.decode()
    facts = {"words": WORDS, "keep_away": [str(street["Max"].id)], "client_key": uuid4()}
    assert client.post(address, facts).status_code == 302
    assert Report.objects.count() == 1
    people.Mandate.objects.update(ended_at=clock.now(), ended_why="recalled")
    page = client.get(address).content.decode()
    assert "Nobody here is far enough from it" in page
    again = client.post(address, facts | {"client_key": uuid4()})
    assert "Nobody was told" in again.content.decode()
    assert Report.objects.count() == 1


def test_one_s_own_reports_need_the_password(street: dict[str, people.Person]) -> None:
    sent(street)
    client = cast.signed_in(Client(), street["Bo"])
    session = client.session
    session.pop("fresh_at", None)
    session.save()
    address = reverse("trust:my-reports", args=[street["Bo"].network.slug])
    assert "He shouted" not in client.get(address).content.decode()
    client.post(address, {"password": cast.PASSWORD, "client_key": uuid4()})
    assert "He shouted" in client.get(address).content.decode()

"""Paper for the worst day: only what its owners allow, for the pod, written down, reprinted."""

import re
import zlib
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from porchlight.kit import clock, vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.models import Notice
from porchlight.people import models as people
from porchlight.people.queries.reaching import ADDRESS_PURPOSE
from porchlight.people.tests import cast
from porchlight.people.tests.promises import broken_promises
from porchlight.trust.actions import paper as actions
from porchlight.trust.models import Disclosure, PaperChoice, Reading
from porchlight.trust.queries import paper as queries
from porchlight.trust.rules.paper import CALLS_EACH, HOLDS, Why, is_due, tree, without

pytestmark = pytest.mark.django_db
NUMBERS = {"Bo": "+31600000001", "Max": "+31600000002", "Sofie": "+31600000003"}


@pytest.fixture
def pod() -> dict[str, people.Person]:
    """Bo, Max, Sofie and Ann are one pod; Ada keeps elsewhere; all but Ann have a phone."""
    found = {name: cast.person(name) for name in ("Bo", "Max", "Sofie", "Ann")}
    circle = cast.circle("Corner pod")
    for who in found.values():
        cast.membership(who, circle)
    for name, number in NUMBERS.items():
        people.Address.objects.create(
            network=found[name].network, person=found[name], source="test", client_key=uuid4(),
            created_at=clock.now(), channel="sms", rank=1, verified_at=clock.now(),
            value_guarded=vault.guard(number, purpose=ADDRESS_PURPOSE, whose=found[name].id),
            value_index=vault.index(number, purpose=ADDRESS_PURPOSE),
        )  # fmt: skip
    return found | {"Ada": cast.ada()}


def ticks(who: people.Person, **more: bool) -> None:
    facts = {"shows_number": True, "shows_training": False, "looks_after": False} | more
    actions.choose(viewer=cast.viewer(who), **facts, now=clock.now())


def page_of(who: people.Person, name: str = "trust:paper-sheet") -> Any:
    return cast.signed_in(Client(), who).get(reverse(name, args=[who.network.slug]))


def words_of(who: people.Person) -> str:
    return str(page_of(who).content.decode())


# ---------- the tree ----------


@given(st.lists(st.uuids(), unique=True, max_size=10))
def test_everybody_is_rung_once_and_nobody_rings_more_than_two(ids: list[UUID]) -> None:
    found = tree(ids)
    rung = [one for line in found for one in line.rings]
    assert sorted(rung) == sorted(ids[1:])
    assert all(len(line.rings) <= CALLS_EACH for line in found)
    assert [line.person_id for line in found] == ids


@given(st.data(), st.lists(st.uuids(), unique=True, min_size=2, max_size=10))
def test_people_kept_apart_never_ring_each_other(data: Any, ids: list[UUID]) -> None:
    pairs = st.tuples(st.sampled_from(ids), st.sampled_from(ids)).filter(
        lambda two: two[0] != two[1]
    )
    apart = data.draw(st.sets(pairs, max_size=8))
    never = {frozenset(pair) for pair in apart}
    for line in tree(ids, apart=apart):
        assert not [one for one in line.rings if frozenset({one, line.person_id}) in never]


def test_when_it_is_time_to_print_again() -> None:
    now = clock.now()
    assert is_due(since_at=now, printed_at=None, now=now)
    assert not is_due(since_at=now, printed_at=now, now=now + HOLDS - timedelta(seconds=1))
    assert is_due(since_at=now, printed_at=now, now=now + HOLDS)


# ---------- who allows what ----------


def test_nothing_stands_on_it_until_its_owner_ticks_it(pod: dict[str, people.Person]) -> None:
    assert NUMBERS["Bo"] not in words_of(pod["Max"])
    assert not Disclosure.objects.exists()
    ticks(pod["Bo"])
    assert NUMBERS["Bo"] in words_of(pod["Max"])
    ticks(pod["Bo"], shows_number=False)
    assert NUMBERS["Bo"] not in words_of(pod["Max"])
    assert broken_promises() == []


def test_each_opening_is_written_down_for_whose_number_it_shows(
    pod: dict[str, people.Person],
) -> None:
    ticks(pod["Bo"])
    ticks(pod["Sofie"])
    words_of(pod["Max"])
    read = set(
        Reading.objects.values_list("disclosure__owner__name", "disclosure__reader__name", "how")
    )
    assert read == {("Bo", "Max", "paper"), ("Sofie", "Max", "paper")}
    words_of(pod["Bo"])  # one's own number is no reading
    assert not Disclosure.objects.filter(owner=pod["Bo"], reader=pod["Bo"]).exists()


def test_somebody_outside_the_pod_prints_nothing_of_it(pod: dict[str, people.Person]) -> None:
    ticks(pod["Bo"])
    for name in ("trust:paper", "trust:paper-sheet", "trust:paper-file"):
        assert page_of(pod["Ada"], name).status_code == 302
    with pytest.raises(NotHere):
        ticks(pod["Ada"])
    assert not Reading.objects.exists()


def test_a_number_is_left_out_for_who_is_kept_apart_both_ways(
    pod: dict[str, people.Person],
) -> None:
    ticks(pod["Bo"])
    ticks(pod["Max"])
    cast.block(pod["Bo"], pod["Max"])
    assert NUMBERS["Bo"] not in words_of(pod["Max"])
    assert NUMBERS["Max"] not in words_of(pod["Bo"])
    assert NUMBERS["Bo"] in words_of(pod["Sofie"])
    assert NUMBERS["Max"] in words_of(pod["Sofie"])


def copy_of(who: people.Person) -> queries.Sheet:
    found: queries.Sheet = page_of(who).context["sheet"]
    return found


def test_who_is_kept_apart_reads_as_somebody_without_a_number(
    pod: dict[str, people.Person],
) -> None:
    for name in ("Bo", "Max", "Sofie"):
        ticks(pod[name])
    cast.block(pod["Bo"], pod["Max"])
    for who, other in (("Max", "Bo"), ("Bo", "Max")):
        copy = copy_of(pod[who])
        assert {line.name for line in copy.lines} == {who, "Sofie"}
        assert other in copy.by_hand
        assert all(line.number for line in copy.lines)
        assert other not in {name for line in copy.lines for name, _ in line.rings}
    assert {line.name for line in copy_of(pod["Sofie"]).lines} == {"Bo", "Max", "Sofie"}


@given(st.integers(1, 12), st.data())
def test_without_somebody_everybody_else_is_still_rung(count: int, data: st.DataObject) -> None:
    ids = [UUID(int=number) for number in range(count)]
    hidden = data.draw(st.sets(st.sampled_from(ids[1:]))) if count > 1 else set()
    kept = without(tree(ids), hidden=hidden)
    assert [one.person_id for one in kept] == [one for one in ids if one not in hidden]
    rung = sorted(other for one in kept for other in one.rings)
    assert rung == sorted({*ids[1:]} - hidden), "each of them once, and nobody who is hidden"


def test_in_a_lock_of_everything_no_number_is_opened(pod: dict[str, people.Person]) -> None:
    from porchlight.trust.actions.lockdown import lock_everything

    ticks(pod["Bo"])
    lock_everything(viewer=cast.viewer(pod["Ada"]), now=clock.now())
    assert NUMBERS["Bo"] not in words_of(pod["Max"])
    assert not Reading.objects.exists()


def test_in_another_pod_it_begins_with_nothing(pod: dict[str, people.Person]) -> None:
    ticks(pod["Bo"], looks_after=True)
    words_of(pod["Max"])
    _moves_out(pod["Bo"])
    assert NUMBERS["Bo"] not in words_of(pod["Max"])
    assert actions.forget_strays(now=clock.now()) == 1
    assert not Disclosure.objects.filter(owner=pod["Bo"], revoked_at=None).exists()
    assert broken_promises() == []


def _moves_out(who: people.Person) -> None:
    from porchlight.people.actions.circles import leave_circle
    from porchlight.people.queries.neighbours import circles_of

    viewer = cast.viewer(who)
    (circle_id,) = circles_of(viewer=viewer)
    leave_circle(viewer=viewer, circle_id=circle_id, now=clock.now())


def test_trained_people_stand_on_it_only_when_they_ticked_it(
    pod: dict[str, people.Person],
) -> None:
    _trained(pod["Bo"], pod["Max"], pod["Sofie"])
    assert "Trained people" not in words_of(pod["Max"])
    ticks(pod["Bo"], shows_number=False, shows_training=True)
    assert "Trained people of this pod" in words_of(pod["Max"])


def _trained(who: people.Person, *by: people.Person) -> None:
    today = clock.now().date()
    row = people.TrainedRole.objects.create(
        network=who.network, person=who, source="test", client_key=uuid4(),
        created_at=clock.now(), role="first_aid", from_on=today,
        until_on=today + timedelta(days=300),
    )  # fmt: skip
    for other in by:
        people.TrainedRoleConfirmation.objects.create(
            network=who.network,
            trained_role=row,
            by=other,
            source="test",
            client_key=uuid4(),
            created_at=clock.now(),
        )
    people.TrainedRole.objects.filter(id=row.id).update(confirmed_at=clock.now())


# ---------- looking after it ----------


def test_two_look_after_it_and_a_third_is_refused(pod: dict[str, people.Person]) -> None:
    for name in ("Bo", "Max"):
        ticks(pod[name], looks_after=True)
    with pytest.raises(Refusal) as no:
        ticks(pod["Sofie"], looks_after=True)
    assert no.value.why is Why.TWO_ALREADY
    ticks(pod["Bo"], looks_after=False)
    ticks(pod["Sofie"], looks_after=True)
    assert PaperChoice.objects.filter(seat__isnull=False).count() == 2


def test_whoever_looks_after_it_is_reminded_once_a_month(pod: dict[str, people.Person]) -> None:
    ticks(pod["Bo"], looks_after=True)
    now = clock.now()
    assert queries.is_paper_due(viewer=cast.viewer(pod["Bo"]), now=now)
    actions.hang_up(viewer=cast.viewer(pod["Bo"]), now=now)
    assert not queries.is_paper_due(viewer=cast.viewer(pod["Bo"]), now=now)
    assert actions.remind_of_paper(now=now) == 0
    later = now + HOLDS
    assert actions.remind_of_paper(now=later) == 1
    assert actions.remind_of_paper(now=later) == 0
    assert Notice.objects.filter(recipient_id=pod["Bo"].id).count() == 1
    assert actions.remind_of_paper(now=later + HOLDS) == 1
    with pytest.raises(NotHere):
        actions.hang_up(viewer=cast.viewer(pod["Sofie"]), now=now)


def test_the_task_reminds(pod: dict[str, people.Person]) -> None:
    from porchlight.trust.tasks import paper

    ticks(pod["Bo"], looks_after=True)
    paper(timestamp=0)
    assert Notice.objects.filter(recipient_id=pod["Bo"].id).count() == 1


# ---------- the sheet ----------


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_the_file_is_a_pdf_of_two_pages_in_every_language(
    pod: dict[str, people.Person], language: str
) -> None:
    pytest.importorskip("weasyprint")
    for name in ("Bo", "Max", "Sofie"):
        ticks(pod[name], shows_training=True)
    client = cast.signed_in(Client(), pod["Max"])
    client.post(reverse("browser:language"), {"language": language, "next": "/"})
    made = client.get(reverse("trust:paper-file", args=[pod["Max"].network.slug]))
    assert made["Content-Type"] == "application/pdf"
    assert made.content.startswith(b"%PDF")
    assert made["Cache-Control"].find("no-store") >= 0
    assert _pages(made.content) == 2


def _pages(made: bytes) -> int:
    """Pages of a PDF: their objects stand in packed streams."""
    packed = re.findall(rb"stream\r?\n(.*?)endstream", made, re.DOTALL)
    found = made
    for stream in packed:
        with suppress(zlib.error):
            found += zlib.decompress(stream)
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", found))


def test_no_file_from_elsewhere_is_fetched_for_it() -> None:
    from porchlight.trust.views.paper import _ours

    for address in ("https://elsewhere.example/x", "file:///etc/passwd", "ours:/../../secrets.py"):
        with pytest.raises(ValueError, match="fonts"):
            _ours(address)


def test_it_says_until_when_it_is_good_and_how_to_call(pod: dict[str, people.Person]) -> None:
    ticks(pod["Bo"])
    words = words_of(pod["Max"])
    for part in ("Print again by", "When the internet is down", pod["Bo"].network.emergency_number):
        assert part in words

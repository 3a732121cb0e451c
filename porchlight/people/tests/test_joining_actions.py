"""Coming in through an invite, and asking at the door."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import connection

from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.network import Network
from porchlight.people import models
from porchlight.people.actions.asking import answer_at_the_door, ask_at_the_door
from porchlight.people.actions.invites import make_invite, revoke_invite
from porchlight.people.actions.joining import Newcomer, join
from porchlight.people.queries.asking import answered, at_the_door
from porchlight.people.queries.invites import door_behind, own_invite, own_invites
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules import joining, names
from porchlight.people.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_goes_out")]


def newcomer(name: str = "Eve", **other: object) -> Newcomer:
    facts = {
        "name": name,
        "language": "es",
        "email": "",
        "is_under_18": False,
        "password": cast.hashed(cast.PASSWORD),
        "recovery": cast.hashed(cast.RECOVERY),
    }
    return Newcomer(**(facts | other))  # type: ignore[arg-type]


def linden() -> Network:
    return as_network(cast.linden())


def an_invite(who: models.Person, circle: models.Circle | None = None) -> str:
    """The words of a fresh invite."""
    now = clock.now()
    viewer = cast.viewer(who)
    made = make_invite(
        viewer=viewer, circle_id=circle.id if circle else None, client_key=uuid4(), now=now
    )
    return own_invite(viewer=viewer, invite_id=made.id, now=now).code


def come_in(code: str, name: str = "Eve", key: UUID | None = None, **other: object) -> models.Login:
    return join(
        network=linden(),
        code=code,
        newcomer=newcomer(name, **other),
        client_key=key or uuid4(),
        now=clock.now(),
    )


def test_somebody_comes_in_as_a_newcomer_with_a_login_bound_to_who_invited_them() -> None:
    bo = cast.bo()
    login = come_in(an_invite(bo))
    assert login.person.level == "newcomer"
    assert login.person.language == "es"
    assert login.person.invited_by_id == bo.id
    assert not login.person.is_founder
    audited = models.AuditRow.objects.filter(verb="people.join").get()
    assert audited.actor_id == login.person_id


def test_an_invite_to_a_pod_gives_the_next_free_seat() -> None:
    bo, pod = cast.bo(), cast.circle()
    cast.membership(bo, pod)
    login = come_in(an_invite(bo, pod))
    seat = models.Membership.objects.get(person=login.person, until_at=None)
    assert (seat.circle_id, seat.seat) == (pod.id, 2)


def test_a_full_pod_keeps_nobody_out_of_the_network() -> None:
    bo, pod = cast.bo(), cast.circle()
    cast.membership(bo, pod)
    code = an_invite(bo, pod)
    for number in range(9):
        cast.membership(cast.person(f"N{number}", with_login=False), pod)
    login = come_in(code)
    assert login.person.left_at is None
    assert not models.Membership.objects.filter(person=login.person).exists()


def test_who_invited_somebody_hears_of_it_without_a_name() -> None:
    from porchlight.notices.models import Notice

    bo = cast.bo()
    login = come_in(an_invite(bo))
    assert Notice.objects.filter(recipient_id=bo.id).count() == 1
    assert login.person.name == "Eve"


def test_a_mail_address_given_at_joining_gets_a_code_and_is_not_used_before_it_comes_back() -> None:
    login = come_in(an_invite(cast.bo()), email="eve@mail.example")
    address = models.Address.objects.get(person=login.person)
    assert address.verified_at is None
    assert address.code_index is not None
    assert b"eve@mail" not in bytes(address.value_guarded)


@pytest.mark.parametrize("how", ["wrong", "used", "revoked", "expired", "elsewhere"])
def test_a_wrong_used_revoked_or_old_invite_reads_the_same(how: str) -> None:
    bo = cast.bo()
    code = an_invite(bo)
    invite = models.Invite.objects.get()
    now = clock.now()
    if how == "wrong":
        code = "lemon-river-window-garden-music-yellow"
    elif how == "used":
        come_in(code)
    elif how == "revoked":
        revoke_invite(viewer=cast.viewer(bo), invite_id=invite.id, now=now)
    elif how == "expired":
        now += timedelta(days=7)
    where = as_network(cast.harbour()) if how == "elsewhere" else linden()
    with pytest.raises(Refusal) as refused:
        join(network=where, code=code, newcomer=newcomer("Fay"), client_key=uuid4(), now=now)
    assert refused.value.why is joining.Why.NO_INVITE
    viewer = cast.nobody(cast.harbour() if how == "elsewhere" else None)
    assert door_behind(typed=code, now=now, viewer=viewer) is None


def test_the_same_form_twice_makes_one_person() -> None:
    code, key = an_invite(cast.bo()), uuid4()
    assert come_in(code, key=key).id == come_in(code, key=key).id
    assert models.Person.objects.filter(name="Eve").count() == 1


def test_a_key_forged_from_another_persons_form_makes_nothing_of_theirs_ones_own() -> None:
    bo, key = cast.bo(), uuid4()
    first = come_in(an_invite(bo), "Eve", key=key)
    second = come_in(an_invite(bo), "Fay", key=key)
    assert first.person_id != second.person_id
    ada, now = cast.ada(), clock.now()
    mine = make_invite(viewer=cast.viewer(bo), circle_id=None, client_key=key, now=now)
    theirs = make_invite(viewer=cast.viewer(ada), circle_id=None, client_key=key, now=now)
    assert mine.id != theirs.id
    assert theirs.inviter_id == ada.id


@pytest.mark.parametrize("name", ["Bo", "bo", "B0", "B\u200bo", "  Bo "])
def test_a_name_that_looks_like_somebodys_is_refused_and_the_invite_stays_open(name: str) -> None:
    from porchlight.kit.words import clean_line

    code = an_invite(cast.bo())
    with pytest.raises(Refusal) as refused:
        come_in(code, clean_line(name))
    assert refused.value.why is names.Why.TAKEN
    assert door_behind(typed=code, now=clock.now()) is not None


def test_a_name_of_another_network_is_free_here() -> None:
    cast.cy()
    assert come_in(an_invite(cast.bo()), "Cy").person.name == "Cy"


@pytest.mark.django_db(transaction=True)
def test_two_people_with_one_invite_at_once_one_comes_in() -> None:
    code = an_invite(cast.bo())
    start = Barrier(2)

    def try_it(name: str) -> str:
        try:
            start.wait(5)
            return str(come_in(code, name).person.name)
        except Refusal as refusal:
            return refusal.why.name
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        said = set(both.map(try_it, ["Eve", "Fay"]))
    assert said in ({"Eve", "NO_INVITE"}, {"Fay", "NO_INVITE"})
    assert models.Person.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_people_taking_one_name_at_once_one_gets_it() -> None:
    codes = [an_invite(cast.person(name)) for name in ("Bo", "Gil")]
    start = Barrier(2)

    def try_it(code: str) -> str:
        try:
            start.wait(5)
            return str(come_in(code, "Eve").person.name)
        except Refusal as refusal:
            return refusal.why.name
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(try_it, codes)) == ["Eve", "TAKEN"]


@pytest.mark.django_db(transaction=True)
def test_five_clicks_at_once_leave_three_invites_open() -> None:
    viewer = cast.viewer(cast.bo())
    start = Barrier(5)

    def try_it(_: int) -> str:
        try:
            start.wait(5)
            make_invite(viewer=viewer, circle_id=None, client_key=uuid4(), now=clock.now())
        except Refusal as refusal:
            return refusal.why.name
        finally:
            connection.close()
        return "made"

    with ThreadPoolExecutor(5) as five:
        said = list(five.map(try_it, range(5)))
    assert sorted(said) == ["TOO_MANY_OPEN"] * 2 + ["made"] * 3


def test_a_newcomer_invites_nobody_and_a_keeper_ten() -> None:
    with pytest.raises(Refusal) as refused:
        an_invite(cast.dee())
    assert refused.value.why is joining.Why.MEMBERS_INVITE
    ada = cast.ada()
    for _ in range(10):
        an_invite(ada)
    with pytest.raises(Refusal) as refused:
        an_invite(ada)
    assert refused.value.why is joining.Why.TOO_MANY_OPEN


def test_people_are_invited_only_to_ones_own_circles() -> None:
    with pytest.raises(Refusal) as refused:
        an_invite(cast.bo(), cast.circle("Other pod"))
    assert refused.value.why is joining.Why.NOT_YOUR_CIRCLE


def test_an_invite_is_shown_and_revoked_by_its_maker_only() -> None:
    bo, cy, now = cast.bo(), cast.cy(), clock.now()
    an_invite(bo)
    [invite] = own_invites(viewer=cast.viewer(bo), now=now)
    for other in (cast.ada(), cy):
        with pytest.raises(NotHere):
            own_invite(viewer=cast.viewer(other), invite_id=invite.id, now=now)
        with pytest.raises(NotHere):
            revoke_invite(viewer=cast.viewer(other), invite_id=invite.id, now=now)
    revoke_invite(viewer=cast.viewer(bo), invite_id=invite.id, now=now)
    revoke_invite(viewer=cast.viewer(bo), invite_id=invite.id, now=now)
    [gone] = own_invites(viewer=cast.viewer(bo), now=now)
    assert (gone.state, gone.code) == ("revoked", "")


def test_the_list_of_invites_costs_one_query_with_one_and_with_twenty(
    django_assert_num_queries: object,
) -> None:
    ada, now = cast.ada(), clock.now()
    viewer = cast.viewer(ada)
    an_invite(ada)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(own_invites(viewer=viewer, now=now)) == 1
    for _ in range(19):
        code = an_invite(ada)
        come_in(code, f"N{_}x")
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(own_invites(viewer=viewer, now=now)) == 20


# ---------- asking at the door ----------


def ask(key: UUID | None = None, now: datetime | None = None, name: str = "Fay") -> str:
    return ask_at_the_door(
        network=linden(),
        name=name,
        recognised_by="The red bicycle, number 12",
        language="ar",
        client_key=key or uuid4(),
        now=now or clock.now(),
    )


def test_somebody_at_the_door_gets_words_and_the_same_ones_for_the_same_form() -> None:
    key = uuid4()
    assert ask(key) == ask(key) != ask()
    assert models.JoinRequest.objects.count() == 2
    row = models.JoinRequest.objects.first()
    assert row is not None
    assert b"bicycle" not in bytes(row.words_guarded)


def test_a_member_says_yes_and_the_asker_reads_the_words_of_an_invite() -> None:
    bo, now = cast.bo(), clock.now()
    code = ask()
    viewer = cast.viewer(bo)
    [waiting] = at_the_door(viewer=viewer, now=now)
    assert (waiting.name, waiting.recognised_by) == ("Fay", "The red bicycle, number 12")
    key = uuid4()
    for _ in range(2):
        answer_at_the_door(
            viewer=viewer, request_id=waiting.id, is_yes=True, client_key=key, now=now
        )
    found = answered(viewer=cast.nobody(), typed=code, now=now)
    assert found is not None
    assert found.state == "invited"
    login = come_in(found.invite_code, "Fay")
    assert login.person.invited_by_id == bo.id
    assert at_the_door(viewer=viewer, now=now) == []


def test_a_no_is_final_and_shown_kindly() -> None:
    now, code = clock.now(), ask()
    viewer = cast.viewer(cast.bo())
    [waiting] = at_the_door(viewer=viewer, now=now)
    answer_at_the_door(
        viewer=viewer, request_id=waiting.id, is_yes=False, client_key=uuid4(), now=now
    )
    found = answered(viewer=cast.nobody(), typed=code, now=now)
    assert found is not None
    assert (found.state, found.invite_code) == ("declined", "")
    with pytest.raises(Refusal):
        answer_at_the_door(
            viewer=viewer, request_id=waiting.id, is_yes=True, client_key=uuid4(), now=now
        )


def test_who_may_not_answer_sees_nobody_at_the_door() -> None:
    ask()
    request = models.JoinRequest.objects.get()
    for person in (cast.dee(), cast.person("Kim", is_under_18=True)):
        with pytest.raises(NotHere):
            at_the_door(viewer=cast.viewer(person), now=clock.now())
    cy = cast.viewer(cast.cy())
    assert at_the_door(viewer=cy, now=clock.now()) == []
    with pytest.raises(NotHere):
        answer_at_the_door(
            viewer=cy, request_id=request.id, is_yes=True, client_key=uuid4(), now=clock.now()
        )


def test_a_request_is_over_after_fourteen_days() -> None:
    now = clock.now()
    code = ask(now=now)
    later = now + timedelta(days=14)
    assert answered(viewer=cast.nobody(), typed=code, now=later - timedelta(seconds=1)) is not None
    assert answered(viewer=cast.nobody(), typed=code, now=later) is None
    assert at_the_door(viewer=cast.viewer(cast.bo()), now=later) == []


def test_a_flood_at_the_door_is_sent_to_find_a_neighbour() -> None:
    for _ in range(50):
        ask()
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.why is joining.Why.DOOR_IS_FULL


def test_the_queue_costs_one_query_with_one_and_with_twenty(
    django_assert_num_queries: object,
) -> None:
    viewer, now = cast.viewer(cast.bo()), clock.now()
    ask()
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(at_the_door(viewer=viewer, now=now + timedelta(seconds=9))) == 1
    for _ in range(19):
        ask()
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(at_the_door(viewer=viewer, now=now + timedelta(seconds=9))) == 20


def test_keepers_hear_of_the_first_who_asks_and_a_flood_rings_once() -> None:
    from porchlight.notices.models import Notice

    ada, bo = cast.ada(), cast.bo()
    for _ in range(5):
        ask()
    assert Notice.objects.filter(recipient_id=ada.id).count() == 1
    assert not Notice.objects.filter(recipient_id=bo.id).exists()

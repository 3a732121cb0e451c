"""Each page through its address, for each kind of visitor."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from porchlight.home.actions.demo.load import load_demo
from porchlight.home.rules.cast import DESCRIBED
from porchlight.kit import clock, vault
from porchlight.notices.actions import open_topic, receive_text, tell
from porchlight.notices.models import AddressHealth, Notice
from porchlight.notices.rules import Recipient, Urgency, Wording
from porchlight.people import models
from porchlight.people.actions.invites import make_invite
from porchlight.people.queries.invites import INVITE_CODE
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast

pytestmark = pytest.mark.django_db
HOME = "/n/linden/"
SOME = "0b1c9d7e-8f3a-4b5c-9d6e-7f8a9b0c1d2e"


def words(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content[:300]
    return answer.content.decode()


def numbers(where: models.Network) -> None:
    models.LocalNumber.objects.create(
        id=uuid4(),
        network=where,
        ordinal=1,
        label={"en": "Poison line", "es": "Envenenamientos"},
        number="+31 30 274 8888",
    )


def say_hello(who: models.Person) -> None:
    now = clock.now()
    day = now.astimezone(cast.viewer(who).network.zoneinfo).date()
    models.Hello.objects.create(
        network=who.network, person=who, day=day, expires_at=now + timedelta(hours=1)
    )


# ---------- welcome ----------


def test_a_new_install_leads_to_the_first_run_page(client: Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"] == "/start/"


def test_with_one_network_the_first_page_offers_to_sign_in_there(client: Client) -> None:
    cast.linden()
    page = words(client, "/")
    assert "Linden Street" in page
    assert 'name="words"' in page
    assert "Look around as one of six" not in page


def test_with_several_networks_the_first_page_names_none(client: Client) -> None:
    cast.linden()
    cast.harbour()
    page = words(client, "/")
    assert "Linden" not in page
    assert "Harbour" not in page
    assert 'name="place"' in page


def test_the_forms_of_the_first_page_send_what_the_next_pages_read(client: Client) -> None:
    ada = cast.ada()
    cast.harbour()
    page = words(client, "/")
    assert page.count('name="client_key"') == 2
    invite = make_invite(
        viewer=cast.viewer(ada), circle_id=None, client_key=uuid4(), now=clock.now()
    )
    code = vault.reveal(invite.code_guarded or b"", purpose=INVITE_CODE, whose=invite.id)
    assert 'action="/join/"' in page
    came = client.post("/join/", {"words": code, "client_key": uuid4()})
    assert came["Location"].startswith("/n/linden/join/")
    assert 'action="/sign-in/"' in page
    back = client.post("/sign-in/", {"place": "linden", "client_key": uuid4()})
    assert back["Location"] == "/n/linden/sign-in/"


def test_somebody_signed_in_goes_home(client: Client) -> None:
    answer = cast.signed_in(client, cast.bo()).get("/")
    assert answer["Location"] == HOME


def test_a_login_that_is_over_reads_the_first_page(client: Client) -> None:
    bo = cast.bo()
    cast.signed_in(client, bo)
    models.Person.objects.filter(id=bo.id).update(left_at=clock.now())
    assert "Come in with an invite" in words(client, "/")


def test_the_demo_offers_six_people_and_one_press_is_one_of_them(client: Client) -> None:
    load_demo(now=clock.now())
    page = words(client, "/")
    assert all(f'value="{one.key}"' in page for one in DESCRIBED)
    for one in DESCRIBED:
        visitor = Client()
        answer = visitor.post("/demo/be/", {"who": one.key})
        assert answer["Location"] == f"/n/{one.network}/"
        assert one.name in words(visitor, f"/n/{one.network}/")
    assert client.post("/demo/be/", {"who": "nobody"}).status_code == 404
    assert client.get("/demo/be/").status_code == 405


def test_nobody_becomes_somebody_outside_the_demo(client: Client, settings: Settings) -> None:
    load_demo(now=clock.now())
    settings.IS_DEMO = False
    assert client.post("/demo/be/", {"who": "keeper"}).status_code == 404
    assert "Look around as one of six" not in words(client, "/")


def test_a_real_network_with_the_demos_names_is_not_open_to_the_demo(client: Client) -> None:
    cast.person("Marja")
    assert client.post("/demo/be/", {"who": "keeper"}).status_code == 404


# ---------- home ----------


def test_home_is_for_people_of_the_network(client: Client) -> None:
    cast.linden()
    answer = client.get(HOME)
    assert answer.status_code == 302
    assert "next=%2Fn%2Flinden%2F" in answer["Location"]
    assert cast.signed_in(Client(), cast.cy()).get(HOME).status_code == 404


def test_home_shows_who_said_hello_and_nobody_who_did_not(client: Client) -> None:
    bo, ada, eve = cast.bo(), cast.ada(), cast.person("Eve")
    pod = cast.circle()
    for one in (bo, ada, eve):
        cast.membership(one, pod)
    say_hello(ada)
    page = words(cast.signed_in(client, bo), HOME)
    assert "Ada" in page
    assert "Eve" not in page
    assert "1 light is on in your pod today" in page
    assert "Say hello to your pod today, if you like." in page


def test_one_press_says_hello_and_twice_is_once(client: Client) -> None:
    bo = cast.bo()
    cast.membership(bo, cast.circle())
    cast.signed_in(client, bo)
    for _ in range(2):
        answer = client.post(HOME, {"client_key": str(uuid4())})
        assert answer["Location"] == HOME
    assert models.Hello.objects.filter(person=bo).count() == 1
    assert "Your light is on." in words(client, HOME)


def test_somebody_without_a_pod_reads_why_there_is_no_light_to_turn_on(client: Client) -> None:
    dee = cast.dee()
    answer = cast.signed_in(client, dee).post(HOME, {"client_key": str(uuid4())})
    assert answer.status_code == 422
    assert "You have no pod yet" in answer.content.decode()


def test_a_newcomer_reads_one_next_step_and_how_many_neighbours_must_know_them(
    client: Client,
) -> None:
    dee = cast.dee()
    models.Person.objects.filter(id=dee.id).update(joined_at=clock.now())
    page = words(cast.signed_in(client, dee), HOME)
    assert "Say how your neighbours can reach you" in page
    assert "See which pods have a place" not in page
    assert "2 more neighbours have to say" in page


def test_home_shows_what_waits_for_somebody(client: Client) -> None:
    bo, dee = cast.bo(), cast.dee()
    pod = cast.circle()
    cast.membership(bo, pod)
    now = clock.now()
    models.MembershipAsk.objects.create(
        network=bo.network,
        source="test",
        client_key=uuid4(),
        created_at=now,
        circle=pod,
        person=dee,
        asked_by=dee,
        state="asked",
        expires_at=now + timedelta(days=3),
    )
    assert "Dee would like to join Corner pod" in words(cast.signed_in(client, bo), HOME)
    assert "You asked to join Corner pod" in words(cast.signed_in(Client(), dee), HOME)
    ada = cast.ada()
    assert "would like to join" not in words(cast.signed_in(Client(), ada), HOME)


def test_home_asks_members_whether_they_know_the_newcomers_of_their_pod(client: Client) -> None:
    bo, dee = cast.bo(), cast.dee()
    pod = cast.circle()
    for one in (bo, dee):
        cast.membership(one, pod)
    cast.signed_in(client, bo)
    assert "Do you know Dee?" in words(client, HOME)
    models.Person.objects.filter(id=dee.id).update(level="member")
    assert "Do you know Dee?" not in words(client, HOME)


def test_home_says_when_a_way_to_be_reached_does_not_work(client: Client) -> None:
    bo = cast.bo()
    now = clock.now()
    address = models.Address.objects.create(
        network=bo.network,
        source="test",
        client_key=uuid4(),
        created_at=now,
        person=bo,
        channel="email",
        value_guarded=b"-",
        value_index=b"-",
        rank=1,
        verified_at=now,
    )
    health = AddressHealth.objects.create(
        address_id=address.id,
        network_id=bo.network_id,
        worked_at=now - timedelta(days=2),
        failed_at=now - timedelta(days=1),
        expires_at=now + timedelta(days=90),
    )
    cast.signed_in(client, bo)
    assert "A way to reach you does not work" in words(client, HOME)
    health.worked_at = now
    health.save()
    assert "A way to reach you does not work" not in words(client, HOME)


def test_a_role_that_ends_soon_is_coming_up_and_a_long_one_is_not(client: Client) -> None:
    bo = cast.bo()
    role = cast.mandate(bo)
    cast.signed_in(client, bo)
    page = words(client, HOME)
    assert "Coming up" not in page
    assert "Keeper" in page[page.index("What you have set up") :]
    models.Mandate.objects.filter(id=role.id).update(until_at=clock.now() + timedelta(days=9))
    page = words(client, HOME)
    assert "Keeper" in page[page.index("Coming up") :]
    assert "What you have set up" not in page


def test_home_asks_the_database_as_often_with_one_row_as_with_twenty(client: Client) -> None:
    bo = cast.bo()
    pod, team = cast.circle(), cast.circle("Choir", "team")
    cast.membership(bo, pod)
    cast.membership(bo, team)
    cast.signed_in(client, bo)
    fill(bo, pod, team, 1)
    words(client, HOME)
    with CaptureQueriesContext(
        connection,
    ) as with_one:
        words(client, HOME)
    fill(bo, pod, team, 8)
    fill(bo, None, team, 12)
    with CaptureQueriesContext(connection) as with_twenty:
        page = words(client, HOME)
    assert "21 things you have not read" in page
    assert len(with_twenty) == len(with_one)
    assert len(with_one) <= 20


def text_that_waits(where: models.Network) -> None:
    receive_text(
        network_id=where.id, channel="sms", provider_id=str(uuid4()), address_value="+31699999999",
        text="My mother fell", now=clock.now(), is_known=False,
    )  # fmt: skip


@pytest.mark.parametrize("is_proven", [True, False])
def test_home_and_more_say_how_many_texts_wait_to_whoever_may_read_them(
    client: Client, is_proven: bool
) -> None:
    ada = cast.ada()
    cast.signed_in(client, ada, is_proven=is_proven)
    assert "waits for somebody" not in words(client, HOME)
    assert "1 waits" not in words(client, "/n/linden/more/")
    text_that_waits(ada.network)
    assert "1 text waits for somebody to read it" in words(client, HOME)
    assert "1 waits" in words(client, "/n/linden/more/")
    text_that_waits(ada.network)
    page = words(client, HOME)
    assert "2 texts wait for somebody to read them" in page
    assert 'href="/n/linden/inbox/"' in page
    assert "2 wait" in words(client, "/n/linden/more/")


def test_how_many_texts_wait_is_nothing_for_others(client: Client) -> None:
    cast.ada()
    text_that_waits(cast.linden())
    for who in (cast.bo(), cast.cy()):
        cast.signed_in(client, who)
        slug = who.network.slug
        assert "text waits" not in words(client, f"/n/{slug}/")
        assert "1 waits" not in words(client, f"/n/{slug}/more/")


def fill(bo: models.Person, pod: models.Circle | None, team: models.Circle, count: int) -> None:
    """More neighbours, lights, asks, news, invites and roles around somebody."""
    now = clock.now()
    for _ in range(count):
        number = models.Person.objects.count()
        one = cast.person(f"Neighbour {'abcdefghijklmnopqrstuvwxyz'[number]}", with_login=False)
        if pod is not None:
            cast.membership(one, pod)
            say_hello(one)
        models.MembershipAsk.objects.create(
            network=bo.network,
            source="test",
            client_key=uuid4(),
            created_at=now,
            circle=team,
            person=one,
            asked_by=one,
            state="asked",
            expires_at=now + timedelta(days=3),
        )
        models.Invite.objects.create(
            network=bo.network,
            source="test",
            client_key=uuid4(),
            created_at=now,
            inviter=bo,
            code_index=uuid4().bytes,
            expires_at=now + timedelta(days=3),
        )
        topic = open_topic(
            network_id=bo.network_id,
            about=None,
            kind="test",
            now=now,
            expires_at=now + timedelta(days=1),
        )
        tell(
            network_id=bo.network_id,
            topic_id=topic,
            recipients=[Recipient(id=bo.id, language="en")],
            wording=Wording(title="Something"),
            urgency=Urgency.ORDINARY,
            path=HOME,
            now=now,
            expires_at=now + timedelta(days=1),
        )
    assert Notice.objects.filter(recipient_id=bo.id).exists()


def test_home_shows_what_somebody_has_and_where_it_is_changed(client: Client) -> None:
    bo, ada = cast.bo(), cast.ada()
    pod = cast.circle()
    for one in (bo, ada):
        cast.membership(one, pod)
    make_invite(viewer=cast.viewer(bo), circle_id=None, client_key=uuid4(), now=clock.now())
    page = words(cast.signed_in(client, bo), HOME)
    mine = page[page.index("What you have set up") :]
    assert "1 neighbour and you" in mine
    assert "1 invite that nobody has used" in mine
    assert 'href="/n/linden/pod/"' in mine
    assert "to reach you" not in mine
    assert "place of yours" not in mine


# ---------- language ----------


def test_signing_in_turns_the_pages_to_ones_own_language_until_another_is_chosen(
    client: Client,
) -> None:
    load_demo(now=clock.now())
    client.post("/language/", {"language": "en", "next": "/"})
    client.post("/demo/be/", {"who": "elder"})
    assert 'dir="rtl"' in words(client, HOME)
    client.post("/language/", {"language": "en", "next": HOME})
    assert 'lang="en"' in words(client, HOME)


# ---------- numbers ----------


def test_the_sheet_of_numbers_needs_no_sign_in_and_speaks_the_readers_language(
    client: Client,
) -> None:
    numbers(cast.linden())
    page = words(client, "/n/linden/emergency/")
    assert "Poison line" in page
    client.cookies["porch-language"] = "es"
    assert "Envenenamientos" in words(client, "/n/linden/emergency/")
    client.cookies["porch-language"] = "ar"
    page = words(client, "/n/linden/emergency/")
    assert 'dir="rtl"' in page
    assert "Poison line" in page  # nobody wrote it in Arabic: better in English than not at all


def test_a_network_that_is_not_there_has_no_pages(client: Client) -> None:
    for path in ("/n/nowhere/", "/n/nowhere/help/", "/n/nowhere/emergency/", "/n/nowhere/limits/"):
        assert client.get(path).status_code == 404


# ---------- more, limits, where ----------


def test_more_shows_somebody_only_what_they_may_open(client: Client) -> None:
    bo, ada = cast.bo(), cast.ada()
    for who in (bo, ada):
        visitor = cast.signed_in(Client(), who)
        page = words(visitor, "/n/linden/more/")
        assert "/n/linden/limits/" in page
        assert ("/n/linden/audit/" in page) is (who is ada)
    assert client.get("/n/linden/more/").status_code == 302


@pytest.mark.parametrize(
    ("role", "finds_it"), [(role, role in {Role.KEEPER, Role.COORDINATOR}) for role in Role]
)
def test_whoever_may_be_told_that_something_went_wrong_finds_it_again(
    client: Client, role: Role, finds_it: bool
) -> None:
    bo = cast.bo()
    cast.mandate(bo, role)
    cast.signed_in(client, bo)
    desk = "/n/linden/went-wrong/desk/"
    assert (f'href="{desk}"' in words(client, "/n/linden/more/")) is finds_it
    assert client.get(desk).status_code == (200 if finds_it else 404)


def test_everything_under_more_opens(client: Client) -> None:
    ada = cast.ada()
    cast.signed_in(client, ada)
    page = words(client, "/n/linden/more/")
    menu = page[page.index('<nav class="menu"') :]
    paths = [part.split('"')[0] for part in menu[: menu.index("</nav>")].split('href="')[1:]]
    assert len(paths) >= 15
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


def test_the_limits_page_says_that_nobody_has_checked_the_program_yet(client: Client) -> None:
    cast.linden()
    assert "Nobody from outside has checked this program" in words(client, "/n/linden/limits/")


def test_every_page_of_a_network_leads_to_what_is_kept_and_who_sees_it(client: Client) -> None:
    bo = cast.bo()
    for visitor in (client, cast.signed_in(Client(), bo)):
        foot = words(visitor, "/n/linden/help/").split('<footer class="foot">')[1]
        assert 'href="/n/linden/limits/"' in foot
        assert 'href="/n/linden/kept/"' in foot
    assert "limits" not in words(client, "/sheet/")


def test_a_link_upwards_leads_to_its_owner_only(client: Client) -> None:
    bo = cast.bo()
    fill(bo, None, cast.circle("Choir", "team"), 1)
    notice = Notice.objects.get(recipient_id=bo.id)
    path = f"/r/{notice.id}"
    assert client.get(path)["Location"].startswith("/sign-in/?next=")
    unknown = cast.signed_in(Client(), bo).get(f"/r/{uuid4()}")
    theirs = cast.signed_in(Client(), cast.ada()).get(path)
    elsewhere = cast.signed_in(Client(), cast.cy()).get(path)
    assert {unknown.status_code, theirs.status_code, elsewhere.status_code} == {404}
    assert unknown.content == theirs.content
    assert str(notice.id) in cast.signed_in(Client(), bo).get(path)["Location"]


@pytest.mark.parametrize("networks", [1, 2])
def test_a_link_from_a_mail_leads_through_signing_in_to_what_it_is_about(
    client: Client, networks: int
) -> None:
    bo = cast.bo()
    if networks == 2:
        cast.harbour()
    now = clock.now()
    soon = now + timedelta(hours=1)
    topic_id = open_topic(
        network_id=bo.network_id,
        about=None,
        kind="ask",
        now=now,
        expires_at=soon,
    )
    [notice_id] = tell(
        network_id=bo.network_id, topic_id=topic_id,
        recipients=[Recipient(id=bo.id, language="en")], wording=Wording(title="Somebody asks"),
        urgency=Urgency.ORDINARY, path="/n/linden/groups/", now=now, expires_at=soon,
    )  # fmt: skip
    link = f"/r/{notice_id}"
    asked = client.get(link, follow=True)
    address = asked.redirect_chain[-1][0]
    if networks == 2:  # nothing tells a stranger which neighbourhood the link is of
        assert b"linden" not in asked.content.lower()
        typed = {"place": "linden", "client_key": str(uuid4())}
        answer = client.post(address, typed, follow=True)
        address = answer.redirect_chain[-1][0]
    assert address.startswith("/n/linden/sign-in/")
    words = {"name": "Bo", "password": cast.PASSWORD, "client_key": str(uuid4())}
    signed_in = client.post(address, words)
    assert signed_in["Location"] == link
    assert str(notice_id) in client.get(link)["Location"]


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example/r/x", "/r/../../evil", "/r/x", "https://evil.example/r/", "/r/%0d%0a", "/r/",
     "/n/harbour/", f"/r/{SOME}/x", f"/r/{SOME}?x=//evil.example", f"//r/{SOME}"],
)  # fmt: skip
def test_signing_in_leads_nowhere_else(client: Client, wanted: str) -> None:
    cast.bo()
    words = {"name": "Bo", "password": cast.PASSWORD, "client_key": str(uuid4()), "next": wanted}
    assert client.post("/n/linden/sign-in/", words)["Location"] == HOME

"""The main job, whole: somebody presses *Get help*, phones ring, people answer on every channel,
the door is shown to those who earned it, and everybody hears when it is over.

The whole program as `make run` starts it, with a gateway of texts and a mail server of the tests,
driven in Chromium. Each journey leaves pictures in pytest's folder of the run.
"""

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from playwright.sync_api import Error as PlaywrightError

from porchlight.home.rules.cast import PASSWORD
from porchlight.home.rules.plan import linden
from porchlight.notices.rules.signing import json_signature
from porchlight.notices.tests.local_gateway import SECRET, LocalGateway
from porchlight.notices.tests.sink import Sink
from tests.chromium import DESKTOP, PHONE
from tests.journeys.stage import Stage
from tests.running.conftest import House, in_demo, move_in, within

pytestmark = [pytest.mark.browser, pytest.mark.running]
A_SECOND = 1_000
TRIES = 5
STORY = "Fell on the cellar stairs, awake and talking"
NOTE = "The spare key hangs behind the rain pipe"
MEETING = "In front of the bakery"
SOFIES = linden().by_name["Sofie"]
DOOR = f"{SOFIES.street} {SOFIES.house}"
SECRETS = (DOOR, STORY, NOTE)
INGRIDS, LENAS, PRIYAS = "+31600000011", "+31600000012", "+31600000013"


class Street:
    """The house, its post, and the people of it in browsers of their own."""

    def __init__(
        self, house: House, post: LocalGateway, mail: Sink, stage: Stage, looks: Path
    ) -> None:
        self.house, self.post, self.mail, self.stage, self.looks = house, post, mail, stage, looks
        self.url = f"http://localhost:{house.port}"

    def look(self, page: Page, name: str, **size: int) -> None:
        """Keep a picture of a whole page, for whoever wants to see how it looks."""
        before = page.viewport_size
        if size:
            page.set_viewport_size({"width": size["width"], "height": size["height"]})
        page.screenshot(path=self.looks / f"{name}.png", full_page=True)
        if size and before:
            page.set_viewport_size(before)

    def text(self, number: str, words: str) -> None:
        """A text comes in, told and signed by the gateway."""
        assert self.tell(number, words, secret=SECRET) == 204

    def tell(self, number: str, words: str, *, secret: str) -> int:
        body = json.dumps({"id": str(uuid4()), "from": number, "text": words}).encode()
        moment = str(int(time.time()))
        signature = json_signature(secret, moment, body)
        asked = Request(
            f"{self.url}/gateway/text/",
            body,
            {
                "Content-Type": "application/json",
                "X-Porchlight-Timestamp": moment,
                "X-Porchlight-Signature": f"sha256={signature}",
            },
        )
        try:
            with urlopen(asked, timeout=10) as answer:
                return int(answer.status)
        except HTTPError as no:
            return no.code

    def texts(self, number: str) -> list[str]:
        return self.post.sent_to().get(number, [])

    def heard_by_text(self, number: str, part: str) -> bool:
        return within(20, lambda: any(part in words for words in self.texts(number)))


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory, settled: House) -> Iterator[Street]:
    """One house for all journeys: it takes longer to build than to walk through."""
    with ExitStack() as stack:
        post, mail = stack.enter_context(LocalGateway()), stack.enter_context(Sink())
        house = House(var=tmp_path_factory.mktemp("house") / "var")
        stack.callback(house.close)
        in_demo(move_in(house, settled))
        house.settings |= {
            "PORCHLIGHT_SMTP_URL": mail.url,
            "PORCHLIGHT_PRIVATE_ADDRESSES": "127.0.0.1",
            **post.environment(),
        }
        house.up()
        stage = Stage(house)
        stack.callback(stage.close)
        expect.set_options(timeout=15_000)  # a machine that does much else at once is slow
        stack.callback(expect.set_options, timeout=5_000)
        yield Street(house, post, mail, stage, tmp_path_factory.mktemp("looks"))


Comes = Callable[..., Page]


@pytest.fixture
def comes(street: Street, chromium: Browser) -> Iterator[Comes]:
    """Somebody opens the program in a browser of their own, signed in; "" is a stranger to it."""
    contexts: list[BrowserContext] = []

    def come(
        name: str = "", path: str = "/n/linden/", *, speaks: str = "en", **options: Any
    ) -> Page:
        context = chromium.new_context(**{**PHONE, "service_workers": "block", **options})
        contexts.append(context)
        context.set_default_timeout(15_000)
        page = context.new_page()
        if name:
            sign_in(page, street.url, name)
        context.add_cookies([{"name": "porch-language", "value": speaks, "url": street.url}])
        page.goto(street.url + path)
        return page

    yield come
    for context in contexts:
        context.close()


def sign_in(page: Page, url: str, name: str) -> None:
    """With one tap for the six of the demo, else by name and password."""
    page.goto(url)
    one_tap = page.get_by_role("button", name=f"Be {name}")
    if one_tap.count():
        one_tap.click()
    else:
        page.goto(f"{url}/n/linden/sign-in/")
        page.locator("input[name=name]").fill(name)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button.go").first.click()
    page.wait_for_url("**/n/*/")


def listen(page: Page) -> list[str]:
    """Every page and piece that reaches this browser from now on, word for word."""
    heard: list[str] = []

    def pass_on(route: Route) -> None:
        if "/static/" in route.request.url or "/live" in route.request.url:
            route.continue_()  # files, and streams that say «changed» and nothing else
            return
        with suppress(PlaywrightError):  # a page that draws itself anew while its browser closes
            answer = route.fetch(max_redirects=0)
            heard.append(answer.text())
            route.fulfill(response=answer)

    page.context.route("**/*", pass_on)
    return heard


def words_on(page: Page) -> str:
    """All of the page, once it stands still: a live one may be drawing itself anew."""
    for _ in range(TRIES):
        page.wait_for_load_state()
        with suppress(PlaywrightError):
            return page.content()
    return page.content()


def found_in(heard: list[str]) -> set[str]:
    """Which of the secrets somebody got to read."""
    return {secret for secret in SECRETS if any(secret in words for words in heard)}


# ---------- the whole way ----------


def test_from_get_help_to_all_clear_on_every_channel(street: Street, comes: Comes) -> None:
    stage = street.stage
    stage.text_only(Ingrid=INGRIDS)
    stage.phones(Lena=LENAS)
    stage.untrained("Lena")
    stage.wanted_when_hurt(2)  # four say that they come, for two to be there
    stage.let_in("Harriet", "Kwame")
    sofie = comes("Sofie")
    alert = sofie_calls(street, sofie)
    tab = sofie.context.new_page()
    tab.goto(alert)
    path = alert.removeprefix(street.url)
    assert within(20, lambda: {INGRIDS, LENAS} <= street.post.sent_to().keys())

    stranger_is = stage.strangers()[0]
    unasked_is = stage.not_asked()[0]
    stage.let_in(stranger_is, unasked_is)
    unasked = nobody_else_finds_it(street, comes, path, unasked_is)

    harriet = comes("Harriet")
    answer_on_the_page(street, harriet, tab)
    kwame = comes("Kwame", "/n/linden/news/")
    answer_by_text(street, sofie)
    answer_by_bell(street, kwame, path)
    answer_too_late_and_then_be_wanted(street, comes, sofie)

    stranger = comes(stranger_is)
    heard = listen(stranger)
    wait_at_the_meeting_point(street, stranger, heard)
    sofie.locator("li", has_text=stranger_is).get_by_role("button", name="Yes, this person").tap()
    expect(stranger.locator("#alert-where")).to_contain_text(DOOR)
    assert found_in(heard) == set(SECRETS)

    say_more(street, sofie, harriet, stranger)
    help_together(street, sofie, harriet, kwame)
    all_clear(street, sofie, [harriet, kwame, stranger], stranger_is)
    street.look(stranger, "1-stranger-over")

    assert found_in(unasked) == set()
    words = [
        *(one.words for one in street.post.taken),
        *(json.dumps(one) for one in street.post.posts),
    ]
    assert len(words) > 4 and found_in(words) == set()
    letters = [one.as_string() + str(one.get_content()) for one in street.mail.mails]
    assert letters and found_in(letters) == set()


def sofie_calls(street: Street, sofie: Page) -> str:
    """Two taps, and between them what she says more: she lets people outside the pod know too."""
    sofie.get_by_label("Quick").get_by_role("link", name="Get help").tap()
    street.look(sofie, "1-help")
    sofie.get_by_text("Say more, if you like").tap()
    sofie.get_by_label("Where people wait who don't know you").fill(MEETING)
    sofie.get_by_label("Also people nearby and trained ones").check()
    sofie.get_by_label("What happened?").fill(STORY)
    sofie.get_by_label("For whoever comes").fill(NOTE)
    street.look(sofie, "1-help-more")
    sofie.get_by_role("button", name="Someone is hurt or ill").tap()
    sofie.wait_for_url("**/alerts/*/")
    street.look(sofie, "1-asker-sending")
    return sofie.url


def nobody_else_finds_it(street: Street, comes: Comes, path: str, unasked_is: str) -> list[str]:
    """A member who was not asked, somebody of elsewhere, and nobody: for them it is not there."""
    unasked = comes(unasked_is)
    heard = listen(unasked)
    for page in (unasked, comes("Ines", "/n/quay-9/"), comes(path="/")):
        answer = page.goto(street.url + path)
        assert answer is not None and (answer.status == 404 or "/sign-in/" in page.url)
        assert page.request.get(f"{street.url}{path}live/").status in {403, 404} or (
            "/sign-in/" in page.url
        )
    for there in ("", "alerts/", "news/"):
        unasked.goto(f"{street.url}/n/linden/{there}")
        assert unasked.locator(f"a[href='{path}']").count() == 0
        expect(unasked.get_by_text("A neighbour asks for people now")).to_have_count(0)
    return heard


def answer_on_the_page(street: Street, harriet: Page, tab: Page) -> None:
    """One taps the strip on their page; the asker's other tab knows it within a second."""
    harriet.get_by_role("link", name="A neighbour asks for people now").tap()
    expect(harriet.locator("#alert-where")).to_contain_text("shows when you say")
    assert found_in([words_on(harriet)]) == set()
    street.look(harriet, "1-pod-asked")
    harriet.get_by_role("button", name="I'm on my way").tap()
    expect(tab.locator("#alert-counts")).to_contain_text("1 coming", timeout=A_SECOND)
    expect(harriet.locator("#alert-where")).to_contain_text(DOOR)
    expect(harriet.locator("#alert-alarm")).to_contain_text(STORY)
    expect(harriet.locator("#alert-where")).to_contain_text(NOTE)
    harriet.get_by_role("button", name="4 min").tap()
    expect(harriet.locator("#alert-bar")).to_contain_text("there at")
    street.look(harriet, "1-pod-coming")


def answer_by_bell(street: Street, kwame: Page, path: str) -> None:
    """One answers in the bell, and then looks where."""
    needs_me = kwame.get_by_role("region", name="Needs you")
    expect(needs_me).to_contain_text("A neighbour asks for people now")
    street.look(kwame, "1-bell")
    needs_me.get_by_role("button", name="I'm on my way").tap()
    expect(kwame.get_by_role("button", name="I'm on my way")).to_have_count(0)
    kwame.goto(street.url + path)
    expect(kwame.locator("#alert-where")).to_contain_text(DOOR)


def answer_too_late_and_then_be_wanted(street: Street, comes: Comes, sofie: Page) -> None:
    """One is signed in nowhere and opens the link of the text when enough are coming already. The
    asker wants more people: now the link shows the door, once, on one device."""
    expect(sofie.locator("#alert-counts")).to_contain_text("3 coming")
    others = set(street.stage.asked("pod")) - {"Harriet", "Kwame", "Ingrid", "Lena"}
    street.stage.comes(min(others))
    expect(sofie.locator("#alert-counts")).to_contain_text("4 coming")
    lena = comes(path=link_in(street.texts(LENAS)[0]).removeprefix(street.url))
    street.look(lena, "1-link")
    lena.get_by_role("button", name="I'm on my way").tap()
    expect(lena.get_by_role("heading", level=1)).to_contain_text("Enough people came")
    sofie.get_by_role("button", name="More people").tap()
    assert street.heard_by_text(LENAS, "More people are wanted")
    link = link_in(street.texts(LENAS)[-1])
    lena.goto(link)
    lena.get_by_role("button", name="I'm on my way").tap()
    assert found_in([words_on(lena)]) == set()
    lena.get_by_role("button", name="Show me where").tap()
    expect(lena.locator("main")).to_contain_text(DOOR)
    street.look(lena, "1-link-door")
    lena.goto(link)
    expect(lena.locator("main")).to_contain_text("was shown already")
    other = comes(path=link.removeprefix(street.url))
    expect(other.get_by_role("heading", level=1)).to_contain_text("opened on another device")
    assert found_in([words_on(lena), words_on(other)]) == set()
    expect(sofie.locator("#alert-counts")).to_contain_text("5 coming")
    street.look(sofie, "1-asker-five-coming")


def link_in(words: str) -> str:
    """The one link of a text."""
    [link] = re.findall(r"http\S+", words)
    return str(link)


def answer_by_text(street: Street, sofie: Page) -> None:
    """One has no more than texts; a forged one counts nothing, and the asker reads whom to ring."""
    assert street.tell(INGRIDS, "1 8", secret="somebody else's secret") == 403
    street.text(INGRIDS, "1 8")
    assert street.heard_by_text(INGRIDS, "somebody rings you")
    ring = sofie.locator("#alert-tasks li", has_text="Ring Ingrid and say where")
    expect(ring.get_by_role("link", name=INGRIDS)).to_be_visible()
    expect(sofie.locator("#alert-counts")).to_contain_text("2 coming")


def wait_at_the_meeting_point(street: Street, stranger: Page, heard: list[str]) -> None:
    """Somebody outside the pod is told where to wait, and nothing else."""
    stranger.goto(f"{street.url}/n/linden/")
    stranger.get_by_role("link", name="A neighbour asks for people now").tap()
    stranger.get_by_role("button", name="I'm on my way").tap()
    expect(stranger.locator("#alert-where")).to_contain_text(MEETING)
    expect(stranger.locator("#alert-where")).to_contain_text("The door shows when")
    street.look(stranger, "1-stranger-waits")
    assert found_in(heard) == set()
    assert heard and any(MEETING in words for words in heard)


def say_more(street: Street, sofie: Page, harriet: Page, stranger: Page) -> None:
    """Something is added for whoever comes, and everybody who may see the door reads it."""
    sofie.get_by_role("link", name="Say more").tap()
    sofie.get_by_text("The map", exact=True).tap()
    street.look(sofie, "1-say-more")
    sofie.get_by_label("For whoever comes").fill(f"{NOTE}. Bring a torch")
    sofie.get_by_role("button", name="Tell them").tap()
    sofie.wait_for_url(lambda url: not url.endswith("/say/"))
    for page in (harriet, stranger):
        expect(page.locator("#alert-where")).to_contain_text("Bring a torch")
        expect(page.locator("#alert-where")).to_contain_text(DOOR)


def help_together(street: Street, sofie: Page, harriet: Page, kwame: Page) -> None:
    """One is there; a small thing is asked for, taken on and done; everybody sees it."""
    harriet.get_by_role("button", name="I've arrived").tap()
    expect(harriet.locator("#alert-bar")).to_contain_text("You are there")
    expect(sofie.locator("#alert-counts")).to_contain_text("1 there")
    sofie.get_by_role("button", name="Open the street door").tap()
    mine = kwame.get_by_role("button", name=re.compile("I will.*Open the street door"))
    mine.tap()
    expect(sofie.locator("#alert-tasks")).to_contain_text("Kwame does this")
    street.look(kwame, "1-pod-task", **DESKTOP["viewport"])
    kwame.get_by_role("button", name=re.compile("Done.*Open the street door")).tap()
    expect(sofie.locator("#alert-tasks li", has_text="street door")).to_contain_text("Done")
    street.look(sofie, "1-asker-running", **DESKTOP["viewport"])
    sofie.emulate_media(color_scheme="dark")
    street.look(sofie, "1-asker-dark")


def on_the_phone(page: Page, street: Street, name: str) -> list[str]:
    """What the newest messages on somebody's made-up phone say, newest first."""
    phones = page.context.new_page()
    phones.goto(f"{street.url}/phones/")
    phones.get_by_label("Phone", exact=True).select_option(label=name)
    phones.get_by_role("button", name="Show").tap()
    expect(phones.locator(".ringer")).to_have_count(1)
    said = phones.locator(".texts .bubble h3").all_inner_texts()
    phones.close()
    return said


def all_clear(street: Street, sofie: Page, helpers: list[Page], stranger_is: str) -> None:
    """It is over: who helped reads it where they are, who answered by text hears it by text."""
    sofie.get_by_role("link", name="It's over").tap()
    street.look(sofie, "1-is-it-over")
    sofie.get_by_role("button", name="All clear, thank you").tap()
    expect(sofie.locator("#alert-alarm")).to_contain_text("Everybody who was asked knows")
    street.look(sofie, "1-asker-over")
    for page in helpers:
        expect(page.locator("#alert-alarm")).to_contain_text("Nobody needs to come any more")
        assert found_in([page.locator("#main").inner_text()]) == set()
    for number in (INGRIDS, LENAS):
        assert street.heard_by_text(number, "All clear")
    for name in street.stage.asked("pod"):
        assert street.stage.told(name)[0] == "over", name
    is_told = within(20, lambda: "All clear" in on_the_phone(sofie, street, "Joris")[0])
    assert is_told, on_the_phone(sofie, street, "Joris")
    sofie.get_by_role("link", name=re.compile("Look.*Who opened my door")).tap()
    sofie.get_by_label("Password now").fill(PASSWORD)  # so that nobody else reads it
    sofie.get_by_role("button", name="Go on").tap()
    opened = sofie.locator("main li")
    for name in ("Harriet", "Kwame", "Lena", stranger_is):
        expect(opened.filter(has_text=name)).to_contain_text(re.compile("Opened|First"))
    expect(opened.filter(has_text="Ingrid")).to_contain_text("did not")
    street.look(sofie, "1-who-opened")


# ---------- without scripts, from right to left ----------


def test_the_same_way_in_arabic_without_scripts(street: Street, comes: Comes) -> None:
    plain = {"java_script_enabled": False, "speaks": "ar"}
    street.stage.let_in("إبراهيم", "مريم")
    asker = comes("أم كريم", **plain)
    assert asker.locator("html").get_attribute("dir") == "rtl"
    asker.locator(".tabs .help").tap()
    street.look(asker, "2-help")
    tap(asker, "button[name=kind][value=hurt]")
    asker.wait_for_url("**/alerts/*/")
    street.look(asker, "2-asker-sending")
    path = asker.url.removeprefix(street.url)

    first = comes("إبراهيم", **plain)
    assert within(20, lambda: is_there(first, street.url + path))
    street.look(first, "2-pod-asked")
    door = f"{linden().by_name['أم كريم'].street} {linden().by_name['أم كريم'].house}"
    assert door not in words_on(first)
    tap(first, "#alert-bar button:has-text('أنا في الطريق')")
    expect(first.locator("#alert-where")).to_contain_text(door)
    tap(first, "#alert-bar button[name=minutes][value='4']")
    street.look(first, "2-pod-coming")
    second = comes("مريم", path, **plain)
    tap(second, "#alert-bar form:has(input[value=remote]) button")

    asker.reload()
    expect(asker.locator("#alert-who")).to_contain_text("إبراهيم")
    expect(asker.locator("#alert-who")).to_contain_text("مريم")
    tap(asker, "#alert-tasks .offered button")
    tap(first, "#alert-bar form[action$='/arrived/'] button")
    tap(first, "#alert-tasks form[action$='/take/'] button")
    tap(first, "#alert-tasks form[action$='/done/'] button")
    asker.reload()
    street.look(asker, "2-asker-running")
    tap(asker, "#alert-bar a[href$='/end/']")
    tap(asker, "button[name=how][value=all_clear]")
    street.look(asker, "2-asker-over")
    first.reload()
    tap(first, "#alert-bar form[action$='/home/'] button")
    asker.reload()
    expect(asker.locator("#alert-who")).to_contain_text("عودة إلى البيت")
    for page in (asker, first, second):
        page.goto(street.url + path)
        assert page.locator("#alert-bar").count() == 0
        assert page.locator("html").get_attribute("dir") == "rtl"
    assert door not in words_on(first)
    newest = street.stage.calls()[0]
    assert (newest["state"], newest["ended_how"]) == ("ended", "all_clear")


def tap(page: Page, selector: str) -> None:
    """Tap the first of these, and wait for the page that follows."""
    with page.expect_navigation():
        page.locator(selector).first.tap()


def is_there(page: Page, address: str) -> bool:
    """Whether a call shows at its address: before its grace is over it is not there for others."""
    answer = page.goto(address)
    return answer is not None and answer.status == 200


# ---------- nothing gets through ----------


def test_a_press_while_nothing_answers_is_not_sent_and_later_one_call(
    street: Street, comes: Comes
) -> None:
    """The web process hangs: the kernel takes the press, nobody answers it."""
    noor = comes("Noor", "/n/linden/me/this-phone/")
    for place, (name, number) in enumerate([("Mum", "+31 6 123"), ("Ali", "06-456")], start=1):
        noor.locator(f"#ready-name-{place}").fill(name)
        noor.locator(f"#ready-number-{place}").fill(number)
    noor.get_by_role("button", name="Keep them on this phone").tap()
    expect(noor.get_by_text("Kept on this phone.")).to_be_visible()
    noor.clock.install()
    noor.goto(f"{street.url}/n/linden/help/")
    noor.clock.pause_at(noor.evaluate("() => Date.now()") / 1000 + 1)
    before = len(street.stage.calls())
    web = street.house.one("porchlight.cli web")
    assert web is not None
    os.kill(web, signal.SIGSTOP)
    try:
        noor.get_by_role("button", name="Someone is hurt or ill").tap(no_wait_after=True)
        expect(noor.get_by_text("Sending…", exact=True)).to_be_visible()
        noor.clock.run_for(9_000)
        expect(noor.get_by_role("heading", name="NOT SENT")).to_have_count(0)
        noor.clock.run_for(1_000)
        expect(noor.get_by_role("heading", name="NOT SENT")).to_be_visible()
        expect(noor.get_by_role("link", name="Ring 112").first).to_have_attribute("href", "tel:112")
        ready = noor.locator("main a[data-sms]")
        assert [one.get_attribute("href") for one in ready.all()] == [
            "sms:+316123?&body=Please%20call%20me%20now.",
            "sms:06456?&body=Please%20call%20me%20now.",
        ]
        assert len(street.stage.calls()) == before
        street.look(noor, "3-not-sent")
    finally:
        os.kill(web, signal.SIGCONT)
    noor.get_by_role("button", name="Try again").tap()
    noor.wait_for_url("**/alerts/*/")
    assert len(street.stage.calls()) == before + 1
    noor.clock.resume()
    noor.get_by_role("button", name="Stop").tap()
    expect(noor.get_by_role("heading", level=1)).to_contain_text("Stopped in time")
    street.look(noor, "3-stopped")


# ---------- somebody is missing ----------


def test_a_missing_child_is_checked_by_a_text_and_found(street: Street, comes: Comes) -> None:
    who = "Jonas, six, a red coat, at the playground at four"
    street.stage.text_only(Priya=PRIYAS)
    street.stage.let_in("Hana")
    marja = comes("Marja", "/n/linden/help/")
    marja.get_by_role("link", name="Someone is missing").tap()
    marja.get_by_label("Who is missing, and where were they last?").fill(who)
    marja.get_by_label("Priya").first.check()
    marja.get_by_label("I am family or look after them").check()
    street.look(marja, "4-missing")
    marja.get_by_role("button", name="Send it").tap()
    marja.wait_for_url("**/alerts/*/")
    assert street.heard_by_text(PRIYAS, "1 yes, 2 no")
    expect(marja.get_by_role("heading", name="Nobody has checked it yet?")).to_be_visible()
    street.look(marja, "4-asker-waits")
    hana = comes("Hana", marja.url.removeprefix(street.url))
    expect(hana.locator("main")).not_to_contain_text("Jonas")  # not asked before it is checked
    street.text(PRIYAS, "1")
    assert street.heard_by_text(PRIYAS, "The others hear of it now")
    expect(marja.get_by_role("heading", name="Nobody has checked it yet?")).to_have_count(0)
    expect(marja.locator("#alert-alarm")).to_contain_text("asked")
    hana.goto(marja.url)
    expect(hana.locator("#alert-alarm")).to_contain_text("Jonas")
    street.look(hana, "4-pod-asked")
    hana.get_by_role("button", name="I'm on my way").tap()
    expect(marja.locator("#alert-counts")).to_contain_text("1 coming")
    marja.get_by_role("link", name="It's over").tap()
    marja.get_by_role("button", name="Found").tap()
    expect(hana.locator("#alert-alarm")).to_contain_text("Found")
    expect(hana.locator("#main")).not_to_contain_text("Jonas")
    street.look(hana, "4-found")
    assert street.heard_by_text(PRIYAS, "All clear")
    words = [
        *(one.words for one in street.post.taken),
        *(one.as_string() for one in street.mail.mails),
    ]
    assert not [one for one in words if "Jonas" in one or "missing" in one.casefold()]


def test_every_promise_holds_afterwards(street: Street) -> None:
    checked = street.house.run("invariants")
    assert checked.returncode == 0, checked.stdout + checked.stderr

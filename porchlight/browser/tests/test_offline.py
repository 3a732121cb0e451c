"""Without a connection: the sheet opens, a sent form waits, and nobody's words were kept."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import PHONE, OpenPage, Site

pytestmark = pytest.mark.browser

WITHOUT = ("net::ERR_INTERNET_DISCONNECTED", "Failed to load resource", "fetching the script")


def wait_for_worker(page: Page) -> None:
    """A worker that does not install would be waited for for ever."""
    ready = page.evaluate(
        """() => Promise.race([navigator.serviceWorker.ready.then(() => true),
        new Promise(done => setTimeout(() => done(false), 8000))])"""
    )
    assert ready


def with_worker(open_page: OpenPage, path: str) -> Page:
    page = open_page(path, expected=WITHOUT, **PHONE)
    wait_for_worker(page)
    return page


def waiting_in(page: Page) -> int:
    found: int = page.evaluate(
        "() => JSON.parse(localStorage.getItem('porch-waiting') || '[]').length"
    )
    return found


def asked_offline(open_page: OpenPage, site: Site, what: str) -> Page:
    """Ada asks for something inside Linden Street while there is no connection."""
    page = open_page("/robots.txt", expected=(*WITHOUT, "422"))
    be(page, site, "ada")
    page.goto(site.url + "/n/linden/asking/")
    page.get_by_label("What do you need?").fill(what)
    page.context.set_offline(True)
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("status").filter(has_text="It waits.")).to_be_visible()
    return page


def be(page: Page, site: Site, who: str) -> None:
    """Sign in as somebody on this phone; "" signs out."""
    page.context.clear_cookies(name="who")
    if who:
        page.context.add_cookies([{"name": "who", "value": who, "url": site.url}])


def asked_for(page: Page, site: Site) -> str:
    page.goto(site.url + "/kept/")
    return page.locator("main").inner_text()


WAITS_FOR_OTHERS = "waits for the person who wrote it"


def kept_addresses(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        """async () => { const all = []; for (const name of await caches.keys())
        for (const one of await (await caches.open(name)).keys()) 
          all.push(new URL(one.url).pathname);
        return all }"""
    )
    return found


def test_rights_and_emergency_steps_open_without_a_connection(
    open_page: OpenPage, site: Site
) -> None:
    page = with_worker(open_page, "/design/")
    page.context.set_offline(True)
    page.goto(site.url + "/sheet/")
    expect(page.get_by_role("heading", name="Life in danger")).to_be_visible()


def test_any_other_page_says_that_there_is_no_connection(open_page: OpenPage, site: Site) -> None:
    page = with_worker(open_page, "/design/")
    page.context.set_offline(True)
    page.goto(site.url + "/n/linden/")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    page.context.set_offline(False)
    page.goto(site.url + "/design/")
    expect(page.locator(".street")).to_be_visible()


def test_no_page_of_the_network_is_kept_on_the_phone(open_page: OpenPage, site: Site) -> None:
    page = with_worker(open_page, "/design/")
    page.context.add_cookies([{"name": "who", "value": "ada", "url": site.url}])
    for path in ("/n/linden/", "/n/linden/help/", "/design/", "/"):
        page.goto(site.url + path)
    kept = kept_addresses(page)
    assert [path for path in kept if not path.startswith("/static/")] == ["/offline/", "/sheet/"]
    assert [path for path in kept if "linden" in path] == []


def test_an_older_build_is_cleared_away(open_page: OpenPage, site: Site) -> None:
    page = open_page("/robots.txt")
    page.evaluate(
        "async () => { await (await caches.open('porchlight-old')).put('/x', new Response('x')) }"
    )
    page.goto(site.url + "/design/")
    wait_for_worker(page)
    page.locator("html").evaluate(
        """async () => { const end = Date.now() + 8000;
        while ((await caches.keys()).includes('porchlight-old') && Date.now() < end)
          await new Promise(done => setTimeout(done, 50)) }"""
    )
    assert len(page.evaluate("() => caches.keys()")) == 1


def test_a_form_sent_without_a_connection_waits_and_is_sent_exactly_once(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page("/keeping/", expected=WITHOUT)
    page.get_by_label("What do you need?").fill("Milk")
    page.context.set_offline(True)
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("status").filter(has_text="It waits.")).to_be_visible()
    with page.expect_response(lambda sent: sent.request.method == "POST") as sent:
        page.context.set_offline(False)
    assert sent.value.request.post_data is not None
    assert "what=Milk" in sent.value.request.post_data
    page.locator("html").evaluate(  # whoever goes on before the answer was read sends it once more
        """async () => { const end = Date.now() + 8000;
        while (localStorage.getItem('porch-waiting') !== null && Date.now() < end)
          await new Promise(done => setTimeout(done, 50)) }"""
    )
    page.goto(site.url + "/kept/")
    expect(page.locator("main")).to_contain_text("Milk once")
    assert page.evaluate("() => localStorage.getItem('porch-waiting')") is None


def test_a_form_that_is_refused_on_arrival_stays_on_the_phone(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page("/keeping/", expected=(*WITHOUT, "422"))
    page.context.set_offline(True)
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("status").filter(has_text="It waits.")).to_be_visible()
    with page.expect_response("**/keeping/"):
        page.context.set_offline(False)
    page.goto(site.url + "/design/")
    expect(page.get_by_text("Something you sent was not taken.")).to_be_visible()
    assert waiting_in(page) == 1
    page.get_by_role("link", name="Look at it again").click()
    page.get_by_label("What do you need?").fill("Salt")
    page.get_by_role("button", name="Ask").click()
    page.wait_for_url("**/kept/")
    expect(page.locator("main")).to_contain_text("Salt once")
    assert waiting_in(page) == 0


def test_a_program_out_of_reach_counts_as_no_connection(open_page: OpenPage, site: Site) -> None:
    page = open_page("/keeping/", expected=WITHOUT)
    page.route("**/healthz", lambda route: route.abort())
    page.get_by_label("What do you need?").fill("Bread")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("status").filter(has_text="It waits.")).to_be_visible()


def test_a_form_sent_with_a_connection_goes_straight_through(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page("/keeping/")
    page.get_by_label("What do you need?").fill("Honey")
    page.get_by_role("button", name="Ask").click()
    page.wait_for_url("**/kept/")
    expect(page.locator("main")).to_contain_text("Honey once")


def test_a_form_outlives_the_session_and_goes_out_after_signing_in_again(
    open_page: OpenPage, site: Site
) -> None:
    page = asked_offline(open_page, site, "Rice")
    be(page, site, "")
    with page.expect_response("**/sign-in/**"):
        page.context.set_offline(False)
    page.goto(site.url + "/design/")
    expect(page.get_by_text("still waits on this phone")).to_be_visible()
    assert waiting_in(page) == 1
    assert "Rice" not in asked_for(page, site)
    be(page, site, "ada")
    with page.expect_response(lambda sent: sent.request.method == "POST"):
        page.goto(site.url + "/n/linden/")
    expect(page.get_by_text("still waits on this phone")).to_be_hidden()
    assert waiting_in(page) == 0
    assert "Rice for ada once" in asked_for(page, site)


def test_a_form_is_never_sent_as_somebody_else_who_uses_the_phone(
    open_page: OpenPage, site: Site
) -> None:
    page = asked_offline(open_page, site, "Plums")
    be(page, site, "bo")  # who reads Arabic, unless the phone says otherwise
    page.context.add_cookies([{"name": "porch-language", "value": "en", "url": site.url}])
    with page.expect_response("**/asking/"):  # the old page still stands open: it asks who is there
        page.context.set_offline(False)
    page.goto(site.url + "/n/linden/")
    expect(page.get_by_text(WAITS_FOR_OTHERS)).to_be_visible()
    expect(page.get_by_text("still waits on this phone")).to_be_hidden()
    page.goto(site.url + "/n/linden/asking/")
    assert page.get_by_label("What do you need?").input_value() == ""
    assert waiting_in(page) == 1
    assert "Plums" not in asked_for(page, site)
    be(page, site, "ada")
    with page.expect_response(lambda sent: sent.request.method == "POST"):
        page.goto(site.url + "/n/linden/")
    assert "Plums for ada once" in asked_for(page, site)


def test_what_is_kept_names_nobody(open_page: OpenPage, site: Site) -> None:
    page = asked_offline(open_page, site, "Soap")
    kept = page.evaluate("() => JSON.parse(localStorage.getItem('porch-waiting'))[0]")
    assert re.fullmatch("[0-9a-f]{16}", kept["whose"])
    assert "csrfmiddlewaretoken" not in dict(kept["fields"])


def test_a_form_that_could_not_go_out_in_a_day_is_told_of_and_erased(
    open_page: OpenPage, site: Site
) -> None:
    page = asked_offline(open_page, site, "Oats")
    page.evaluate(
        """() => { const all = JSON.parse(localStorage.getItem('porch-waiting'));
        all[0].at -= 86400000; localStorage.setItem('porch-waiting', JSON.stringify(all)) }"""
    )
    page.context.set_offline(False)
    page.goto(site.url + "/n/linden/")
    expect(page.get_by_text("could not go out within a day")).to_be_visible()
    assert page.evaluate("() => localStorage.getItem('porch-waiting')") is None
    page.goto(site.url + "/n/linden/")
    expect(page.get_by_text("could not go out within a day")).to_be_hidden()


def test_what_was_not_taken_stands_in_its_form_again(open_page: OpenPage, site: Site) -> None:
    page = asked_offline(open_page, site, "Nothing")
    with page.expect_response(lambda sent: sent.request.method == "POST" and sent.status == 422):
        page.context.set_offline(False)
    page.goto(site.url + "/n/linden/")
    page.get_by_role("link", name="Look at it again").click()
    field = page.get_by_label("What do you need?")
    assert field.input_value() == "Nothing"
    field.fill("Pears")
    page.get_by_role("button", name="Ask").click()
    page.wait_for_url("**/n/linden/")
    assert waiting_in(page) == 0
    assert "Pears for ada once" in asked_for(page, site)


def wait_until_spoken(page: Page, language: str) -> None:
    page.locator("html").evaluate(
        """async (root, language) => { const end = Date.now() + 8000;
        const spoken = async (path) => (await caches.match(path))?.headers.get("Content-Language");
        while ((await spoken("/sheet/") !== language || await spoken("/offline/") !== language)
          && Date.now() < end) await new Promise(done => setTimeout(done, 50)) }""",
        language,
    )


def test_the_sheet_on_the_phone_follows_the_language(open_page: OpenPage, site: Site) -> None:
    page = with_worker(open_page, "/")
    wait_until_spoken(page, "en")
    page.get_by_role("button", name="العربية").last.click()
    page.locator("html[lang=ar]").wait_for()
    wait_until_spoken(page, "ar")
    page.context.set_offline(True)
    for path in ("/sheet/", "/n/linden/"):
        page.goto(site.url + path)
        assert page.locator("html").get_attribute("lang") == "ar"


def test_the_sheet_follows_the_readers_own_language_without_a_choice_on_the_phone(
    open_page: OpenPage, site: Site
) -> None:
    page = with_worker(open_page, "/")
    be(page, site, "bo")  # whose language is Arabic
    page.goto(site.url + "/n/linden/")
    page.locator("html[lang=ar]").wait_for()
    wait_until_spoken(page, "ar")
    page.context.set_offline(True)
    page.goto(site.url + "/sheet/")
    assert page.locator("html").get_attribute("lang") == "ar"

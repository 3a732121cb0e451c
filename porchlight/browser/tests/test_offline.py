"""Without a connection: the sheet opens, a sent form waits, and nobody's words were kept."""

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
    with page.expect_response("**/keeping/") as sent:
        page.context.set_offline(False)
    assert sent.value.request.post_data is not None
    assert "what=Milk" in sent.value.request.post_data
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
    expect(page.locator("[data-waiting]").first).to_be_visible()
    assert page.evaluate("() => JSON.parse(localStorage.getItem('porch-waiting')).length") == 1


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

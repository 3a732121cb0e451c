"""Without a connection: the sheet opens, a sent form waits, and nobody's words were kept."""

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import PHONE, OpenPage, Site

pytestmark = pytest.mark.browser

WITHOUT = ("net::ERR_INTERNET_DISCONNECTED", "Failed to load resource")


def with_worker(open_page: OpenPage, path: str) -> Page:
    page = open_page(path, expected=WITHOUT, **PHONE)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
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
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.locator("html").evaluate(
        """async () => { while ((await caches.keys()).includes('porchlight-old'))
        await new Promise(done => requestAnimationFrame(done)) }"""
    )
    assert len(page.evaluate("() => caches.keys()")) == 1


def test_a_form_sent_without_a_connection_waits_and_is_sent_exactly_once(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page("/keeping/", expected=WITHOUT)
    page.get_by_label("What do you need?").fill("Milk")
    page.context.set_offline(True)
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("status")).to_have_text("It waits.")
    with page.expect_response("**/keeping/") as sent:
        page.context.set_offline(False)
    assert sent.value.request.post_data is not None
    assert "what=Milk" in sent.value.request.post_data
    page.goto(site.url + "/kept/")
    expect(page.locator("main")).to_contain_text("Milk once")
    assert page.evaluate("() => localStorage.getItem('porch-waiting')") is None

"""A form in a real browser: its fields filled in and its button pressed, as people do it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import ElementHandle, Page, Request, Response
from playwright.sync_api import Error as BrowserError

from porchlight.people.tests import cast
from tests.forms import Field, FoundForm

SHAPES = """() => [...document.forms].map(form => [
  form.getAttribute('action') || location.pathname,
  [...form.elements].filter(one => one.name && one.matches('input,textarea,select'))
    .map(one => one.name)])"""
FIELDS = "form => [...form.elements].filter(one => one.matches('input,textarea,select'))"
BUTTON = """form => [...form.elements]
  .filter(one => one.type === 'submit' && one.checkVisibility() && !one.matches('[aria-hidden]'))
  .sort((one, other) => Boolean(one.name) - Boolean(other.name))[0]"""
"""The one to see that sends the form itself, before those that also draw a map or choose."""
FACTS = "one => [one.name, one.type, one.value, one.checkVisibility()]"
UNFOLD = """form => { for (let at = form; at; at = at.parentElement)
  if (at.matches('details')) at.open = true; }"""
FINE, LED_ON, EXPLAINED = {200, 204}, {302, 303}, {409, 422}
SOON = 10_000
"""Milliseconds: longer than any form takes."""

Type = Callable[[Field, ElementHandle], None]


@dataclass
class Pressed:
    """What came of one form: what it was answered, and what is wrong with that."""

    status: int = 0
    was_led_on: bool = False
    faults: list[str] = field(default_factory=list)


def standing(page: Page, form: FoundForm) -> ElementHandle | None:
    """The form on the page that is open, unless it is not on it."""
    for at, (action, names) in enumerate(page.evaluate(SHAPES)):
        seen = FoundForm(form.page, action, "post", {name: Field(name, "") for name in names})
        if seen.mark == form.mark:
            return page.query_selector_all("form")[at]
    return None


def fill_in(shown: ElementHandle, form: FoundForm, type_words: Type) -> None:
    """Choose and type something plausible in every field that is to be seen."""
    shown.evaluate(UNFOLD)
    wanted = form.plausible()
    for handle in shown.evaluate_handle(FIELDS).get_properties().values():
        one = handle.as_element()
        assert one is not None
        name, kind, value, is_seen = one.evaluate(FACTS)
        if kind in {"hidden", "file"} or not is_seen:
            continue
        if kind in {"radio", "checkbox"}:
            if value in wanted[name]:
                one.check(force=True)  # the label lies above it
        elif kind == "select-one":
            one.select_option(wanted[name])
        elif kind == "password":
            one.fill(cast.PASSWORD)
        else:
            type_words(form.fields[name], one)


def press(page: Page, shown: ElementHandle) -> Pressed:
    """Press the form's button and wait for the page that comes, or the file."""
    button = shown.evaluate_handle(BUTTON).as_element()
    if button is None:
        return Pressed(faults=["has no button"])
    page.evaluate("() => { document.documentElement.dataset.old = 'yes'; }")
    try:
        with page.expect_event("response", _is_last, timeout=SOON) as sent:
            button.click(timeout=SOON)
        if _is_new_page(sent.value):
            page.locator("html:not([data-old]) h1").first.wait_for(timeout=SOON)
    except BrowserError as trouble:
        return Pressed(faults=[str(trouble)])
    return Pressed(
        status=sent.value.status,
        was_led_on=sent.value.request.redirected_from is not None,
        faults=_wrong(page, sent.value),
    )


def _first(asked: Request) -> Request:
    """What was sent before anybody was led on."""
    return _first(asked.redirected_from) if asked.redirected_from else asked


def _is_last(answer: Response) -> bool:
    return answer.status not in LED_ON and _first(answer.request).method == "POST"


def _is_new_page(answer: Response) -> bool:
    is_file = "attachment" in answer.headers.get("content-disposition", "")
    return answer.request.is_navigation_request() and not is_file


def _wrong(page: Page, answer: Response) -> list[str]:
    if answer.status in FINE or (answer.status in EXPLAINED and _is_told(page)):
        return []
    return [f"{answer.status} at {urlsplit(answer.url).path}"]


def _is_told(page: Page) -> bool:
    """The page says why not; a script that puts it there needs a moment."""
    try:
        page.locator("[role=alert]:visible, .card.empty:visible").first.wait_for(timeout=SOON)
    except BrowserError:
        return False
    return True

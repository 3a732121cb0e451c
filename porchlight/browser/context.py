"""What the shell around every page needs: look, language, menu. It knows no area, only names."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_bidi

from porchlight.kit.network import Network
from porchlight.kit.viewer import Viewer

THEMES = ("light", "dark")
SIZES = ("large",)
THEME_COOKIE = "porch-theme"
SIZE_COOKIE = "porch-size"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the menu, ready to draw."""

    address: str
    icon: str
    label: object
    is_here: bool
    is_in_bar: bool = False
    """It stands in the bottom bar of a phone too."""


class Shell:
    """Everything around a page. Each part is worked out when the template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.network: Network | None = getattr(request, "network", None)
        viewer: Viewer | None = getattr(request, "viewer", None)
        self.is_inside = bool(self.network and viewer and viewer.is_someone)
        """Somebody of this network is looking: show the bars."""
        self._person_id = viewer.person_id if viewer and self.is_inside else None
        theme = request.COOKIES.get(THEME_COOKIE, "")
        size = request.COOKIES.get(SIZE_COOKIE, "")
        self.theme = theme if theme in THEMES else ""
        self.size = size if size in SIZES else ""
        self.is_demo: bool = settings.IS_DEMO
        self.reaches_out = settings.MAIL_SERVER is not None or settings.GATEWAY is not None
        """Mail, texts or calls really leave this machine."""
        self.is_plain_http: bool = settings.PLAIN_HTTP_WARNING
        self.language = get_language() or settings.LANGUAGE_CODE
        self.direction = "rtl" if get_language_bidi() else "ltr"
        self.here = request.get_full_path() if request.method == "GET" else request.path
        self.version: str = settings.VERSION
        self.number_to_text: str = settings.NUMBER_TO_TEXT
        self.number_to_call: str = settings.NUMBER_TO_CALL

    @property
    def whose(self) -> str:
        """A mark of who is looking that tells nobody who it is; "" for nobody.

        A form kept on a phone without a connection carries it: it goes out as theirs or not at all.
        """
        if self._person_id is None:
            return ""
        return salted_hmac("browser.whose", str(self._person_id), algorithm="sha256").hexdigest()[
            :16
        ]

    @property
    def next_theme(self) -> str:
        """What the one theme button changes to: as the device says, then dark, then light."""
        return {"": "dark", "dark": "light"}.get(self.theme, "auto")

    @property
    def next_size(self) -> str:
        return "normal" if self.size else "large"

    @property
    def other_languages(self) -> list[tuple[str, str]]:
        return [(code, name) for code, name in settings.LANGUAGES if code != self.language]

    @cached_property
    def home(self) -> str:
        return self._address(settings.MENU[0].url) if self.is_inside and settings.MENU else "/"

    @cached_property
    def help(self) -> str:
        return self._address(settings.HELP_URL_NAME)

    @cached_property
    def numbers(self) -> str:
        """All numbers to ring, on one sheet."""
        return self._address(settings.NUMBERS_URL_NAME)

    @cached_property
    def news(self) -> str:
        return self._address(settings.NEWS_URL_NAME)

    @cached_property
    def more(self) -> str:
        return self._address(settings.MORE_URL_NAME)

    @cached_property
    def sign_in(self) -> str:
        return self._address(settings.SIGN_IN_URL_NAME)

    @cached_property
    def privacy(self) -> str:
        return self._address(getattr(settings, "PRIVACY_URL_NAME", ""))

    @cached_property
    def entries(self) -> list[Entry]:
        """The whole menu: the sidebar and the page behind *More*."""
        return list(self._entries())

    @cached_property
    def bar(self) -> list[Entry]:
        """Those of the bottom bar; in the sidebar areas that are not on everywhere stand below."""
        return [entry for entry in self.entries if entry.is_in_bar]

    @property
    def below_bar(self) -> list[Entry]:
        """The rest of the sidebar."""
        return [entry for entry in self.entries if not entry.is_in_bar]

    @property
    def bar_start(self) -> list[Entry]:
        """Left of *Get help* in the bottom bar."""
        return self.bar[:2]

    @property
    def bar_end(self) -> list[Entry]:
        """Right of *Get help*, before *More*."""
        return self.bar[2:3]

    @property
    def is_help_here(self) -> bool:
        return self._request.path == self.help

    @property
    def is_more_here(self) -> bool:
        return self._request.path == self.more

    def _entries(self) -> Iterator[Entry]:
        for entry in settings.MENU:
            address = self._address(entry.url)
            if address:
                yield Entry(
                    address=address,
                    icon=entry.icon,
                    label=entry.label,
                    is_here=self._request.path == address,
                    is_in_bar=entry.bar,
                )

    def _address(self, name: str) -> str:
        """The address of a name, in this network where it has one; "" where no area offers it."""
        if not name:
            return ""
        places: list[list[str]] = [[self.network.slug]] if self.network else []
        for arguments in (*places, []):
            try:
                return reverse(name, args=arguments)
            except NoReverseMatch:
                continue
        return ""


def shell(request: HttpRequest) -> dict[str, Any]:
    """The template's `shell`; built only where a template reads it."""
    return {"shell": SimpleLazyObject(lambda: Shell(request))}

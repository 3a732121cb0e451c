"""Somebody outside notices when this machine is dead, and two people on other machines hear of it.

Two ways, best both: the urgent worker asks an address outside once a minute while calls for help go
on in time (a service that rings when nobody asks), and `porchlight watch` runs on another machine,
asks /alive/ here and texts two people when there is no good answer (docs/operate.md).
"""

import argparse
import asyncio
import logging
import signal
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from porchlight.kit.marks import gettext_noop

EVERY = 60.0
"""Seconds between two looks."""
TIME_OUT = 10.0
MISSES = 3
"""So many looks in a row without a good answer, before anybody is woken."""
AGAIN_AFTER = timedelta(hours=6)
"""While it stays dead, they hear it once more so often."""
IS_DEAD = gettext_noop("%(host)s does not answer: calls for help may not go out. Ring each other.")
IS_BACK = gettext_noop("%(host)s answers again.")

log = logging.getLogger(__name__)


# ---------- from the machine itself ----------


def say_alive(stop: threading.Event) -> None:
    """Ask the address outside once a minute, as long as nothing waits longer than it should.

    Nothing is said where no address is set. Whatever breaks, it goes on: silence is what tells.
    """
    if not settings.ALIVE_URL:
        return
    while True:
        try:
            if is_well():
                asyncio.run(_ask(settings.ALIVE_URL))
        except Exception as trouble:
            log.warning("alive: nobody outside was told (%s)", type(trouble).__name__)
        if stop.wait(EVERY):
            return


def is_well() -> bool:
    """Whether calls for help and urgent messages go on in time. Costs: three queries."""
    from porchlight.home.queries.alive import goes_on
    from porchlight.kit import clock

    return goes_on(clock.now())


async def _ask(url: str) -> bool:
    """True for a good answer."""
    from porchlight.notices.channels.calls import Calls, NoAnswer

    calls = Calls(open_calls=1, time_out=TIME_OUT)
    try:
        return 200 <= (await calls.get(url)).status < 300
    except NoAnswer:
        return False
    finally:
        await calls.close()


# ---------- from another machine ----------


@dataclass
class Watch:
    """What another machine knows about the one it looks at."""

    url: str
    numbers: Sequence[str]
    language: str = "en"
    misses: int = 0
    told_at: datetime | None = None
    """When people heard last that it is dead; None: it is not, as far as they know."""
    waiting: dict[str, str] = field(default_factory=dict)
    """Texts that no gateway took yet, by number: tried again at each look."""

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or self.url

    async def look(self, now: datetime) -> bool:
        """Look once, and text whoever has to hear of it; True where it answered well."""
        is_good = await _ask(f"{self.url.rstrip('/')}/alive/")
        self.misses = 0 if is_good else self.misses + 1
        if is_good and self.told_at is not None:
            self.told_at = None
            self._say(IS_BACK)
        elif self.misses >= MISSES and (self.told_at is None or now >= self.told_at + AGAIN_AFTER):
            self.told_at = now
            self._say(IS_DEAD)
        for number, words in list(self.waiting.items()):
            if await self._text(number, words, now):
                del self.waiting[number]
        return is_good

    def _say(self, words: str) -> None:
        """A newer text takes the place of one that never went out."""
        from django.utils import translation
        from django.utils.translation import gettext

        with translation.override(self.language):
            said = gettext(words) % {"host": self.host}
        self.waiting = dict.fromkeys(self.numbers, said)

    async def _text(self, number: str, words: str, now: datetime) -> bool:
        from porchlight.notices.channels.gateway import is_taken, own_parcel
        from porchlight.notices.queries.ways import gateways

        parcel = own_parcel(
            number, words, purpose="watch", language=self.language, now=now, life=AGAIN_AFTER
        )
        for provider, gateway in gateways().items():
            if await is_taken(parcel, provider, gateway, time_out=TIME_OUT):
                return True
        return False


def main(arguments: list[str]) -> int:
    """`porchlight watch`: look once a minute until asked to stop, or with --once a single time."""
    import django

    said = _parser().parse_args(arguments)
    django.setup()
    if settings.GATEWAY is None:
        print(
            "porchlight: This machine has no gateway for texts. Set PORCHLIGHT_GATEWAY and what "
            "belongs to it (docs/gateways.md)."
        )
        return 1
    watch = Watch(url=said.url, numbers=said.text, language=said.language)
    if said.once:
        watch.misses = MISSES
        return 0 if asyncio.run(watch.look(_here())) else 1
    stop = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stop.set())
    while not stop.is_set():
        if not asyncio.run(watch.look(_here())):
            log.warning("watch: %s does not answer", watch.host)
        stop.wait(EVERY)
    return 0


def _here() -> datetime:
    """This machine's own clock: it has no database to ask."""
    return datetime.now(UTC)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="porchlight watch",
        description="Runs on another machine: texts two people when the program is dead.",
    )
    parser.add_argument("url", help="where people find it, such as https://porch.example")
    parser.add_argument(
        "--text", action="append", required=True, type=_number, metavar="NUMBER",
        help="whom to text, such as +31612345678; give it twice",
    )  # fmt: skip
    parser.add_argument("--language", default="en", help="of the text: en, es, ar")
    parser.add_argument("--once", action="store_true", help="look a single time, for a cron")
    return parser


def _number(typed: str) -> str:
    from phonenumbers import NumberParseException, is_possible_number, parse

    try:
        is_number = typed.startswith("+") and is_possible_number(parse(typed))
    except NumberParseException:
        is_number = False
    if not is_number:
        raise argparse.ArgumentTypeError(f"«{typed}» must look like +31612345678")
    return typed

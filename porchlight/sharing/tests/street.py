"""A street where needs are met: Lena asks; Sofie and Amir of her pod, Nils and Ted from outside."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from porchlight.alerts.tests.scene import Scene, scene
from porchlight.kit import clock
from porchlight.kit.viewer import Viewer
from porchlight.people import models as people
from porchlight.people.actions.network_rules import set_rule
from porchlight.people.queries.signing_in import as_network
from porchlight.sharing.actions.asking import ask_for
from porchlight.sharing.actions.helping import answer_offer, offer_help
from porchlight.sharing.actions.offers import ask_helpers, save_offer
from porchlight.sharing.models import Match, Need, Offer
from porchlight.sharing.rules.availability import ALWAYS
from porchlight.sharing.rules.categories import Category
from porchlight.sharing.rules.offers import Offered
from porchlight.sharing.rules.times import When
from porchlight.sharing.rules.wanted import Wanted

WORDS = "Second bell at Kowalski, ring twice"
LINE = "Milk and bread"


def switch_on(network: people.Network, *, now: datetime | None = None) -> None:
    """The people here decided to share."""
    now = now or clock.now()
    set_rule(
        viewer=Viewer.system(as_network(network), "test"), key="areas.on",
        value=["alerts", "sharing"], reason="We want it", decided_by=None, from_at=now,
        client_key=uuid4(), now=now,
    )  # fmt: skip


def street() -> Scene:
    """The people of `alerts.tests.scene`, where this area is on."""
    found = scene()
    switch_on(found.pod.network)
    return found


WANTED = Wanted(category=Category.FOOD, line=LINE, when=When.WEEK, words=WORDS)


def asked(found: Scene, *, by: str = "Lena", now: datetime | None = None, **more: Any) -> Need:
    """Somebody asks for milk and bread, or for what `more` says."""
    return ask_for(
        viewer=found.viewer(by),
        wanted=replace(WANTED, **more),
        client_key=uuid4(),
        now=now or clock.now(),
    )


def offered(found: Scene, need: Need, by: str, *, now: datetime | None = None) -> Match:
    return offer_help(
        viewer=found.viewer(by), need_id=need.id, client_key=uuid4(), now=now or clock.now()
    )


def agreed(found: Scene, need: Need, by: str, *, now: datetime | None = None) -> Match:
    """They offered, and whoever asks said yes."""
    match = offered(found, need, by, now=now)
    asker = next(name for name, who in found.people.items() if who.id == need.asker_id)
    answer_offer(viewer=found.viewer(asker), match_id=match.id, is_yes=True, now=now or clock.now())
    match.refresh_from_db()
    return match


def gives(found: Scene, name: str, *, now: datetime | None = None, **more: Any) -> Offer:
    """Somebody offers food at all hours, or what `more` says."""
    facts: dict[str, Any] = {"category": Category.FOOD, "parts": ALWAYS, "a_week": 7}
    return save_offer(
        viewer=found.viewer(name),
        offered=Offered(**(facts | more)),
        client_key=uuid4(),
        now=now or clock.now(),
    )


def put(need: Need, *, now: datetime | None = None) -> int:
    """The task asks for this need; how many more it was put before."""
    return ask_helpers(network_id=need.network_id, need_id=need.id, now=now or clock.now())

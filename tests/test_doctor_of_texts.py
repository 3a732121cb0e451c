"""What the doctor says about the gateway of texts and calls, with one of the tests' own."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings

from porchlight import doctor, settings
from porchlight.kit import clock
from porchlight.kit.money import Currency
from porchlight.notices.models import ProviderHealth, ProviderShare, TextCost
from porchlight.notices.tests.local_gateway import LocalGateway, second_gateway
from porchlight.people import models
from porchlight.people.tests import cast


@pytest.fixture
def gateway() -> Iterator[LocalGateway]:
    with LocalGateway() as running:
        yield running


def said(monkeypatch: pytest.MonkeyPatch, there: Any, **facts: Any) -> dict[str, str]:
    """What the doctor finds with these settings, by state."""
    known = vars(there) | facts if there else None
    monkeypatch.setattr(settings, "GATEWAY", settings.Gateway(**known) if known else None)
    return {f"{one.about}: {one.state}": one.do for one in doctor.texts()}


@pytest.mark.parametrize("kind", ["twilio", "json"])
def test_a_gateway_that_takes_us_is_well(
    gateway: LocalGateway, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    assert "texts: ok" in said(monkeypatch, gateway.settings(kind))
    assert gateway.posts == [] and gateway.taken == []


@pytest.mark.parametrize("kind", ["twilio", "json"])
def test_a_wrong_secret_is_named(
    gateway: LocalGateway, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    found = said(monkeypatch, gateway.settings(kind), secret="wrong")
    assert "PORCHLIGHT_GATEWAY_SECRET" in found["texts: broken"]


def test_each_of_two_gateways_is_tried(
    gateway: LocalGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    with second_gateway() as second:
        wrong = vars(second.settings("json")) | {"secret": "wrong"}
        monkeypatch.setattr(settings, "GATEWAY_2", settings.Gateway(**wrong))
        found = said(monkeypatch, gateway.settings())
    assert "texts: ok" in found
    assert "PORCHLIGHT_GATEWAY_2_SECRET" in found["texts: broken"]


def test_phones_ring_where_only_the_second_calls(
    gateway: LocalGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    with second_gateway() as second:
        theirs = settings.Gateway(**vars(second.settings()))
        monkeypatch.setattr(settings, "GATEWAY_2", theirs)
        assert "calls: look" not in said(monkeypatch, gateway.settings("json"))


def test_a_gateway_that_is_away_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with LocalGateway() as gone:
        known = gone.settings()
    assert "PORCHLIGHT_GATEWAY_URL" in said(monkeypatch, known)["texts: broken"]


def test_no_gateway_and_no_calls_are_worth_a_look(
    gateway: LocalGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said(monkeypatch, None).keys() == {"texts: look"}
    assert "calls: look" in said(monkeypatch, gateway.settings(calls_from=""))


def ours(monkeypatch: pytest.MonkeyPatch, *running: LocalGateway) -> None:
    for name, one in zip(("GATEWAY", "GATEWAY_2"), running, strict=False):
        monkeypatch.setattr(settings, name, settings.Gateway(**vars(one.settings("json"))))


def lines(what: Any) -> list[tuple[str, str]]:
    return [(one.state, one.says) for one in what()]


def test_the_doctor_says_when_each_gateway_last_worked_and_how_they_share(
    db: None, gateway: LocalGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    with second_gateway() as second:
        ours(monkeypatch, gateway, second)
        now = clock.now()
        ago = timedelta(minutes=3)
        ProviderHealth.objects.create(
            provider=1, worked_at=now - ago, receipt_at=now - ago,
            linked_at=now - timedelta(days=9),
        )  # fmt: skip
        ProviderHealth.objects.create(provider=2, failed_at=now - 60 * ago, trouble="503")
        monkeypatch.setattr(django_settings, "GATEWAY", settings.GATEWAY)
        monkeypatch.setattr(django_settings, "GATEWAY_2", settings.GATEWAY_2)
        first, link, other, no_link, share = lines(doctor.sharing)
        assert link == ("look", "127.0.0.1: its weekly test arrived 9 days ago.")
        assert no_link == ("look", "127.0.0.1: no weekly test of it arrived yet.")
        assert first == (
            "ok", "127.0.0.1: took a text 3 minutes ago, said what became of one 3 minutes ago."
        )  # fmt: skip
        assert other == ("look", "127.0.0.1: no text yet, failed 3 hours ago (503).")
        assert share[0] == "ok"
        ProviderShare.objects.create(lane="urgent", first=80, moved_at=now)
        state, says = lines(doctor.sharing)[-1]
        assert state == "look"
        assert "Of a hundred urgent texts 127.0.0.1 carries 80" in says


def test_the_doctor_says_what_texts_cost_and_who_waits(
    db: None, gateway: LocalGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours(monkeypatch, gateway)
    [(state, says)] = lines(doctor.money)
    assert (state, "PORCHLIGHT_SMS_PRICE" in next(doctor.money()).do) == ("look", True)
    money = {"SMS_PRICE": 790, "SMS_CURRENCY": Currency(code="EUR", sign="€"), "SMS_BUDGET": 10_000}
    for name, value in money.items():
        monkeypatch.setattr(settings, name, value)
        monkeypatch.setattr(django_settings, name, value)
    TextCost.objects.create(day=clock.now().date(), lane="ordinary", texts=3, cost=2370)
    [(state, says)] = lines(doctor.money)
    assert (state, says) == (
        "ok", "3 texts this month, €0.23 of €1.00; 50 % is kept for calls for help."
    )  # fmt: skip
    TextCost.objects.create(day=clock.now().date(), lane="urgent", texts=12, cost=9480)
    [(state, says)] = lines(doctor.money)
    assert state == "look"
    assert "0 that have none wait. Calls for help go out." in says


def test_phones_without_a_gateway_are_broken(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "GATEWAY", None)
    assert list(doctor.phones()) == []
    bo = cast.bo()
    models.Address.objects.create(
        network_id=bo.network_id, source="t", client_key=bo.id, created_at=clock.now(), person=bo,
        channel="sms", value_guarded=b"", value_index=b"", rank=1, verified_at=clock.now(),
    )  # fmt: skip
    [finding] = doctor.phones()
    assert finding.state == "broken"
    assert "(1), but no gateway is set" in finding.says
    assert dataclasses.asdict(finding)["about"] == "phones"

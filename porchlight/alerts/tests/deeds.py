"""Deeds that are interrupted in tests; each may be done again with the same facts."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from porchlight.alerts.actions import answering, ending, raising, steering, wording
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import EndedHow
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.tests.scene import asking
from porchlight.kit import clock
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import receive_text
from porchlight.people.models import Person
from porchlight.people.tests import cast


def _viewer(person: UUID) -> Viewer:
    return cast.viewer(Person.objects.select_related("network").get(id=person))


def raise_it(*, person: UUID, key: UUID) -> None:
    raising.raise_alert(
        viewer=_viewer(person), asking=asking(is_wide=True), client_key=key, now=clock.now()
    )


def raise_with_grace(*, person: UUID, key: UUID) -> None:
    raising.raise_alert(
        viewer=_viewer(person), asking=asking(in_a_hurry=False), client_key=key, now=clock.now()
    )


def stop(*, person: UUID, alert: UUID) -> None:
    raising.stop_sending(viewer=_viewer(person), alert_id=alert, now=clock.now())


def come(*, person: UUID, alert: UUID) -> None:
    answering.answer(
        network_id=_viewer(person).network.id,
        alert_id=alert,
        person_id=person,
        said=Said.COMING,
        channel="page",
        now=clock.now(),
    )


def cannot(*, person: UUID, alert: UUID) -> None:
    answering.answer(
        network_id=_viewer(person).network.id,
        alert_id=alert,
        person_id=person,
        said=Said.CANT,
        channel="page",
        now=clock.now(),
    )


def arrive(*, person: UUID, alert: UUID) -> None:
    answering.arrive(viewer=_viewer(person), alert_id=alert, now=clock.now())


def allow(*, person: UUID, alert: UUID, other: UUID) -> None:
    steering.allow(viewer=_viewer(person), alert_id=alert, person_id=other, now=clock.now())


def remove(*, person: UUID, alert: UUID, other: UUID) -> None:
    steering.remove(viewer=_viewer(person), alert_id=alert, person_id=other, now=clock.now())


def say_more(*, person: UUID, alert: UUID) -> None:
    wording.say_more(
        viewer=_viewer(person), alert_id=alert, story="More", kind=Kind.FIRE, now=clock.now()
    )


def end(*, person: UUID, alert: UUID) -> None:
    ending.end(viewer=_viewer(person), alert_id=alert, how=EndedHow.ALL_CLEAR, now=clock.now())


def text_one(*, network: UUID, key: UUID, phone: UUID) -> None:
    """phone: a number dressed as an id, so that facts stay ids."""
    receive_text(
        network_id=network,
        channel="sms",
        provider_id=str(key),
        address_value=f"+{phone.int}",
        text="1 8",
        now=clock.now(),
    )


DEEDS: dict[str, Callable[..., Any]] = {
    deed.__name__: deed
    for deed in (
        raise_it,
        raise_with_grace,
        stop,
        come,
        cannot,
        arrive,
        allow,
        remove,
        say_more,
        end,
        text_one,
    )
}

"""Deeds that are interrupted in tests; each may be done again with the same facts."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.actions import (
    afterwards,
    answering,
    calls,
    check_ins,
    checking,
    choices,
    deaths,
    ending,
    links,
    looking,
    missing,
    quiet_ending,
    raising,
    steering,
    steps,
    together,
    wording,
)
from porchlight.alerts.rules.afterwards import YesNo
from porchlight.alerts.rules.asking import ForWhom, Whom
from porchlight.alerts.rules.check_ins import CheckState, Way
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.names import TOPIC_HOW
from porchlight.alerts.rules.states import EndedHow
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.tests.scene import asking
from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.viewer import Scope, Viewer
from porchlight.notices.actions import answer_by_push as push_answer
from porchlight.notices.actions import mark_answered, receive_text
from porchlight.notices.queries.words import link_token, push_token
from porchlight.people.actions.blocks import block
from porchlight.people.actions.me import leave_network
from porchlight.people.models import Person
from porchlight.people.tests import cast
from porchlight.trust.actions.disclosures import stop_showing
from porchlight.trust.actions.lockdown import lock_everything, open_everything

DEVICE = "the phone that answered"


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
    _text(network, key, phone, "1 8")


def take_back(*, network: UUID, key: UUID, phone: UUID) -> None:
    """Whoever called by phone writes that all is right now."""
    _text(network, key, phone, "0")


def _text(network: UUID, key: UUID, phone: UUID, words: str) -> None:
    """phone: a number dressed as an id, so that facts stay ids."""
    receive_text(
        network_id=network,
        channel="sms",
        provider_id=str(key),
        address_value=f"+{phone.int}",
        text=words,
        now=clock.now(),
    )


def name_whom(*, person: UUID, alert: UUID, other: UUID) -> None:
    wording.say_more(
        viewer=_viewer(person), alert_id=alert, now=clock.now(),
        whom=Whom(kind=ForWhom.POD, subject_id=other),
    )  # fmt: skip


def keep_words(*, person: UUID, alert: UUID) -> None:
    wording.keep_words(viewer=_viewer(person), alert_id=alert, now=clock.now())


def erase_words(*, person: UUID, alert: UUID) -> None:
    """What is gone is gone; done again it finds nothing."""
    with suppress(NotHere):
        wording.erase_words(viewer=_viewer(person), alert_id=alert, now=clock.now())


def lift_pause(*, person: UUID, other: UUID) -> None:
    with suppress(NotHere):
        choices.lift_door_pause(viewer=_viewer(person), person_id=other, now=clock.now())


def lock_all(*, person: UUID) -> None:
    lock_everything(viewer=_viewer(person), now=clock.now())


def open_all(*, person: UUID) -> None:
    """Open already: done again there is nothing to open."""
    with suppress(NotHere, Refusal):
        open_everything(viewer=_viewer(person), now=clock.now())


def _notice(person: UUID, alert: UUID) -> UUID:
    """By which they were asked."""
    return models.Invitation.objects.get(alert_id=alert, person_id=person).notice_id


def answer_by_bell(*, person: UUID, alert: UUID) -> None:
    notice = _notice(person, alert)
    mark_answered(viewer=_viewer(person), notice_id=notice, answer="coming", now=clock.now())


def answer_by_push(*, person: UUID, alert: UUID) -> None:
    notice = _notice(person, alert)
    push_answer(token=push_token(notice), answer="coming", now=clock.now())


def give_task_back(*, person: UUID, alert: UUID, task: UUID) -> None:
    together.give_task_back(viewer=_viewer(person), alert_id=alert, task_id=task, now=clock.now())


def safe_home(*, person: UUID, alert: UUID) -> None:
    answering.safe_home(viewer=_viewer(person), alert_id=alert, now=clock.now())


def want_more(*, person: UUID, alert: UUID) -> None:
    """Five, where three were wanted: tapped again on the same page it is heard once."""
    steering.want_more(viewer=_viewer(person), alert_id=alert, now=clock.now(), seen=3)


def go_wider(*, person: UUID, alert: UUID) -> None:
    """Where nobody more is near it says so; done again that is no trouble."""
    with suppress(Refusal):
        steering.go_wider(viewer=_viewer(person), alert_id=alert, now=clock.now())


def stop_showing_the_door(*, person: UUID, shown: UUID) -> None:
    stop_showing(viewer=_viewer(person), disclosure_id=shown, now=clock.now())


def keep_apart(*, person: UUID, other: UUID, key: UUID) -> None:
    block(viewer=_viewer(person), person_id=other, client_key=key, now=clock.now())


def leave(*, person: UUID) -> None:
    """Who is gone cannot tap again; done again it finds nobody."""
    with suppress(NotHere):
        leave_network(viewer=_viewer(person), now=clock.now())


def confirm_missing(*, person: UUID, alert: UUID) -> None:
    missing.confirm_missing(viewer=_viewer(person), alert_id=alert, is_true=True, now=clock.now())


def say_not_missing(*, person: UUID, alert: UUID) -> None:
    missing.confirm_missing(viewer=_viewer(person), alert_id=alert, is_true=False, now=clock.now())


def ask_another(*, person: UUID, alert: UUID, other: UUID) -> None:
    missing.ask_another(viewer=_viewer(person), alert_id=alert, person_id=other, now=clock.now())


def im_safe(*, person: UUID, alert: UUID) -> None:
    missing.im_safe(viewer=_viewer(person), alert_id=alert, now=clock.now())


def _by_link(person: UUID) -> Viewer:
    """Somebody who holds no more than the link that was sent to them."""
    network = _viewer(person).network
    return Viewer(network=network, person_id=person, scope=Scope.LINK)


def answer_by_link(*, person: UUID, alert: UUID) -> None:
    notice = _notice(person, alert)
    links.answer_by_link(
        viewer=_by_link(person),
        alert_id=alert,
        token=link_token(notice),
        device=DEVICE,
        said=Said.COMING,
        now=clock.now(),
    )


def show_door_by_link(*, person: UUID, alert: UUID) -> None:
    links.show_door_by_link(viewer=_by_link(person), alert_id=alert, device=DEVICE, now=clock.now())


def add_task(*, person: UUID, alert: UUID, key: UUID) -> None:
    together.add_task(
        viewer=_viewer(person), alert_id=alert, client_key=key, now=clock.now(), words="A torch"
    )


def write_line(*, person: UUID, alert: UUID, key: UUID) -> None:
    together.write_update(
        viewer=_viewer(person), alert_id=alert, words="Nearly there", client_key=key,
        now=clock.now(),
    )  # fmt: skip


def take_task(*, person: UUID, alert: UUID, task: UUID) -> None:
    together.take_task(viewer=_viewer(person), alert_id=alert, task_id=task, now=clock.now())


def finish_task(*, person: UUID, alert: UUID, task: UUID) -> None:
    together.finish_task(viewer=_viewer(person), alert_id=alert, task_id=task, now=clock.now())


def someone_died(*, person: UUID, alert: UUID) -> None:
    deaths.end_with_death(viewer=_viewer(person), alert_id=alert, now=clock.now())


def close_old() -> None:
    ending.close_old(now=clock.now())


def take_step(*, alert: UUID) -> None:
    row = models.Alert.objects.get(id=alert)
    steps.take_step(network_id=row.network_id, alert_id=alert, now=clock.now())


def take_look(*, person: UUID, alert: UUID) -> None:
    row = models.Alert.objects.get(id=alert)
    looking.take_look(network_id=row.network_id, alert_id=alert, person_id=person, now=clock.now())


def spoke_with(*, person: UUID, alert: UUID, other: UUID) -> None:
    looking.spoke_with(viewer=_viewer(person), alert_id=alert, person_id=other, now=clock.now())


def set_out(*, person: UUID, other: UUID, key: UUID) -> None:
    now = clock.now()
    check_ins.set_out(
        viewer=_viewer(person), way=Way.WALK, due_at=now + timedelta(hours=1), person_ids=[other],
        words_for_them="By the canal", tells_now=True, to_coordinators=True, client_key=key,
        now=now,
    )  # fmt: skip


def be_there(*, person: UUID, way: UUID) -> None:
    check_ins.be_there(viewer=_viewer(person), check_in_id=way, number="4071", now=clock.now())


def seem_there(*, person: UUID, way: UUID) -> None:
    check_ins.be_there(viewer=_viewer(person), check_in_id=way, number="9325", now=clock.now())


def take_longer(*, person: UUID, way: UUID) -> None:
    row = models.CheckIn.objects.get(id=way)
    if row.state != CheckState.RUNNING:  # said twice it would be twice as long, as asked for
        check_ins.take_longer(
            viewer=_viewer(person), check_in_id=way, minutes=10, number="4071", now=clock.now()
        )


def check_step(*, way: UUID) -> None:
    row = models.CheckIn.objects.get(id=way)
    checking.take_check_in_step(network_id=row.network_id, check_in_id=way, now=clock.now())


def say_we_spoke(*, person: UUID, way: UUID) -> None:
    checking.say_we_spoke(viewer=_viewer(person), check_in_id=way, now=clock.now())


def look_after(*, person: UUID, way: UUID) -> None:
    checking.look_after(viewer=_viewer(person), check_in_id=way, now=clock.now())


def end_note(*, person: UUID, alert: UUID) -> None:
    quiet_ending.end_note(viewer=_viewer(person), alert_id=alert, number="9325", now=clock.now())


def name_contact(*, person: UUID, alert: UUID, other: UUID) -> None:
    afterwards.name_contact(
        viewer=_viewer(person), alert_id=alert, person_id=other, now=clock.now()
    )


def answer_contact(*, person: UUID, alert: UUID) -> None:
    afterwards.answer_contact(
        viewer=_viewer(person), alert_id=alert, said=YesNo.YES, now=clock.now()
    )


def ask_to_talk(*, person: UUID, alert: UUID) -> None:
    afterwards.ask_to_talk(viewer=_viewer(person), alert_id=alert, now=clock.now())


def take_afterwards(*, alert: UUID) -> None:
    row = models.Alert.objects.get(id=alert)
    afterwards.take_afterwards(network_id=row.network_id, alert_id=alert, now=clock.now())


def please_ring(*, alert: UUID, way: UUID) -> None:
    """Somebody answers «please ring me» the morning after."""
    row = models.Alert.objects.get(id=alert)
    afterwards.answer_from_notice(
        network_id=row.network_id, about=alert, kind=TOPIC_HOW, recipient_id=way, answer="ring",
        now=clock.now(),
    )  # fmt: skip


def raise_by_call(*, network: UUID, key: UUID, phone: UUID) -> None:
    """phone: a number dressed as an id. They rang us, and press 1."""
    calls.take_call(
        network_id=network,
        channel="sms",
        address_value=f"+{phone.int}",
        call_id=str(key),
        key=calls.RAISES,
        now=clock.now(),
    )


DEEDS: dict[str, Callable[..., Any]] = {
    deed.__name__: deed
    for deed in (
        name_contact,
        answer_contact,
        ask_to_talk,
        take_afterwards,
        please_ring,
        set_out,
        be_there,
        seem_there,
        take_longer,
        check_step,
        say_we_spoke,
        look_after,
        end_note,
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
        safe_home,
        want_more,
        go_wider,
        stop_showing_the_door,
        keep_apart,
        leave,
        confirm_missing,
        say_not_missing,
        ask_another,
        im_safe,
        answer_by_link,
        show_door_by_link,
        add_task,
        write_line,
        take_task,
        finish_task,
        someone_died,
        close_old,
        take_step,
        take_look,
        spoke_with,
        raise_by_call,
        take_back,
        name_whom,
        keep_words,
        erase_words,
        lift_pause,
        lock_all,
        open_all,
        answer_by_bell,
        answer_by_push,
        give_task_back,
    )
}

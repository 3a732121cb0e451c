"""Somebody who has done everything here, so that a test can look for what is left of them."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.test import Client

from porchlight.alerts.actions import afterwards, answering, check_ins, choices, together
from porchlight.alerts.actions.end_numbers import choose_numbers
from porchlight.alerts.models import Alert, DoorPause, Handover
from porchlight.alerts.rules.check_ins import GRACE, Way
from porchlight.alerts.rules.states import EndedHow
from porchlight.alerts.tests.scene import Scene, call, ended, place, says, scene
from porchlight.alerts.tests.test_check_ins import out, step
from porchlight.kit import clock, vault
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import receive_text
from porchlight.people import models
from porchlight.people.actions import alert_keys, circles, invites
from porchlight.people.actions.addresses import add_email
from porchlight.people.actions.asked import note_asked
from porchlight.people.actions.asks import ask_to_join
from porchlight.people.actions.buddies import answer_buddy, ask_buddy
from porchlight.people.actions.hello import say_hello
from porchlight.people.actions.on_call import be_on_call
from porchlight.people.actions.telling import say
from porchlight.people.queries.reaching import ADDRESS_PURPOSE
from porchlight.people.rules.circles import Kind
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast
from porchlight.sharing.actions.desk import leave_note
from porchlight.sharing.actions.digest import choose_digest
from porchlight.sharing.actions.intake import take_down
from porchlight.sharing.rules.intake import Call, CameBy
from porchlight.sharing.tests.street import WANTED, agreed, asked, gives, put, switch_on
from porchlight.trust.actions import paper, reports
from porchlight.trust.actions.countersigns import open_countersign
from porchlight.trust.actions.disclosures import disclose
from porchlight.trust.models import Vouch
from porchlight.trust.rules.reports import About

NAME = "Sofie"
MAIL = "sofie.canary@example.org"
PHONE = "+31600000002"


@dataclass
class Life:
    """Sofie's, with the calls around her."""

    street: Scene
    own: Alert
    others: Alert
    browser: Client

    @property
    def viewer(self) -> Viewer:
        return self.street.viewer(NAME)


def a_whole_life() -> Life:
    """Sofie of Lena's pod: she called, she is coming to Lena, and has a row wherever one can."""
    street = scene()
    now, sofie = clock.now(), street.people[NAME]
    network = sofie.network
    street.phone(NAME)
    street.phone("Lena")
    _mail(sofie)
    viewer = street.viewer(NAME)
    browser = cast.signed_in(Client(), sofie)
    add_email(viewer=viewer, email="new@example.org", client_key=uuid4(), now=now)
    alert_keys.make_alert_key(
        viewer=viewer, client_key=uuid4(), label="Sofie's blue one", cookie="", now=now
    )
    cast.mandate(sofie, Role.COORDINATOR)
    viewer = street.viewer(NAME)
    group = circles.open_circle(
        viewer=viewer,
        kind=Kind.COMMITTEE,
        name="Garden",
        purpose="Weeds",
        source=viewer.source,
        client_key=uuid4(),
        now=now,
    )
    cast.mandate(sofie, Role.TREASURER, group)
    _between(street, sofie, group)
    own = call(street, by=NAME)
    others = call(street, is_wide=True)
    for alert, names in ((own, ("Lena",)), (others, (NAME, "Amir"))):
        for name in names:
            says(street, alert, name)
    answering.arrive(viewer=viewer, alert_id=others.id, now=now)
    together.write_update(
        viewer=viewer, alert_id=others.id, words="I am at the door", client_key=uuid4(), now=now
    )
    together.add_task(
        viewer=viewer, alert_id=others.id, client_key=uuid4(), words="Hold the lift", now=now
    )
    task = others.tasks.get(key="")
    together.take_task(viewer=viewer, alert_id=others.id, task_id=task.id, now=now)
    choices.choose_safe_person(
        viewer=viewer, person_id=street.id("Amir"), client_key=uuid4(), now=now
    )
    choices.choose_safe_person(
        viewer=street.viewer("Amir"), person_id=sofie.id, client_key=uuid4(), now=now
    )
    choices.choose(viewer=viewer, may_text_place=True, is_wide=False)
    _seen_home(street)
    _looked_in_on(street)
    _on_call(street)
    _shares(street)
    paper.choose(viewer=viewer, shows_number=False, shows_training=True, looks_after=True, now=now)
    for name in (NAME, "Amir"):  # one of hers, and one that she may look after
        reports.report(
            viewer=street.viewer(name),
            about=About.OTHER,
            thing_id=None,
            words="It was cold",
            keep_away=(),
            client_key=uuid4(),
            now=now,
        )
    DoorPause.objects.create(
        network=network, person=sofie, from_at=now, expires_at=now + timedelta(days=30)
    )
    receive_text(
        network_id=network.id,
        channel="sms",
        provider_id="one",
        address_value=PHONE,
        text="hello from Sofie",
        now=now,
    )
    say(
        network_id=network.id,
        person_ids=[sofie.id, street.id("Lena")],
        kind="level",
        about=sofie.id,
        title="Title",
        line="Line",
        page="people:groups",
        now=now,
    )
    return Life(street=street, own=own, others=others, browser=browser)


def _seen_home(street: Scene) -> None:
    """She was there; she is on her way again, behind a number; Lena is late, and she was told."""
    viewer, now = street.viewer(NAME), clock.now()
    first = out(street, "Amir", by=NAME)
    check_ins.be_there(viewer=viewer, check_in_id=first.id, number="", now=now)
    choose_numbers(viewer=viewer, ends="4071", looks="9325")
    out(street, "Amir", by=NAME)
    of_lena = out(street)
    step(of_lena, of_lena.due_at)
    step(of_lena, of_lena.due_at + GRACE[Way.WALK])


def _shares(street: Scene) -> None:
    """Lena helps her, and she helps Lena."""
    switch_on(street.pod.network)
    agreed(street, asked(street, by=NAME), "Lena")
    agreed(street, asked(street), NAME)
    gives(street, NAME)
    put(asked(street))
    choose_digest(viewer=street.viewer(NAME), wants=True, now=clock.now())
    cast.mandate(street.people[NAME], Role.DISPATCHER)
    leave_note(viewer=street.viewer(NAME), words="The van is back", read_at=None, now=clock.now())
    take_down(
        viewer=street.viewer(NAME), client_key=uuid4(), wanted=WANTED, now=clock.now(),
        call=Call(came_by=CameBy.PHONE, name="Mireille", language="en"),
    )  # fmt: skip


def _on_call(street: Scene) -> None:
    """She is on call for everybody, as somebody of a partner group."""
    partners = cast.circle("Groups by the water", "coalition")
    cast.membership(street.people[NAME], partners)
    be_on_call(
        viewer=street.viewer(NAME), circle_id=partners.id, hours=b"\xff" * 21, now=clock.now()
    )


def _looked_in_on(street: Scene) -> None:
    """Amir's call is over, and she looks in on him, whom she rang, too."""
    alert = call(street, by="Amir")
    ended(street, alert, EndedHow.ALL_CLEAR)
    afterwards.name_contact(
        viewer=street.viewer("Amir"), alert_id=alert.id, person_id=street.id(NAME), now=clock.now()
    )
    Handover.objects.filter(alert=alert).update(rung_by_id=street.id(NAME))


def _mail(who: models.Person) -> None:
    models.Address.objects.create(
        network=who.network,
        person=who,
        source=f"person:{who.id}",
        client_key=uuid4(),
        created_at=clock.now(),
        channel="email",
        value_guarded=vault.guard(MAIL, purpose=ADDRESS_PURPOSE, whose=who.id),
        value_index=vault.index(MAIL, purpose=ADDRESS_PURPOSE),
        rank=models.Address.objects.filter(person=who).count(),
        verified_at=clock.now(),
    )


def _between(street: Scene, sofie: models.Person, group: models.Circle) -> None:
    """What ties her to others, from both ends."""
    now, viewer = clock.now(), street.viewer(NAME)
    lena = street.people["Lena"]
    made = {"network": sofie.network, "created_at": now}

    def signed(who: models.Person) -> dict[str, object]:
        return made | {"source": f"person:{who.id}", "client_key": uuid4()}

    cast.membership(lena, group)
    place(sofie, address="Sofie's canary lane 3")
    invite = invites.make_invite(viewer=viewer, circle_id=group.id, client_key=uuid4(), now=now)
    used = invites.make_invite(viewer=viewer, circle_id=group.id, client_key=uuid4(), now=now)
    models.Invite.objects.filter(id=used.id).update(used_at=now, used_by=lena, code_guarded=None)
    models.Person.objects.filter(id=lena.id).update(invited_by=sofie, invite_id=used.id)
    came_by = invites.make_invite(
        viewer=street.viewer("Amir"), circle_id=None, client_key=uuid4(), now=now
    )
    models.Invite.objects.filter(id=came_by.id).update(
        used_at=now, used_by=sofie, code_guarded=None
    )
    models.Person.objects.filter(id=sofie.id).update(
        invited_by=street.people["Amir"], invite_id=came_by.id, source=f"person:{sofie.id}"
    )
    for invited, by in ((came_by, None), (invite, sofie)):
        models.JoinRequest.objects.create(
            **signed(sofie),
            name_guarded=b"x",
            words_guarded=b"x",
            language="en",
            code_index=uuid4().bytes,
            state="invited",
            decided_by=by,
            decided_at=now,
            invite_id=invited.id,
            expires_at=now + timedelta(days=14),
        )
    for whose, approver in ((sofie, lena), (lena, sofie)):
        reset = models.ResetRequest.objects.create(
            **signed(whose), person=whose, expires_at=now + timedelta(days=1)
        )
        models.ResetApproval.objects.create(**signed(approver), request=reset, keeper=approver)
    for one, other in ((sofie, lena), (street.people["Amir"], sofie)):
        Vouch.objects.create(**signed(one), voucher=one, vouched=other)
        models.Block.objects.create(
            **signed(one), blocker=one, blocked=other, lifted_at=now - timedelta(days=1)
        )
    ask_buddy(viewer=viewer, person_id=street.id("Rosa"), client_key=uuid4(), now=now)
    asked = ask_buddy(viewer=street.viewer("Hana"), person_id=sofie.id, client_key=uuid4(), now=now)
    answer_buddy(viewer=viewer, buddy_id=asked.id, yes=True, now=now)
    team = cast.circle("Team", "team")
    cast.membership(lena, team)
    ask_to_join(
        person_id=sofie.id, circle_id=team.id, source=viewer.source, client_key=uuid4(), now=now
    )
    ask_to_join(
        person_id=street.id("Jan"), circle_id=group.id, source="test", client_key=uuid4(), now=now
    )
    for learner, others in (("Lena", (NAME, "Amir")), (NAME, ("Lena", "Amir"))):
        trained = models.TrainedRole.objects.create(
            **signed(street.people[learner]),
            person=street.people[learner],
            role="first_aid",
            from_on=now.date(),
            until_on=now.date() + timedelta(days=365),
            confirmed_at=now,
        )
        for name in others:
            models.TrainedRoleConfirmation.objects.create(
                **signed(street.people[name]), trained_role=trained, by=street.people[name]
            )
    cast.mandate(lena, Role.FACILITATOR)
    models.Mandate.objects.filter(person=lena).update(given_by=sofie)
    say_hello(viewer=viewer, now=now)
    note_asked(network_id=sofie.network_id, person_ids=[sofie.id], now=now)
    disclose(
        network_id=sofie.network_id,
        owner_id=sofie.id,
        reader_ids=[lena.id],
        what="test.words",
        thing_id=uuid4(),
        why_kind="test",
        why_id=uuid4(),
        now=now,
        expires_at=now + timedelta(days=3),
    )
    open_countersign(
        network_id=sofie.network_id,
        kind="test.open",
        thing_id=uuid4(),
        needed=2,
        by=sofie.id,
        among={sofie.id},
        now=now,
        until_at=now + timedelta(days=1),
    )

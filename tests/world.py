"""Two networks as tests walk through them: Linden Street, and Harbour Side.

Ada keeps Linden Street, Bo is a member, Dee has just come in; Cy keeps Harbour Side and must see
nothing of Linden Street. Built from the cast of `people`. The things of Linden Street that have an
address are Bo's, unless their name says otherwise.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from porchlight.alerts.actions.answering import answer
from porchlight.alerts.actions.check_ins import set_out
from porchlight.alerts.actions.choices import choose_safe_person
from porchlight.alerts.actions.raising import raise_alert
from porchlight.alerts.actions.together import add_task
from porchlight.alerts.models import AlertTask, Invitation
from porchlight.alerts.rules.asking import Asking
from porchlight.alerts.rules.check_ins import Way
from porchlight.alerts.rules.kinds import Kind as Emergency
from porchlight.alerts.rules.texts import Said
from porchlight.kit import clock, vault
from porchlight.kit.viewer import Viewer
from porchlight.notices import actions as notices
from porchlight.notices.models import IncomingText
from porchlight.notices.queries.words import link_token, push_token
from porchlight.notices.rules import AnswerOption, Recipient, Urgency, Wording
from porchlight.people import models
from porchlight.people.actions import asking, asks, buddies, invites, push
from porchlight.people.actions.alert_keys import make_alert_key
from porchlight.people.actions.on_call import be_on_call
from porchlight.people.actions.places import add_place
from porchlight.people.actions.resets import start_reset
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.codes import code_of
from porchlight.people.rules.places import Entered, Kind, Where
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast
from porchlight.sharing.actions.asking import ask_for
from porchlight.sharing.actions.by_code import ask_by_code
from porchlight.sharing.actions.helping import answer_offer, offer_help
from porchlight.sharing.actions.intake import ring_back_later, take_down
from porchlight.sharing.actions.offers import ask_helpers, save_offer
from porchlight.sharing.actions.outside import show_outside
from porchlight.sharing.rules.availability import ALWAYS
from porchlight.sharing.rules.by_code import OutsideAsk, tag_of
from porchlight.sharing.rules.categories import Category
from porchlight.sharing.rules.intake import Call, CameBy
from porchlight.sharing.rules.needs import Meeting
from porchlight.sharing.rules.offers import Ability, Offered
from porchlight.sharing.rules.times import When
from porchlight.sharing.rules.wanted import Wanted
from porchlight.sharing.tests.street import switch_on
from porchlight.trust.actions import paper
from porchlight.trust.actions.disclosures import disclose
from porchlight.trust.actions.reports import report
from porchlight.trust.models import Disclosure
from porchlight.trust.rules.reports import About


@dataclass
class Street:
    """Linden Street, its people by name and its things by what they are."""

    network: models.Network
    people: dict[str, models.Person]
    pod: models.Circle
    group: models.Circle
    things: dict[str, UUID | str] = field(default_factory=dict)

    def client(self, visitor: str) -> Client:
        """The browser of one of them; anybody else is nobody."""
        client, name = Client(), visitor.removesuffix(" unproven")
        if name not in self.people:
            return client
        return cast.signed_in(client, self.people[name], is_proven=name == visitor)

    def made(self) -> dict[str, Any]:
        return {
            "network": self.network,
            "source": "test",
            "client_key": uuid4(),
            "created_at": clock.now(),
        }


def linden_and_harbour() -> Street:
    """Everyone of both networks; a pod and a group of Ada and Bo."""
    people = {"Ada": cast.ada(), "Bo": cast.bo(), "Dee": cast.dee(), "Cy": cast.cy()}
    street = Street(
        network=cast.linden(),
        people=people,
        pod=cast.circle("Corner pod", "pod"),
        group=cast.circle("Tree group", "committee"),
    )
    for name in ("Ada", "Bo"):
        cast.membership(people[name], street.pod)
        cast.membership(people[name], street.group)
    return street


def furnished() -> Street:
    """The same, with one of everything that has an address of its own."""
    street = linden_and_harbour()
    bo, dee, ada = street.people["Bo"], street.people["Dee"], street.people["Ada"]
    now = clock.now()
    viewer, network = cast.viewer(bo), as_network(street.network)
    dee.invited_by = bo  # so that Dee may ask Bo's pod
    dee.save()
    street.things |= _asked(street, viewer)
    street.things["way"] = _set_out(viewer, ada)
    street.things |= _told(street)
    place = Entered(
        label="My home", address="14 Linden Street", door_note="Blue door",
        where=Where(cells=(street.network.middle_cell,), pin=None), hours=b"\xff" * 21,
    )  # fmt: skip
    street.things["place"] = add_place(
        viewer=viewer, client_key=uuid4(), kind=Kind.HOME, entered=place, now=now
    )
    make_alert_key(viewer=viewer, client_key=uuid4(), label="Old phone", cookie="", now=now)
    street.things["alert key"] = models.AlertKey.objects.get(person=bo).id
    invite = invites.make_invite(
        viewer=viewer, circle_id=street.pod.id, client_key=uuid4(), now=now
    )
    street.things["invite"] = invite.id
    street.things["asked token"] = asking.ask_at_the_door(
        network=network,
        name="Fay",
        recognised_by="Red coat, number 30",
        language="en",
        client_key=uuid4(),
        now=now,
    ).replace(" ", "-")
    street.things["join request"] = models.JoinRequest.objects.get(network=street.network).id
    start_reset(viewer=cast.viewer(ada), name="Dee", client_key=uuid4(), now=now)
    street.things["reset"] = models.ResetRequest.objects.get(person=dee).id
    address_id = uuid4()
    street.things["address"] = models.Address.objects.create(
        **street.made(), id=address_id, person=bo, channel="email", rank=1,
        value_guarded=vault.guard("bo@linden.example", purpose="address", whose=bo.id),
        value_index=vault.index("bo@linden.example", purpose="address"),
    ).id  # fmt: skip
    push.let_ring(
        viewer=viewer, label="Blue phone", subscription=cast.subscription(), cookie="",
        client_key=uuid4(), now=now,
    )  # fmt: skip
    street.things["ringing phone"] = models.Address.objects.get(person=bo, channel="web_push").id
    street.things["mobile"] = models.Address.objects.create(
        **street.made(), id=uuid4(), person=bo, channel="sms", rank=9,
        value_guarded=vault.guard("+31612345678", purpose="address", whose=bo.id),
        value_index=vault.index("+31612345678", purpose="address"), verified_at=now,
    ).id  # fmt: skip
    street.things["training"] = models.TrainedRole.objects.create(
        **street.made(), person=bo, role="first_aid", from_on=now.date(),
        until_on=now.date() + timedelta(days=300),
    ).id  # fmt: skip
    street.things["partners"] = _on_call(street, viewer)
    street.things["mandate"] = cast.mandate(bo, role=Role.FACILITATOR).id
    street.things["disclosure"] = _shown(street)
    street.things["note"] = _noted(viewer, ada)
    street.things["block"] = cast.block(bo, cast.person("Eve", with_login=False)).id
    street.things |= _called(street)
    street.things["report"] = _reported(street)
    street.things |= _needed(street)
    paper.choose(viewer=viewer, shows_number=True, shows_training=True, looks_after=True, now=now)
    return street


def _needed(street: Street) -> dict[str, UUID | str]:
    """Bo asked for two helpers, and Ada, who was asked because of what she offered, is agreed."""
    switch_on(street.network)
    now, bo = clock.now(), cast.viewer(street.people["Bo"])
    save_offer(
        viewer=cast.viewer(street.people["Ada"]), client_key=uuid4(), now=now,
        offered=Offered(category=Category.CARRY, parts=ALWAYS, can=frozenset({Ability.STAIRS})),
    )  # fmt: skip
    wanted = Wanted(
        category=Category.CARRY, line="A wardrobe up two stairs", when=When.WEEK, helpers=2,
        cell=street.network.middle_cell, words="Third floor, ring at the green bell",
    )  # fmt: skip
    need = ask_for(viewer=bo, wanted=wanted, client_key=uuid4(), now=now)
    ask_helpers(network_id=street.network.id, need_id=need.id, now=now)
    match = offer_help(
        viewer=cast.viewer(street.people["Ada"]), need_id=need.id, client_key=uuid4(), now=now
    )
    answer_offer(viewer=bo, match_id=match.id, is_yes=True, now=now)
    cast.mandate(street.people["Ada"], role=Role.DISPATCHER)
    link = show_outside(viewer=bo, need_id=need.id, now=now)
    return {"need": need.id, "match": match.id, "need link": link} | _rang(street)


CODE = code_of(range(6))
"""The six words of somebody who asked on the page."""


def _rang(street: Street) -> dict[str, UUID | str]:
    """Somebody without an account asked for soup, and Bo offered to bring it; another one waits to
    be rung back. Ada took both down."""
    now, ada = clock.now(), cast.viewer(street.people["Ada"])
    call = Call(came_by=CameBy.PHONE, name="Mireille", number="+31687654321", language="en")
    wanted = Wanted(
        category=Category.FOOD, line="Soup for three days", when=When.WEEK, words="Yellow door"
    )
    need = take_down(viewer=ada, call=call, wanted=wanted, client_key=uuid4(), now=now)
    match = offer_help(
        viewer=cast.viewer(street.people["Bo"]), need_id=need.id, client_key=uuid4(), now=now
    )
    later = replace(call, name="Ans", number="+31687654322")
    waits = ring_back_later(viewer=ada, call=later, client_key=uuid4(), now=now)
    ask_by_code(
        viewer=Viewer(network=ada.network), call=replace(later, came_by=CameBy.WEB, name=""),
        asked=OutsideAsk(
            category=Category.THING, line="A ladder for an hour", when=When.WEEK, day="",
            part="any", people=1, meeting=Meeting.OUTSIDE, words="The blue gate",
        ),
        tag=tag_of(CODE), client_key=uuid4(), now=now,
    )  # fmt: skip
    return {"guest need": need.id, "guest match": match.id, "ring back": waits.id}


def _on_call(street: Street, viewer: Viewer) -> UUID:
    """A partner group of Bo and Ada, in which Bo is on call for everybody."""
    partners = cast.circle("Waterside partners", "coalition")
    for name in ("Ada", "Bo"):
        cast.membership(street.people[name], partners)
    be_on_call(viewer=viewer, circle_id=partners.id, hours=b"\xff" * 21, now=clock.now())
    return partners.id


def _reported(street: Street) -> UUID:
    """Dee says that something went wrong; Ada and another keeper are told."""
    cast.mandate(cast.person("Fred", with_login=False), Role.KEEPER)
    made = report(
        viewer=cast.viewer(street.people["Dee"]), about=About.OTHER, thing_id=None,
        words="Somebody shouted at me", keep_away=[], client_key=uuid4(), now=clock.now(),
    )  # fmt: skip
    assert made is not None
    return made.id


def _called(street: Street) -> dict[str, UUID | str]:
    """Bo called for help; Ada of his pod is on the way, and there is something to do."""
    now, bo = clock.now(), street.people["Bo"]
    asking = Asking(kind=Emergency.HURT, story="Fell on the stairs", in_a_hurry=True)
    called = raise_alert(viewer=cast.viewer(bo), asking=asking, client_key=uuid4(), now=now)
    add_task(
        viewer=cast.viewer(bo), alert_id=called.id, client_key=uuid4(), now=now, key="street_door"
    )
    answer(
        network_id=called.network_id, alert_id=called.id, person_id=street.people["Ada"].id,
        said=Said.COMING, channel="page", now=now,
    )  # fmt: skip
    notice = Invitation.objects.get(alert=called, person=street.people["Ada"]).notice_id
    task = AlertTask.objects.get(alert=called).id
    return {"alert": called.id, "alert task": task, "answer link": link_token(notice)}


def _noted(viewer: Any, ada: models.Person) -> UUID:
    """Bo does not feel safe, and Ada hears of it."""
    now = clock.now()
    choose_safe_person(viewer=viewer, person_id=ada.id, client_key=uuid4(), now=now)
    unsafe = Asking(kind=Emergency.UNSAFE, in_a_hurry=True)
    return raise_alert(viewer=viewer, asking=unsafe, client_key=uuid4(), now=now).id


def _set_out(viewer: Any, ada: models.Person) -> UUID:
    """Bo is on his way home, and Ada hears when he does not answer."""
    now = clock.now()
    return set_out(
        viewer=viewer, way=Way.WALK, due_at=now + timedelta(hours=1), person_ids=[ada.id],
        words_for_them="By the canal", tells_now=True, to_coordinators=True, client_key=uuid4(),
        now=now,
    ).id  # fmt: skip


def _asked(street: Street, viewer: Any) -> dict[str, UUID]:
    """Dee asks Bo's pod for a place; Bo asks Ada to be his buddy."""
    now = clock.now()
    ask = asks.ask_to_join(
        person_id=street.people["Dee"].id,
        circle_id=street.pod.id,
        source="test",
        client_key=uuid4(),
        now=now,
    )
    buddy = buddies.ask_buddy(
        viewer=viewer, person_id=street.people["Ada"].id, client_key=uuid4(), now=now
    )
    return {"ask": ask.id, "buddy": buddy.id}


def _shown(street: Street) -> UUID:
    """Ada may read something of Bo's."""
    now, thing_id = clock.now(), uuid4()
    disclose(
        network_id=street.network.id, owner_id=street.people["Bo"].id,
        reader_ids=[street.people["Ada"].id], what="alert.door", thing_id=thing_id,
        why_kind="alert", why_id=thing_id, now=now, expires_at=now + timedelta(days=1),
    )  # fmt: skip
    return Disclosure.objects.get(thing_id=thing_id).id


def _told(street: Street) -> dict[str, UUID | str]:
    """Bo has a notice; a text nobody understood is in the inbox; a made-up phone is on its page."""
    now, network_id = clock.now(), street.network.id
    later = now + timedelta(days=3)
    topic = notices.open_topic(
        network_id=network_id, about=None, kind="test", now=now, expires_at=later
    )
    [notice] = notices.tell(
        network_id=network_id, topic_id=topic,
        recipients=[Recipient(id=street.people["Bo"].id, language="en")],
        wording=Wording(title="Tree day", line="On Sunday"), urgency=Urgency.ORDINARY,
        path=f"/n/{street.network.slug}/groups/", now=now, expires_at=later,
    )  # fmt: skip
    notices.receive_text(
        network_id=network_id,
        channel="demo",
        provider_id="1",
        address_value="demo:Somebody",
        text="Hm?",
        now=now,
    )
    phone = notices.place_demo_phone(network_id=network_id, label="demo:Bo", groups=["Corner pod"])
    asked_about = notices.open_topic(
        network_id=network_id, about=None, kind="question", now=now, expires_at=later
    )
    [question] = notices.tell(
        network_id=network_id, topic_id=asked_about,
        recipients=[Recipient(id=street.people["Bo"].id, language="en")],
        wording=Wording(
            title="Tree day", line="On Sunday", answers=(AnswerOption(key="yes", label="Yes"),)
        ),
        urgency=Urgency.ORDINARY, path=f"/n/{street.network.slug}/groups/", now=now,
        expires_at=later,
    )  # fmt: skip
    return {
        "question link": link_token(question),
        "question push": push_token(question),
        "notice": notice,
        "text": IncomingText.objects.get(network_id=network_id).id,
        "phone": phone,
    }

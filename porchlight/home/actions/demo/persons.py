"""The demo's network, its people, and how six of them sign in."""

from django.contrib.auth.hashers import make_password

from porchlight.home.actions.demo.pen import Pen
from porchlight.home.rules import cast
from porchlight.home.rules.plan import PlannedPerson
from porchlight.kit import vault
from porchlight.kit.transactions import one_transaction
from porchlight.kit.words import skeleton
from porchlight.notices.actions import place_demo_phone
from porchlight.notices.models import AddressHealth
from porchlight.people import models
from porchlight.people.queries.reaching import ADDRESS_PURPOSE
from porchlight.people.queries.signing_in import handle_of
from porchlight.people.rules.rights import Level
from porchlight.trust.models import Vouch

ZONE = "Europe/Amsterdam"
EMERGENCY = "112"
# Numbers from 01632 960000 on are kept for stories and reach nobody.
# Source: Ofcom, numbers for use in TV and radio drama.
NUMBERS = (
    ("01632 960 101", "Doctor at night", "Médica de noche", "طبيبة الليل"),
    ("01632 960 112", "Poison line", "Línea de envenenamientos", "خط السموم"),
    (
        "01632 960 123",
        "Somebody to talk to, day and night",
        "Alguien con quien hablar",
        "شخص تتحدث إليه ليل نهار",
    ),
    ("01632 960 134", "Women’s shelter", "Casa refugio", "دار حماية النساء"),
    ("01632 960 145", "Lawyer on call", "Abogada de guardia", "محامية مناوبة"),
    ("01632 960 156", "Gas and water", "Gas y agua", "الغاز والماء"),
)


@one_transaction
def write_network(*, pen: Pen) -> models.Network:
    """The network itself and its local numbers."""
    network = models.Network(
        id=pen.network_id,
        slug=pen.plan.slug,
        name=pen.plan.name,
        zone=ZONE,
        languages=["en", "es", "ar"],
        emergency_number=EMERGENCY,
        middle_cell=pen.plan.middle,
        created_at=pen.ago(pen.plan.founded_days_ago),
        is_demo=True,
    )
    pen.write([network])
    pen.write(
        models.LocalNumber(
            id=pen.made(pen.now)["id"],
            network_id=pen.network_id,
            ordinal=ordinal,
            label={"en": english, "es": spanish, "ar": arabic},
            number=number,
        )
        for ordinal, (number, english, spanish, arabic) in enumerate(NUMBERS, start=1)
    )
    return network


@one_transaction
def write_people(*, pen: Pen) -> None:
    """Everybody, and who said «I know this person» of whom."""
    pen.write(_person(pen, planned) for planned in pen.plan.people)
    pen.write(
        Vouch(
            **pen.made(pen.ago(planned.joined_days_ago - 0.5)),
            voucher_id=voucher,
            vouched_id=planned.id,
        )
        for planned in pen.plan.people
        for voucher in planned.vouched_by
    )


def _person(pen: Pen, planned: PlannedPerson) -> models.Person:
    joined_at = pen.ago(planned.joined_days_ago)
    facts = pen.made(joined_at) | {"id": planned.id}
    return models.Person(
        **facts,
        name=planned.name,
        skeleton=skeleton(planned.name),
        language=planned.language,
        speaks=list(planned.speaks),
        level=Level.MEMBER if planned.is_member else Level.NEWCOMER,
        is_founder=planned.is_founder,
        is_under_18=planned.is_under_18,
        invited_by_id=planned.invited_by,
        quiet_from=planned.quiet[0] if planned.quiet else None,
        quiet_until=planned.quiet[1] if planned.quiet else None,
        joined_at=joined_at,
    )


@one_transaction
def write_logins(*, pen: Pen, password_hash: str) -> None:
    """A way in for the described people of this network; nobody else of the demo can sign in.

    password_hash: made once for all of them, because one hash is slow on purpose.
    """
    people = [pen.plan.by_name[one.name] for one in cast.DESCRIBED if one.network == pen.plan.slug]
    pen.write(
        models.Login(
            id=pen.made(pen.now)["id"],
            network_id=pen.network_id,
            person_id=person.id,
            handle=handle_of(pen.network_id, person.name),
            password=password_hash,
            recovery=make_password(None),  # no recovery words open it
        )
        for person in people
    )


@one_transaction
def write_addresses(*, pen: Pen) -> None:
    """A made-up phone for everybody, and for some a mail address that leads nowhere."""
    broken = {person.id for person in pen.plan.people if person.mail_is_broken}
    rows = [
        _address(pen, person, "demo", person.name, rank=1, is_verified=True)
        for person in pen.plan.people
    ]
    rows += [
        _address(pen, person, "email", mail, rank=2, is_verified=person.mail_is_verified)
        for number, person in enumerate(pen.plan.people)
        if person.has_mail and (mail := f"neighbour{number}@{pen.plan.slug}.example")
    ]
    pen.write(rows)
    pen.write(
        AddressHealth(
            address_id=row.id,
            network_id=pen.network_id,
            worked_at=pen.ago(40),
            failed_at=pen.ago(1),
            expires_at=pen.ahead(140),
        )
        for row in rows
        if row.channel == "email" and row.person_id in broken
    )
    for person in pen.plan.people:
        groups = [pen.plan.pods[person.pod]] if person.pod is not None else []
        place_demo_phone(network_id=pen.network_id, label=person.name, groups=groups)


def _address(
    pen: Pen, person: PlannedPerson, channel: str, value: str, *, rank: int, is_verified: bool
) -> models.Address:
    at = pen.ago(person.joined_days_ago)
    return models.Address(
        **pen.made(at),
        person_id=person.id,
        channel=channel,
        value_guarded=vault.guard(value, purpose=ADDRESS_PURPOSE, whose=person.id),
        value_index=vault.index(value.casefold(), purpose=ADDRESS_PURPOSE),
        rank=rank,
        verified_at=at if is_verified else None,
    )

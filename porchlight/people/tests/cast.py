"""The people of the tests: Ada keeps the group, Bo is a member, Dee is new, Cy lives elsewhere.

Plain rows, so that a test of one thing does not depend on another. Passwords are hashed once a run:
argon2 is slow on purpose.
"""

import hashlib
import json
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.contrib.auth.hashers import make_password
from django.test import Client

from porchlight.kit import clock
from porchlight.kit.base64url import as_base64url
from porchlight.kit.viewer import Viewer
from porchlight.kit.words import skeleton
from porchlight.people import models
from porchlight.people.queries.signing_in import as_network, handle_of, viewer_of
from porchlight.people.rules.rights import Level, Role
from porchlight.people.sessions import PROVEN, USED
from porchlight.people.views.ways_in import FRESH_KEY

PASSWORD = "porch lamps at dusk"
RECOVERY = "apple river window garden music yellow"
A_YEAR = timedelta(days=365)
A_WHILE_AGO = timedelta(days=60)


@lru_cache
def hashed(words: str) -> str:
    """The slow hash, made once for each text."""
    return make_password(words)


def network(slug: str = "linden", name: str = "Linden Street") -> models.Network:
    """A network with one emergency number and nobody in it."""
    found = models.Network.objects.filter(slug=slug).first()
    if found:
        return found
    return models.Network.objects.create(
        id=uuid4(),
        slug=slug,
        name=name,
        zone="Europe/Amsterdam",
        languages=["en", "es", "ar"],
        emergency_number="112",
        middle_cell="881969541dfffff",
        created_at=clock.now() - A_WHILE_AGO,
    )


def linden() -> models.Network:
    """Where Ada, Bo and Dee live."""
    return network()


def harbour() -> models.Network:
    """Where Cy lives; nobody of Linden may notice that it exists."""
    return network("harbour", "Harbour Side")


def person(
    name: str,
    *,
    where: models.Network | None = None,
    level: Level = Level.MEMBER,
    is_founder: bool = False,
    is_under_18: bool = False,
    language: str = "en",
    invited_by: models.Person | None = None,
    with_login: bool = True,
) -> models.Person:
    """Somebody with a login (name and PASSWORD), who joined two months ago."""
    home = where or linden()
    joined = clock.now() - A_WHILE_AGO
    made = models.Person.objects.create(
        network=home,
        source="test",
        client_key=uuid4(),
        created_at=joined,
        joined_at=joined,
        name=name,
        skeleton=skeleton(name),
        language=language,
        speaks=[language],
        level=level,
        is_founder=is_founder,
        is_under_18=is_under_18,
        invited_by=invited_by,
    )
    if with_login:
        models.Login.objects.create(
            id=uuid4(),
            network=home,
            person=made,
            handle=handle_of(home.id, name),
            password=hashed(PASSWORD),
            recovery=hashed(RECOVERY),
        )
    return made


def mandate(
    who: models.Person, role: Role = Role.KEEPER, circle: models.Circle | None = None
) -> models.Mandate:
    """A role that holds now and for a year from two months ago."""
    return models.Mandate.objects.create(
        network=who.network,
        source="test",
        client_key=uuid4(),
        created_at=who.joined_at,
        person=who,
        circle=circle,
        role=role,
        from_at=who.joined_at,
        until_at=who.joined_at + A_YEAR,
        source_kind="founding",
    )


def recall(who: models.Person) -> None:
    """All their roles are over."""
    models.Mandate.objects.filter(person=who).update(ended_at=clock.now(), ended_why="recalled")


def ada(where: models.Network | None = None) -> models.Person:
    """Founder and keeper."""
    made = person("Ada", where=where, is_founder=True)
    mandate(made)
    return made


def bo() -> models.Person:
    """A member without a role."""
    return person("Bo")


def dee() -> models.Person:
    """Somebody new, whom nobody has vouched for."""
    return person("Dee", level=Level.NEWCOMER)


def cy() -> models.Person:
    """A keeper of another network: whatever is Linden's does not exist for them."""
    made = person("Cy", where=harbour())
    mandate(made)
    return made


def circle(
    name: str = "Corner pod", kind: str = "pod", where: models.Network | None = None
) -> models.Circle:
    """A circle with nobody in it."""
    return models.Circle.objects.create(
        network=where or linden(),
        source="test",
        client_key=uuid4(),
        created_at=clock.now() - A_WHILE_AGO,
        kind=kind,
        name=name,
    )


def membership(
    who: models.Person, group: models.Circle, seat: int | None = None
) -> models.Membership:
    """Somebody in a circle since they joined; in a pod they take the next free seat."""
    if group.kind == "pod" and seat is None:
        seat = models.Membership.objects.filter(circle=group, until_at=None).count() + 1
    return models.Membership.objects.create(
        network=who.network,
        source="test",
        client_key=uuid4(),
        created_at=who.joined_at,
        circle=group,
        person=who,
        kind=group.kind,
        seat=seat,
        from_at=who.joined_at,
    )


def block(blocker: models.Person, blocked: models.Person) -> models.Block:
    """Two people who must not be brought together."""
    return models.Block.objects.create(
        network=blocker.network,
        source="test",
        client_key=uuid4(),
        created_at=clock.now(),
        blocker=blocker,
        blocked=blocked,
    )


def subscription(name: str = "one", host: str = "fcm.googleapis.com") -> str:
    """What a browser gives when a device is to ring; one name, one device."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest(), "big") >> 1
    point = ec.derive_private_key(number, ec.SECP256R1()).public_key()
    return json.dumps(
        {
            "endpoint": f"https://{host}/send/{name}",
            "expirationTime": None,
            "keys": {
                "p256dh": as_base64url(
                    point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
                ),
                "auth": as_base64url(name.encode().ljust(16, b".")[:16]),
            },
        }
    )


def viewer(who: models.Person, now: datetime | None = None, *, is_proven: bool = True) -> Viewer:
    """As whom they look, with the rights they have now; a second factor was shown, unless not."""
    login = models.Login.objects.filter(person=who).select_related("person").first()
    return viewer_of(
        network=as_network(who.network),
        login=login,
        now=now or clock.now(),
        is_proven=is_proven,
    )


def nobody(where: models.Network | None = None) -> Viewer:
    """A visitor who is not signed in."""
    return Viewer(network=as_network(where or linden()))


def signed_in(client: Client, who: models.Person, *, is_proven: bool = True) -> Client:
    """The browser of somebody who is signed in, and showed a second factor, unless not."""
    client.force_login(models.Login.objects.get(person=who))
    return proven(client) if is_proven else client


def proven(client: Client) -> Client:
    """The same browser, after a second factor was shown in it."""
    session = client.session
    session[PROVEN] = session[USED] = clock.now().isoformat()
    session.save()
    return client


def fresh(client: Client) -> Client:
    """The same browser, a moment after its owner showed who they are."""
    session = client.session
    session[FRESH_KEY] = clock.now().isoformat()
    session.save()
    return client

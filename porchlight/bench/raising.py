"""`porchlight bench raise`: a press on *Get help*, to stored and to the first message handed over.

A scratch install whose database waits for the disk at each commit, a running web process, one
urgent worker, the real channel for texts, and a gateway on loopback that takes everything. Somebody
of the demo neighbourhood whose pod and whose neighbours all have phones posts the form. Each press
invites sixty people.

Some presses are taps: the rows are stored at once and due five seconds later, so that the tap can
be stopped. The others are holds of *Get help*, which are due at the press itself.

- `stored_ms`: from the first byte of the POST to its answer, of both. The answer comes after the
  commit, so this is what the person waits for, with everything the web process does;
- `first_ms`, `last_ms`: of taps, from the moment the call is due to the first and the last message
  at the gateway;
- `held_first_ms`, `held_last_ms`: of holds, from the first byte of the POST. Storing lies in it.

Between two presses everything the last one left is removed, so that nobody is asked too often and
no press is a second one. Presses come one after the other, as they do in a street.
"""

import http.client
import json
import os
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from porchlight import __version__
from porchlight.bench.asking import ask, clock_offset, do
from porchlight.bench.options import chosen
from porchlight.bench.pages import nearest_rank, served
from porchlight.bench.scratch import demo_reader, run, running, scratch_install
from porchlight.bench.sink import Sink

PREPARE = (["collectstatic", "--noinput"], ["demo", "--if-empty"])
INVITATIONS, NEAR = 60, 50
MOST_PRESSES = 1000
BOUNDS = {"taps": (40, 1, MOST_PRESSES), "holds": (160, 1, MOST_PRESSES)}
WARM_UP = 5
PATIENCE = 30.0
CSRF = "A" * 32
"""Any 32 letters are a secret to Django when cookie and form agree."""
WORKER = [sys.executable, "-m", "porchlight.cli", "worker", "urgent"]
FIRST_NUMBER = 612_000_000
NAMES = ("stored_ms", "first_ms", "last_ms", "held_first_ms", "held_last_ms")


class NotWhole(Exception):
    """A press was refused, or not everybody was told: its speed means nothing."""


# ---------- in the scratch install ----------


def prepare() -> None:
    """Give everybody a phone and a place here, and say who presses. Prints it as JSON."""
    import django

    django.setup()
    print(json.dumps(_prepared()))


def _prepared() -> dict[str, Any]:
    from django.conf import settings
    from django.urls import reverse

    login, client = demo_reader()
    _give_phones(login)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    cookies[settings.CSRF_COOKIE_NAME] = CSRF
    return {
        "cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "path": reverse("alerts:help", args=[login.network.slug]),
    }


def _give_phones(login: Any) -> None:
    """A verified phone for texts each, a place in one part of the map, and room for sixty."""
    from porchlight.kit import clock, vault
    from porchlight.kit.viewer import Viewer
    from porchlight.people import models
    from porchlight.people.actions.network_rules import set_rule
    from porchlight.people.actions.places import add_place
    from porchlight.people.queries.reaching import ADDRESS_PURPOSE
    from porchlight.people.queries.signing_in import as_network
    from porchlight.people.rules.places import Entered, Kind, Where

    now, network = clock.now(), as_network(login.network)
    models.Address.objects.filter(network_id=network.id).delete()
    for place in models.Place.objects.filter(network_id=network.id):
        place.delete()
    models.Reach.objects.filter(network_id=network.id).delete()
    here = Where(cells=(login.network.middle_cell,), pin=None)
    people = models.Person.objects.filter(network_id=network.id, left_at=None).order_by("id")
    for number, person in enumerate(people):
        value = f"+31{FIRST_NUMBER + number}"
        models.Address.objects.create(
            network_id=network.id, source="bench", client_key=uuid4(), created_at=now,
            person=person, channel="sms", rank=1, verified_at=now,
            value_guarded=vault.guard(value, purpose=ADDRESS_PURPOSE, whose=person.id),
            value_index=vault.index(value, purpose=ADDRESS_PURPOSE),
        )  # fmt: skip
        add_place(
            viewer=Viewer(network=network, person_id=person.id),
            client_key=uuid4(),
            kind=Kind.HOME,
            entered=Entered(
                label="Home", address="1 Bench Street", door_note="", where=here,
                hours=b"\xff" * 21,
            ),
            now=now,
        )  # fmt: skip
    _befriend(login, now)
    set_rule(
        viewer=Viewer.system(network, "bench"), key="alerts.near_first", value=NEAR,
        reason="To measure sixty invitations.", decided_by=network.id, from_at=now,
        client_key=uuid4(), now=now,
    )  # fmt: skip


def _befriend(login: Any, now: Any) -> None:
    """Buddies outside the pod, as many as sixty invitations still need beside fifty nearby."""
    from datetime import timedelta

    from porchlight.kit.viewer import Viewer
    from porchlight.people import models
    from porchlight.people.queries.blocks import all_blocked
    from porchlight.people.queries.signing_in import as_network

    pod = models.Membership.objects.filter(person=login.person, kind="pod", until_at=None)
    inside = models.Membership.objects.filter(
        circle_id__in=pod.values("circle_id"), until_at=None
    ).values_list("person_id", flat=True)
    viewer = Viewer.system(as_network(login.network), "a benchmark", login.person_id)
    adults = models.Person.objects.filter(
        network_id=login.network_id, left_at=None, hushed_at=None, is_under_18=False
    ).exclude(id__in=list(all_blocked(viewer=viewer)))
    models.Buddy.objects.filter(network_id=login.network_id).delete()
    # Trained people are asked besides, and may be among those nearby: then it is sixty by chance.
    models.TrainedRole.objects.filter(network_id=login.network_id).delete()
    asked = adults.filter(id__in=list(inside)).exclude(id=login.person_id).count()
    outside = adults.exclude(id__in=list(inside)).order_by("joined_at", "skeleton")
    for other in outside[: INVITATIONS - NEAR - asked]:
        models.Buddy.objects.create(
            network_id=login.network_id, source="bench", client_key=uuid4(), created_at=now,
            asker=login.person, asked=other, state="accepted", expires_at=now + timedelta(days=9),
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Press:
    """One press, in seconds of `time.monotonic()`."""

    at: float
    answered: float
    due: float
    invitations: int
    is_held: bool


class Presses:
    """Presses, waits until everybody was told, and clears away."""

    def __init__(self, *, port: int, path: str, cookie: str) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._path = path
        self._headers = {
            "Host": f"127.0.0.1:{port}",
            "Cookie": cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
            "Origin": f"http://127.0.0.1:{port}",
        }

    def once(self, *, is_held: bool) -> Press:
        """Tap or hold, wide; give when it was answered and when it was due.

        For somebody hurt: for what can wait nobody is woken, and at night sixty would be fewer.
        """
        form = f"csrfmiddlewaretoken={CSRF}&client_key={uuid4()}&kind=hurt&is_wide=on"
        form += "&held=1" if is_held else ""
        offset = clock_offset()
        self._line.close()  # the server hangs up on whoever says nothing for as long as a tap waits
        self._line.connect()
        began = time.monotonic()
        self._line.request("POST", self._path, form, self._headers)
        answer = self._line.getresponse()
        body = answer.read()
        answered = time.monotonic()
        if answer.status != 200 or b'"to"' not in body:
            raise NotWhole(f"The press was answered {answer.status}: {body[:200]!r}")
        due, invitations = self._raised()
        self._wait(invitations)
        return Press(
            at=began,
            answered=answered,
            due=due - offset,
            invitations=invitations,
            is_held=is_held,
        )

    def _raised(self) -> tuple[float, int]:
        [(due, invitations)] = ask(
            "SELECT extract(epoch FROM a.due_at), (SELECT count(*) FROM alerts_invitation i"
            " WHERE i.alert_id = a.id) FROM alerts_alert a"
        )
        return float(due), int(invitations)

    def _wait(self, invitations: int) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            [(handed,)] = ask(
                "SELECT count(*) FROM notices_delivery WHERE channel = 'sms' AND state = 'handed'"
            )
            if handed == invitations:
                return
            time.sleep(0.005)
        raise NotWhole("Not everybody was told.")

    def clear(self) -> None:
        """As if nothing had happened: nobody was asked, and nothing runs."""
        for table in ("alerts_alert", "notices_topic", "trust_disclosure", "people_askedon"):
            do(f"DELETE FROM {table}")  # noqa: S608  # four names of ours
        do("UPDATE people_reach SET last_asked_at = NULL, asked_in_7_days = 0")


def drive(taps: int, holds: int) -> dict[str, Any]:
    """Everything, in the process that lives in the scratch install."""
    import django

    django.setup()
    known = json.loads(os.environ.pop("PORCHLIGHT_BENCH_KNOWN"))
    with ExitStack() as stack:
        sink = stack.enter_context(Sink(expected=MOST_PRESSES * INVITATIONS))
        environment = os.environ | sink.gateway()
        stack.enter_context(running(WORKER, environment=environment))
        port = stack.enter_context(served("porchlight", environment))
        street = Presses(port=port, path=known["path"], cookie=known["cookie"])
        done = []
        for number in range(-WARM_UP, taps + holds):
            street.clear()
            press = street.once(is_held=number < holds)
            if number >= 0:
                done.append(press)
        stamps = sorted(stamp.at for stamp in sink.stop())
    return _summary(done, stamps)


def _summary(done: list[Press], stamps: list[float]) -> dict[str, Any]:
    figures: dict[str, list[float]] = {name: [] for name in NAMES}
    ends = [press.at for press in done[1:]] + [float("inf")]
    for press, end in zip(done, ends, strict=True):
        mine = [at for at in stamps if press.at <= at < end]
        if len(mine) != press.invitations:
            raise NotWhole(f"{press.invitations} were invited, and {len(mine)} texts arrived.")
        figures["stored_ms"].append((press.answered - press.at) * 1000)
        held, since = ("held_", press.at) if press.is_held else ("", press.due)
        figures[f"{held}first_ms"].append((mine[0] - since) * 1000)
        figures[f"{held}last_ms"].append((mine[-1] - since) * 1000)
    return {
        "invitations": done[0].invitations,
        **{name: _both(took) for name, took in figures.items()},
    }


def _both(took: list[float]) -> dict[str, float]:
    ordered = sorted(took)
    return {f"p{each}": round(nearest_rank(ordered, each), 1) for each in (50, 99)}


# ---------- telling ----------


def bench_raise(*, taps: int, holds: int) -> dict[str, Any]:
    """Measure it in a scratch install."""
    module = [sys.executable, "-m", "porchlight.bench.raising"]
    with scratch_install(prepare=PREPARE, is_durable=True) as environment:
        known = run([*module, "prepare"], environment).strip().splitlines()[-1]
        command = [*module, "drive", str(taps), str(holds)]
        said = run(command, environment | {"PORCHLIGHT_BENCH_KNOWN": known})
    return {
        "what": "raise",
        "version": __version__,
        "taps": taps,
        "holds": holds,
        **json.loads(said.strip().splitlines()[-1]),
    }


def _told(result: dict[str, Any]) -> str:
    """The result as lines for people."""
    head = f"{result['taps']} taps, {result['holds']} holds, {result['invitations']} invited each"
    lines = [
        f"  {name.removesuffix('_ms'):<12} p50 {result[name]['p50']:>8.1f} ms"
        f"   p99 {result[name]['p99']:>8.1f} ms"
        for name in NAMES
    ]
    return "\n".join([head, "", *lines])


def main(arguments: list[str]) -> int:
    """`porchlight bench raise ...`"""
    if arguments == ["prepare"]:
        prepare()
        return 0
    if arguments[:1] == ["drive"]:
        print(json.dumps(drive(*map(int, arguments[1:]))))
        return 0
    typed = chosen("raise", arguments, about=__doc__, bounds=BOUNDS)
    result = bench_raise(taps=typed.taps, holds=typed.holds)
    print(json.dumps(result) if typed.json else _told(result))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

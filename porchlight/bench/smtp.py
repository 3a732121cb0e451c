"""`porchlight bench smtp`: one notice to very many mailboxes, beside the same mails by other ways.

A scratch install whose database waits for the disk at each commit, the real worker and the real
channel for mail, and a mail server on loopback that takes everything (`sink` says which). Each run
measures, one after the other:

- ours: the notice is stored before and due at one moment. `per_s` is mails by the seconds from
  that moment to the commit of the last outcome;
- `pooled_per_s`: the same channel, its pool and its mails, without a database: what is left when
  nothing is written down. `ratio_to_pooled` is ours by it;
- `objects_per_s`: the same pool, where each mail is built as an object of its own, as one writes
  it first, with fewer mails. `ratio_to_objects` is ours by it.

All are medians of the runs.
"""

import json
import os
import sys
import time
from contextlib import ExitStack
from statistics import median
from typing import Any
from uuid import uuid4

from porchlight import __version__
from porchlight.bench.fanout import FIRST_NUMBER, NotWhole, Street, sending, waiting
from porchlight.bench.mail_sink import MailSink
from porchlight.bench.options import chosen
from porchlight.bench.scratch import run, running, scratch_install

BOUNDS = {"recipients": (10_000, 100, 100_000), "runs": (5, 1, 20), "senders": (1, 1, 8)}
"""The usual number, the least and the most."""
CANARIES = 50
OBJECTS = 2000
STORES_AT_LEAST = 1500
WORKER = [sys.executable, "-m", "porchlight.cli", "worker", "background"]
HANDED = """
SELECT count(*) FROM notices_delivery d JOIN notices_notice n ON n.id = d.notice_id
 WHERE n.topic_id = %s AND d.channel = 'email' AND d.state = 'handed' AND d.tries = 1
"""


class MailStreet(Street):
    """Made-up people with a mailbox each."""

    def people(self, numbers: range) -> list[Any]:
        from porchlight.notices.rules import Address, Recipient

        return [
            Recipient(
                id=uuid4(),
                language="en",
                addresses=(
                    Address(
                        id=uuid4(), channel="email", value=f"p{number}@x.example", is_verified=True
                    ),
                ),
            )
            for number in numbers
        ]


def ours(street: Street, numbers: range, senders: int) -> tuple[float, str]:
    """Mails a second, each with an attempt and an outcome; and which server took them."""
    with ExitStack() as stack:
        sink = stack.enter_context(MailSink())
        environment = os.environ | {"PORCHLIGHT_SMTP_URL": sink.url}
        for _ in range(senders):
            stack.enter_context(running(WORKER, environment=environment))
        street.tell(street.people(range(CANARIES)))
        street.wait_for("email")
        street.wait_for("page")
        due_in = 2 + len(numbers) / STORES_AT_LEAST
        topic_id, due = street.tell(street.people(numbers), due_in=due_in)
        if time.monotonic() > due - 1:
            raise NotWhole("It took too long to store everything: this machine is too busy.")
        recorded = street.wait_for("email")
        if street.count(HANDED, [topic_id]) != len(numbers):
            raise NotWhole("Not everything that arrived was recorded once.")
    return len(numbers) / (recorded - due), sink.program


def beside(which: str, numbers: range) -> float:
    """Mails a second of one of the other ways, from the go to the server's last yes."""
    with MailSink() as sink:
        environment = os.environ | {"PORCHLIGHT_SMTP_URL": sink.url}
        with waiting(sending(which, numbers), environment) as go:
            began = time.monotonic()
            go()
            return len(numbers) / (time.monotonic() - began)


def drive(recipients: int, runs: int, senders: int) -> dict[str, Any]:
    """Everything, in the process that lives in the scratch install."""
    import django

    django.setup()
    street = MailStreet()
    numbers = range(FIRST_NUMBER, FIRST_NUMBER + recipients)
    few = numbers[: min(OBJECTS, recipients)]
    found: dict[str, list[float]] = {"per_s": [], "pooled_per_s": [], "objects_per_s": []}
    program = ""
    for _ in range(runs):
        found["pooled_per_s"].append(beside("mails", numbers))
        per_s, program = ours(street, numbers, senders)
        found["per_s"].append(per_s)
        found["objects_per_s"].append(beside("mail_objects", few))
    ratios = {
        f"ratio_to_{name}": round(
            median(
                mine / theirs
                for mine, theirs in zip(found["per_s"], found[f"{name}_per_s"], strict=True)
            ),
            3,
        )
        for name in ("pooled", "objects")
    }
    return {
        **{name: round(median(each), 1) for name, each in found.items()},
        **ratios,
        "sink": program,
    }


# ---------- telling ----------


def bench_smtp(*, recipients: int, runs: int, senders: int) -> dict[str, Any]:
    """Measure it in a scratch install."""
    with scratch_install(is_durable=True) as environment:
        command = [sys.executable, "-m", "porchlight.bench.smtp", "drive"]
        said = run([*command, str(recipients), str(runs), str(senders)], environment)
    return {
        "what": "smtp",
        "version": __version__,
        "recipients": recipients,
        "runs": runs,
        "senders": senders,
        **json.loads(said.strip().splitlines()[-1]),
    }


def _told(result: dict[str, Any]) -> str:
    """The result as lines for people."""
    lines = [
        f"{result['recipients']:,} mails, {result['senders']} sender(s), medians of "
        f"{result['runs']} run(s), sink: {result['sink']}",
        "",
        f"  recorded a second                {result['per_s']:>10,.0f}",
        f"  the same pool, no database       {result['pooled_per_s']:>10,.0f}"
        f"   ours is {result['ratio_to_pooled']:.2f} of it",
        f"  an object for each mail          {result['objects_per_s']:>10,.0f}"
        f"   ours is {result['ratio_to_objects']:.1f} times as fast",
    ]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """`porchlight bench smtp ...`"""
    if arguments[:1] == ["drive"]:
        print(json.dumps(drive(*map(int, arguments[1:]))))
        return 0
    typed = chosen("smtp", arguments, about=__doc__, bounds=BOUNDS)
    result = bench_smtp(recipients=typed.recipients, runs=typed.runs, senders=typed.senders)
    print(json.dumps(result) if typed.json else _told(result))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

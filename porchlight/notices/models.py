"""The outbox: what is told, to whom, through what, and what came back.

`network_id` and `recipient_id` are plain ids: this area knows no tables of people.
"""

from uuid import uuid4

from django.db import models

from porchlight.kit.tables import SameNetwork
from porchlight.notices.rules import FIRST, OPEN_STATES, Channel, DeliveryState, Lane, Urgency


def _choices(values: list[str], field: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": values}), name=name)


class Topic(models.Model):
    """What notices are about; whoever opened it closes it, and closing stops the rest."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    network_id = models.UUIDField()
    about = models.UUIDField(null=True)  # the alert, ask, ... it belongs to
    kind = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)  # everything told under it goes then

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network_id", "id"], name="topic_network"),
        ]
        indexes = [models.Index(fields=["about"], name="topic_about")]


class Text(models.Model):
    """A wording rendered once for a topic and a language."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    network_id = models.UUIDField()
    topic = models.ForeignKey(
        Topic, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )  # a unique constraint below begins with it and serves as its index
    language = models.CharField(max_length=12)
    fingerprint = models.BinaryField()  # keyed: finds an equal text without reading it
    words_guarded = models.BinaryField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network_id", "id"], name="text_network"),
            models.UniqueConstraint(fields=["topic", "language", "fingerprint"], name="text_once"),
            SameNetwork(
                field="topic_id", table="notices_topic", name="text_topic", on_delete="CASCADE"
            ),
        ]


class Notice(models.Model):
    """One thing told to one recipient."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    network_id = models.UUIDField()
    topic = models.ForeignKey(
        Topic, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )  # a unique constraint below begins with it and serves as its index
    text = models.ForeignKey(Text, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    recipient_id = models.UUIDField()
    purpose = models.CharField(max_length=40)
    urgency = models.CharField(max_length=10)
    path = models.CharField(max_length=300)
    wants_answer = models.BooleanField()
    told_at = models.DateTimeField()
    expires_at = models.DateTimeField()  # nothing is sent and nothing asked after this
    seen_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=40, blank=True)
    link_index = models.BinaryField(null=True)  # finds the notice by its short link; questions only

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network_id", "id"], name="notice_network"),
            models.UniqueConstraint(fields=["link_index"], name="notice_link"),
            models.UniqueConstraint(
                fields=["topic", "recipient_id", "purpose"], name="notice_tells_once"
            ),
            models.CheckConstraint(
                condition=models.Q(path__startswith="/") & ~models.Q(path__startswith="//"),
                name="notice_path_here",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at=None, answer="")
                | models.Q(answered_at__isnull=False) & ~models.Q(answer=""),
                name="notice_answer_whole",
            ),
            _choices(list(Urgency), "urgency", "notice_urgency"),
            SameNetwork(
                field="topic_id", table="notices_topic", name="notice_topic", on_delete="CASCADE"
            ),
            SameNetwork(
                field="text_id", table="notices_text", name="notice_text", on_delete="CASCADE"
            ),
        ]
        indexes = [
            # Neither begins with the network: a foreign key that is checked by (network, id) would
            # be looked up in it as long as nothing is known of the table, row by row by row.
            models.Index(fields=["recipient_id", "-told_at"], name="notice_news"),
            models.Index(
                fields=["recipient_id"],
                condition=models.Q(seen_at=None, answered_at=None),
                name="notice_unread",
            ),
        ]


class Delivery(models.Model):
    """One notice on its way to one address. A trigger holds `rules.ALLOWED`."""

    id = models.BigAutoField(primary_key=True)
    network_id = models.UUIDField()
    notice = models.ForeignKey(
        Notice, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )  # a unique constraint below begins with it and serves as its index
    lane = models.CharField(max_length=10)
    channel = models.CharField(max_length=12)
    rank = models.PositiveSmallIntegerField()  # 0 is the bell, then the person's own order
    address_id = models.UUIDField(null=True)
    address_guarded = models.BinaryField(null=True)
    address_index = models.BinaryField(null=True)  # to find what an incoming text answers
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=12)
    due_at = models.DateTimeField(null=True)  # without: stands by until the one before failed
    expires_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    claimed_by = models.UUIDField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    prefers = models.PositiveSmallIntegerField(null=True)  # a reply: whose number was written to
    is_open = models.GeneratedField(
        expression=models.Q(  # type: ignore[arg-type]  # the stubs know no conditions here
            state__in=[str(state) for state in OPEN_STATES]
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network_id", "id"], name="delivery_network"),
            models.UniqueConstraint(fields=["notice", "rank"], name="delivery_rank"),
            _choices(list(Lane), "lane", "delivery_lane"),
            _choices(list(Channel), "channel", "delivery_channel"),
            _choices(list(DeliveryState), "state", "delivery_state"),
            models.CheckConstraint(
                condition=models.Q(state=DeliveryState.CLAIMED, lease_until__isnull=False)
                | ~models.Q(state=DeliveryState.CLAIMED) & models.Q(lease_until=None),
                name="delivery_lease",
            ),
            models.CheckConstraint(
                condition=models.Q(channel=Channel.PAGE)
                | models.Q(address_guarded__isnull=False, address_id__isnull=False),
                name="delivery_has_address",
            ),
            SameNetwork(
                field="notice_id",
                table="notices_notice",
                name="delivery_notice",
                on_delete="CASCADE",
            ),
        ]
        indexes = [
            # What a worker takes stays in it until it is settled: a claim then changes no index.
            models.Index(
                fields=["lane", "channel", "due_at", "id"],
                condition=models.Q(is_open=True),
                name="delivery_due",
            ),
            models.Index(
                fields=["address_index", "-id"],
                condition=models.Q(address_index__isnull=False),
                name="delivery_by_address",
            ),
        ]


class Attempt(models.Model):
    """Append-only: a call is about to be made. Committed before the call."""

    id = models.BigAutoField(primary_key=True)
    network_id = models.UUIDField()
    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )  # a unique constraint below begins with it and serves as its index
    ordinal = models.PositiveSmallIntegerField()
    begun_at = models.DateTimeField()
    worker = models.UUIDField()
    provider = models.PositiveSmallIntegerField(
        default=FIRST, db_default=FIRST
    )  # the gateway it goes by; the first also where a channel has only one way out

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network_id", "id"], name="attempt_network"),
            models.UniqueConstraint(fields=["delivery", "ordinal"], name="attempt_order"),
            SameNetwork(
                field="delivery_id",
                table="notices_delivery",
                name="attempt_delivery",
                on_delete="CASCADE",
            ),
        ]


class Outcome(models.Model):
    """Append-only: what became of an attempt. None means nobody knows yet."""

    id = models.BigAutoField(primary_key=True)
    network_id = models.UUIDField()
    attempt = models.OneToOneField(
        Attempt, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    at = models.DateTimeField()
    state = models.CharField(max_length=12)
    detail = models.CharField(max_length=40, blank=True)  # a code, never words
    provider_ref = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            _choices(
                ["handed", "failed_temp", "failed_perm", "in_doubt"], "state", "outcome_state"
            ),
            SameNetwork(
                field="attempt_id",
                table="notices_attempt",
                name="outcome_attempt",
                on_delete="CASCADE",
            ),
        ]


class Receipt(models.Model):
    """Append-only: a provider says later that a delivery arrived or came back."""

    id = models.BigAutoField(primary_key=True)
    network_id = models.UUIDField()
    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    provider = models.PositiveSmallIntegerField(default=FIRST, db_default=FIRST)
    provider_id = models.CharField(max_length=200)
    at = models.DateTimeField()
    arrived = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "provider", "provider_id"], name="receipt_once"
            ),
            SameNetwork(
                field="delivery_id",
                table="notices_delivery",
                name="receipt_delivery",
                on_delete="CASCADE",
            ),
        ]


class AddressHealth(models.Model):
    """When an address last worked, without the address."""

    address_id = models.UUIDField(primary_key=True)
    network_id = models.UUIDField()
    worked_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)


class IncomingText(models.Model):
    """What somebody wrote to us, stored before anyone tries to understand it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    network_id = models.UUIDField()
    channel = models.CharField(max_length=12)
    provider = models.PositiveSmallIntegerField(
        default=FIRST, db_default=FIRST
    )  # the gateway whose number was written to
    provider_id = models.CharField(max_length=200)
    address_guarded = models.BinaryField()
    address_index = models.BinaryField()
    text_guarded = models.BinaryField()
    arrived_at = models.DateTimeField()
    understood_by = models.CharField(max_length=60, blank=True)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.UUIDField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network_id", "channel", "provider", "provider_id"],
                name="incomingtext_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["network_id", "-arrived_at"],
                condition=models.Q(understood_by="", handled_at=None),
                name="incomingtext_inbox",
            ),
            models.Index(fields=["address_index", "-arrived_at"], name="incomingtext_by_address"),
        ]


class StrangeCalls(models.Model):
    """How many calls of a day came from numbers that are nobody's; never from which."""

    id = models.BigAutoField(primary_key=True)
    network_id = models.UUIDField()
    called_on = models.DateField()
    many = models.PositiveIntegerField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network_id", "called_on"], name="strangecalls_day"),
        ]


class GatewayCursor(models.Model):
    """How far we have read the news of a gateway that cannot reach us. One row an install."""

    gateway = models.CharField(max_length=20, primary_key=True)
    cursor = models.CharField(max_length=200, blank=True)
    moved_at = models.DateTimeField()


class ProviderHealth(models.Model):
    """When a gateway worked last. One row for each; it says nothing about anybody."""

    provider = models.PositiveSmallIntegerField(primary_key=True)
    worked_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=40, blank=True, db_default="")  # a code, never words
    receipt_at = models.DateTimeField(null=True)  # when it last said what became of a text
    rests_until = models.DateTimeField(null=True)  # it asked for patience
    linked_at = models.DateTimeField(null=True)  # its weekly text to the other one arrived


class ProviderPace(models.Model):
    """When a gateway that takes only so many texts a second is free again; workers take turns."""

    provider = models.PositiveSmallIntegerField(primary_key=True)
    free_at = models.DateTimeField()


class ProviderShare(models.Model):
    """How many of a hundred texts of a lane the first of two gateways carries."""

    lane = models.CharField(max_length=10, primary_key=True)
    first = models.PositiveSmallIntegerField()
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [
            _choices(list(Lane), "lane", "providershare_lane"),
            models.CheckConstraint(condition=models.Q(first__lte=100), name="providershare_all"),
        ]


class ProviderCount(models.Model):
    """What became of the texts a gateway was given within two seconds; kept for an hour."""

    id = models.BigAutoField(primary_key=True)
    provider = models.PositiveSmallIntegerField()
    slot = models.DateTimeField()
    taken = models.PositiveIntegerField()
    failed = models.PositiveIntegerField()
    quick = models.PositiveIntegerField()  # receipts in time for a call for help
    patient = models.PositiveIntegerField()  # receipts in time for anything

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "slot"], name="providercount_slot"),
        ]
        indexes = [models.Index(fields=["slot"], name="providercount_newest")]


class TextCost(models.Model):
    """What the texts of a day cost, by lane; it says nothing about anybody."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()  # UTC
    lane = models.CharField(max_length=10)
    texts = models.IntegerField()  # one that failed is taken off again, also after midnight
    cost = models.BigIntegerField()  # ten-thousandths of the currency

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "lane"], name="textcost_day"),
            _choices(list(Lane), "lane", "textcost_lane"),
        ]


class DemoPhone(models.Model):
    """A made-up phone on the demo's page of phones."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    network_id = models.UUIDField()
    label = models.CharField(max_length=120)
    groups = models.JSONField(default=list)  # names of groups to pick it by

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network_id", "id"], name="demophone_network"),
            models.UniqueConstraint(fields=["network_id", "label"], name="demophone_label"),
        ]


class DemoPhoneMessage(models.Model):
    """One message on a made-up phone; the same delivery arrives once."""

    id = models.BigAutoField(primary_key=True)
    network_id = models.UUIDField()
    phone = models.ForeignKey(
        DemoPhone, on_delete=models.CASCADE, db_constraint=False, related_name="messages"
    )
    delivery = models.OneToOneField(
        Delivery, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    arrived_at = models.DateTimeField()

    class Meta:
        constraints = [
            SameNetwork(
                field="phone_id",
                table="notices_demophone",
                name="demomessage_phone",
                on_delete="CASCADE",
            ),
            SameNetwork(
                field="delivery_id",
                table="notices_delivery",
                name="demomessage_delivery",
                on_delete="CASCADE",
            ),
        ]
        indexes = [models.Index(fields=["phone", "-id"], name="demomessage_newest")]

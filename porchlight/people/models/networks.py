"""Networks, the rules an assembly may change, and the audit."""

from uuid import uuid4

from django.db import models

from porchlight.kit.tables import Creatable, made_once, own_network
from porchlight.people.rules.lockdown import LASTS


class Network(models.Model):
    """The widest group whose people may be asked to help each other."""

    id = models.UUIDField(primary_key=True, editable=False)
    slug = models.SlugField(unique=True, max_length=40)
    name = models.CharField(max_length=60)
    zone = models.CharField(max_length=60)
    languages = models.JSONField()  # list of codes, the network's own first
    emergency_number = models.CharField(max_length=20)
    middle_cell = models.CharField(max_length=15, blank=True)  # res 8, where its map opens
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)
    ends_at = models.DateTimeField(null=True)  # two keepers said so: nothing is kept after it

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slug__regex=r"^[a-z0-9][a-z0-9-]*$"), name="network_slug_plain"
            ),
        ]


class LocalNumber(models.Model):
    """One of up to ten numbers people here need in an emergency."""

    id = models.UUIDField(primary_key=True, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    ordinal = models.PositiveSmallIntegerField()
    label = models.JSONField()  # {language: text}
    number = models.CharField(max_length=24)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "ordinal"], name="localnumber_order"),
            models.CheckConstraint(
                condition=models.Q(ordinal__range=(1, 10)), name="localnumber_at_most_ten"
            ),
        ]


class NetworkRule(Creatable):
    """One version of a rule an assembly may change. The newest whose time has come holds."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    value = models.JSONField()
    from_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    decided_by = models.UUIDField(null=True)  # the decision, minutes or founding it comes from

    class Meta:
        constraints = [
            made_once("networkrule_once"),
            models.UniqueConstraint(
                fields=["network", "key", "version"], name="networkrule_version"
            ),
        ]


class AuditRow(models.Model):
    """Who did what, as ids only; written in the action that did it.

    This row may be emptied. What stays is its link in the chain, which names nobody.
    """

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    verb = models.CharField(max_length=60)
    thing_id = models.UUIDField(null=True)
    detail = models.JSONField(
        default=dict
    )  # ids, counts, dates and enum names; never words people typed
    seq = models.BigIntegerField(null=True)  # its place in the chain; null: not sealed yet
    salt = models.BinaryField(null=True)  # without it, the link says nothing about the detail

    class Meta:
        indexes = [
            models.Index(fields=["network", "-id"], name="audit_newest"),
            models.Index(
                fields=["network", "id"], condition=models.Q(seq=None), name="audit_unsealed"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["network", "seq"], name="auditrow_sealed_once"),
        ]


class AuditLink(models.Model):
    """One link of a network's chain: what was done in which hour, by nobody's name.

    Never changed and never deleted, except with the whole network: triggers hold that.
    """

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    seq = models.BigIntegerField()  # from 1, without a gap
    hour = models.DateTimeField()
    actor_tag = models.BinaryField()
    verb = models.CharField(max_length=60)
    thing_tag = models.BinaryField()
    commitment = models.BinaryField()
    previous = models.BinaryField()
    own = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "seq"], name="auditlink_place"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="auditlink_from_one"),
        ]


class AuditSalt(models.Model):
    """What ties somebody to their links. Deleting it unties them for good.

    Without a foreign key, as in `AuditRow`: a deed of somebody who is gone is sealed all the same.
    """

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    person_id = models.UUIDField()
    salt = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "person_id"], name="auditsalt_one_each"),
        ]


class Lockdown(models.Model):
    """Everything of a network is locked, a day at most: nothing guarded opens, nobody comes in."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    by_ids = models.JSONField()  # the keepers who locked it: one, or two within seven days
    ended_at = models.DateTimeField(null=True)  # two keepers opened it, or its day is over
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            own_network("lockdown_network"),
            models.UniqueConstraint(
                fields=["network"], condition=models.Q(ended_at=None), name="lockdown_current"
            ),
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("from_at"))
                & models.Q(until_at__lte=models.F("from_at") + LASTS)
                & (models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("from_at")))
                & models.Q(expires_at__gt=models.F("until_at")),
                name="lockdown_a_day_at_most",
            ),
        ]

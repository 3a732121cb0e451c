"""Acts that need several persons before a time."""

from uuid import uuid4

from django.db import models

from porchlight.kit.tables import SameNetwork, own_network
from porchlight.trust.rules.countersigns import MOST


class Countersign(models.Model):
    """Something that happens once enough people said yes. Triggers hold that enough did."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    network = models.ForeignKey("people.Network", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    thing_id = models.UUIDField()
    needed = models.PositiveSmallIntegerField()
    until_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)  # taken back, or its time ran out
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            own_network("countersign_network"),
            models.UniqueConstraint(
                fields=["network", "kind", "thing_id"],
                condition=models.Q(done_at=None, closed_at=None),
                name="countersign_current",
            ),
            models.CheckConstraint(
                condition=models.Q(needed__range=(1, MOST)), name="countersign_needed"
            ),
            models.CheckConstraint(
                condition=models.Q(done_at=None) | models.Q(closed_at=None),
                name="countersign_done_or_closed",
            ),
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("opened_at"))
                & models.Q(expires_at__gt=models.F("until_at"))
                & (
                    models.Q(done_at=None)
                    | models.Q(done_at__gte=models.F("opened_at"), done_at__lt=models.F("until_at"))
                )
                & (models.Q(closed_at=None) | models.Q(closed_at__gte=models.F("opened_at"))),
                name="countersign_in_time",
            ),
        ]
        indexes = [
            models.Index(fields=["network", "thing_id", "kind"], name="countersign_of_thing")
        ]


class Countersignature(models.Model):
    """One person's yes."""

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey("people.Network", on_delete=models.CASCADE, related_name="+")
    countersign = models.ForeignKey(
        Countersign, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["countersign", "person"], name="countersignature_once"),
            SameNetwork(
                field="countersign_id",
                table="trust_countersign",
                name="countersignature_of",
                on_delete="CASCADE",
            ),
            SameNetwork(
                field="person_id",
                table="people_person",
                name="countersignature_person",
                on_delete="CASCADE",
            ),
        ]
        indexes = [models.Index(fields=["person"], name="countersignature_by")]

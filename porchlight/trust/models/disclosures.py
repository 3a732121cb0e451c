"""Who may read whose guarded words, and who did."""

from uuid import uuid4

from django.db import models
from django.db.models.functions import Least

from porchlight.kit.tables import SameNetwork, own_network
from porchlight.trust.rules.disclosures import How


class Disclosure(models.Model):
    """One reader may read one thing of somebody, for a reason and a time.

    Ended once is ended for good; triggers hold that, and that it only ever gets longer before.
    One whose time ran out gets that moment as `revoked_at` when it is shown anew: the index that
    allows one in force cannot look at a clock.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    network = models.ForeignKey("people.Network", on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    reader = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    what = models.CharField(max_length=40)
    thing_id = models.UUIDField()
    why_kind = models.CharField(max_length=40)
    why_id = models.UUIDField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()  # the words themselves go then: nobody reads after it

    class Meta:
        constraints = [
            own_network("disclosure_network"),
            models.UniqueConstraint(
                fields=["network", "thing_id", "what", "reader"],
                condition=models.Q(revoked_at=None),
                name="disclosure_current",
            ),
            models.CheckConstraint(
                condition=~models.Q(owner=models.F("reader")), name="disclosure_not_oneself"
            ),
            models.CheckConstraint(
                # `NULL > …` is neither true nor false, and a check lets that pass, as it should.
                condition=models.Q(expires_at__gt=models.F("from_at"))
                & (models.Q(until_at=None) | models.Q(until_at__gt=models.F("from_at")))
                & (models.Q(revoked_at=None) | models.Q(revoked_at__gte=models.F("from_at"))),
                name="disclosure_ends_after_it_began",
            ),
            SameNetwork(
                field="owner_id",
                table="people_person",
                name="disclosure_owner",
                on_delete="CASCADE",
            ),
            SameNetwork(
                field="reader_id",
                table="people_person",
                name="disclosure_reader",
                on_delete="CASCADE",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-from_at"], name="disclosure_of_owner"),
            models.Index(fields=["reader"], name="disclosure_to_reader"),
            models.Index(fields=["thing_id"], name="disclosure_of_thing"),
            models.Index(fields=["why_id"], name="disclosure_why"),
            models.Index(
                Least("expires_at", "until_at", "revoked_at"), name="disclosure_by_end"
            ),  # the sweep
        ]


class Reading(models.Model):
    """Append-only: somebody read what they were shown. A trigger holds the time and the pace."""

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey("people.Network", on_delete=models.CASCADE, related_name="+")
    disclosure = models.ForeignKey(
        Disclosure, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    at = models.DateTimeField()
    how = models.CharField(max_length=8)
    expires_at = models.DateTimeField(db_index=True)  # at the latest: it goes with its disclosure

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(how__in=[how.value for how in How]), name="reading_how"
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("at")), name="reading_expires_later"
            ),
            SameNetwork(
                field="disclosure_id",
                table="trust_disclosure",
                name="reading_disclosure",
                on_delete="CASCADE",
            ),
        ]
        indexes = [models.Index(fields=["disclosure", "how", "-at"], name="reading_newest")]

"""Who vouches for whom."""

from django.db import models

from porchlight.kit.tables import Creatable, SameNetwork, made_once


class Vouch(Creatable):
    """«I know this person»: one neighbour stands for another. Ends when one of them leaves."""

    network = models.ForeignKey("people.Network", on_delete=models.CASCADE, related_name="+")
    voucher = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    vouched = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )

    class Meta:
        constraints = [
            made_once("vouch_once"),
            models.UniqueConstraint(fields=["voucher", "vouched"], name="vouch_pair_once"),
            models.CheckConstraint(
                condition=~models.Q(voucher=models.F("vouched")), name="vouch_not_oneself"
            ),
            SameNetwork(
                field="voucher_id", table="people_person", name="vouch_voucher", on_delete="CASCADE"
            ),
            SameNetwork(
                field="vouched_id", table="people_person", name="vouch_vouched", on_delete="CASCADE"
            ),
        ]

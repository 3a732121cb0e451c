"""What may stand on the paper of one's pod."""

from django.db import models

from porchlight.kit.tables import SameNetwork
from porchlight.trust.rules.paper import MOST_LOOKING


class PaperChoice(models.Model):
    """What somebody allows on the paper of this very pod, and whether they look after it.

    It counts while they are in that pod; in another one it begins anew with nothing.
    """

    person = models.OneToOneField(
        "people.Person",
        on_delete=models.CASCADE,
        db_constraint=False,
        primary_key=True,
        related_name="+",
    )
    network = models.ForeignKey("people.Network", on_delete=models.CASCADE, related_name="+")
    circle = models.ForeignKey(
        "people.Circle", on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    shows_number = models.BooleanField(default=False)
    shows_training = models.BooleanField(default=False)
    seat = models.PositiveSmallIntegerField(null=True)  # one of two who look after the paper
    since_at = models.DateTimeField()
    printed_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["circle", "seat"], name="paperchoice_two_look_after"),
            models.CheckConstraint(
                condition=models.Q(seat=None) | models.Q(seat__range=(1, MOST_LOOKING)),
                name="paperchoice_seat",
            ),
            SameNetwork(
                field="person_id",
                table="people_person",
                name="paperchoice_person",
                on_delete="CASCADE",
            ),
            SameNetwork(
                field="circle_id",
                table="people_circle",
                name="paperchoice_circle",
                on_delete="CASCADE",
            ),
        ]

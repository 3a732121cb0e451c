"""Where people are usually: typed by themselves, guarded, off until entered."""

from django.db import models
from django.db.models.lookups import Exact

from porchlight.kit.tables import Creatable, SameNetwork, made_once, own_network
from porchlight.people.models.circles import Circle
from porchlight.people.models.networks import Network
from porchlight.people.models.persons import Person

MASK_BYTES = 21  # 168 hours of a week, Monday 0:00 first, least significant bit first in each byte


def holds_bytes(field: str, count: int, name: str) -> models.CheckConstraint:
    """Keep short masks out: `get_bit` beyond the end would break choosing for everybody."""
    length = models.Func(
        models.F(field), function="octet_length", output_field=models.IntegerField()
    )
    return models.CheckConstraint(condition=Exact(length, count), name=name)


class Place(Creatable):
    """A home, a workplace, another place, or a usual way; its words are its owner's only."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    kind = models.CharField(max_length=8)  # home, work, other, route
    label_guarded = models.BinaryField()
    address_guarded = models.BinaryField(null=True)
    door_note_guarded = models.BinaryField(null=True)
    pin_guarded = models.BinaryField(null=True)  # a res 12 cell
    cells_guarded = models.BinaryField()  # res 8 cells, one for a place, several for a way
    hours = models.BinaryField()  # MASK_BYTES
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            made_once("place_once"),
            own_network("place_network"),
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(kind="home"), name="place_one_home"
            ),
            holds_bytes("hours", MASK_BYTES, "place_whole_week"),
            SameNetwork(
                field="person_id", table="people_person", name="place_person", on_delete="CASCADE"
            ),
        ]


class Reach(models.Model):
    """The selection table: a token in place of a cell, and the hours somebody is there."""

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, db_index=False, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    place = models.ForeignKey(
        Place, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    token = models.BinaryField()
    hours = models.BinaryField()
    # Facts about the person, the same on all their rows, so that choosing reads one index only.
    may_be_asked = models.BooleanField(db_default=False)  # people.rules.asked.may_be_asked
    last_asked_at = models.DateTimeField(null=True)
    asked_in_7_days = models.PositiveSmallIntegerField(default=0)  # the sum of their AskedOn
    is_paused = models.BooleanField(default=False)
    paused_until = models.DateTimeField(null=True)  # none: until its owner turns it on again

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "token"], name="reach_once"),
            models.CheckConstraint(
                condition=models.Q(is_paused=True) | models.Q(paused_until=None),
                name="reach_paused_until",
            ),
            models.CheckConstraint(
                condition=models.Q(asked_in_7_days=0) | models.Q(last_asked_at__isnull=False),
                name="reach_asked_when",
            ),
            holds_bytes("hours", MASK_BYTES, "reach_whole_week"),
            SameNetwork(
                field="person_id", table="people_person", name="reach_person", on_delete="CASCADE"
            ),
            SameNetwork(
                field="place_id", table="people_place", name="reach_place", on_delete="CASCADE"
            ),
        ]
        indexes = [
            # In the order in which people of one cell are asked, with all that choosing looks at.
            models.Index(
                "network",
                "token",
                "asked_in_7_days",
                models.F("last_asked_at").asc(nulls_first=True),
                "person",
                include=["hours", "is_paused", "paused_until"],
                condition=models.Q(may_be_asked=True),
                name="reach_in_turn",
            )
        ]


class AskedOn(models.Model):
    """How often somebody was asked on one day, for a week. They alone see it."""

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    day = models.DateField()  # the network's own
    times = models.PositiveSmallIntegerField()
    last_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "day"], name="askedon_once_a_day"),
            models.CheckConstraint(condition=models.Q(times__gte=1), name="askedon_at_least_once"),
            SameNetwork(
                field="person_id", table="people_person", name="askedon_person", on_delete="CASCADE"
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="askedon_over")]


class OnCall(models.Model):
    """Somebody of a partner group who can be asked for everybody here, at these hours."""

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    circle = models.ForeignKey(
        Circle, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    hours = models.BinaryField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["circle", "person"], name="oncall_once"),
            holds_bytes("hours", MASK_BYTES, "oncall_whole_week"),
            SameNetwork(
                field="circle_id", table="people_circle", name="oncall_circle", on_delete="CASCADE"
            ),
            SameNetwork(
                field="person_id", table="people_person", name="oncall_person", on_delete="CASCADE"
            ),
        ]

"""People who do something together, and what they are to each other."""

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from porchlight.kit.tables import Creatable, SameNetwork, made_once, own_network
from porchlight.people.models.networks import Network
from porchlight.people.models.persons import Person

POD_SEATS = 10


class SameKind(SameNetwork):
    """A reference to a circle that also holds its kind: nobody slips past a pod's ten seats."""

    def _clause(self, schema_editor: BaseDatabaseSchemaEditor) -> str:
        quote = schema_editor.quote_name
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY (network_id, {quote(self.field)}, kind) "
            f"REFERENCES {quote(self.table)} (network_id, id, kind) ON DELETE {self.on_delete} "
            "DEFERRABLE INITIALLY DEFERRED"
        )


class Circle(Creatable):
    """A pod, committee, trained team, building, household, or a coalition of circles."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)  # people.rules.circles.Kind
    name = models.CharField(max_length=60)
    purpose = models.CharField(max_length=300, blank=True)
    part_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, db_constraint=False, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            made_once("circle_once"),
            own_network("circle_network"),
            models.UniqueConstraint(fields=["network", "id", "kind"], name="circle_kind"),
            SameNetwork(field="part_of_id", table="people_circle", name="circle_part_of"),
        ]


class Membership(Creatable):
    """Somebody in a circle, from and until. A pod has ten seats, each taken once."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    circle = models.ForeignKey(
        Circle, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    kind = models.CharField(
        max_length=12
    )  # the circle's kind, so that the database can count seats
    seat = models.PositiveSmallIntegerField(null=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            made_once("membership_once"),
            SameKind(
                field="circle_id",
                table="people_circle",
                name="membership_circle",
                on_delete="CASCADE",
            ),
            SameNetwork(
                field="person_id",
                table="people_person",
                name="membership_person",
                on_delete="CASCADE",
            ),
            models.UniqueConstraint(
                fields=["circle", "person"],
                condition=models.Q(until_at=None),
                name="membership_current",
            ),
            models.UniqueConstraint(
                fields=["circle", "seat"],
                condition=models.Q(until_at=None),
                name="membership_seat_taken_once",
            ),
            models.CheckConstraint(
                condition=(models.Q(kind="pod", seat__isnull=False, seat__range=(1, POD_SEATS)))
                | (~models.Q(kind="pod") & models.Q(seat=None)),
                name="membership_pod_has_ten_seats",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(until_at=None, kind="pod"),
                name="membership_one_pod",
            ),
            models.CheckConstraint(
                condition=models.Q(until_at=None) | models.Q(until_at__gte=models.F("from_at")),
                name="membership_until_after_from",
            ),
        ]
        indexes = [models.Index(fields=["person", "until_at"], name="membership_of_person")]


class MembershipAsk(Creatable):
    """Somebody asks to join a circle, or a circle asks somebody."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    circle = models.ForeignKey(
        Circle, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    asked_by = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    state = models.CharField(max_length=10)  # people.rules.circles.AskState
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, db_constraint=False, related_name="+"
    )
    topic_id = models.UUIDField(null=True)  # the notices about it, closed with it
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            made_once("membershipask_once"),
            models.UniqueConstraint(
                fields=["circle", "person"],
                condition=models.Q(state="asked"),
                name="membershipask_open_once",
            ),
            SameNetwork(
                field="circle_id",
                table="people_circle",
                name="membershipask_circle",
                on_delete="CASCADE",
            ),
            SameNetwork(
                field="person_id",
                table="people_person",
                name="membershipask_person",
                on_delete="CASCADE",
            ),
            SameNetwork(
                field="asked_by_id",
                table="people_person",
                name="membershipask_asker",
                on_delete="CASCADE",
            ),
            SameNetwork(
                field="answered_by_id", table="people_person", name="membershipask_answerer"
            ),
        ]


class Buddy(Creatable):
    """Two people who look out for each other; one asked, the other accepted. At most five each."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    asker = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    asked = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    state = models.CharField(max_length=10)  # people.rules.circles.AskState, and `ended`
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    topic_id = models.UUIDField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            made_once("buddy_once"),
            own_network("buddy_network"),
            models.UniqueConstraint(
                models.functions.Least("asker_id", "asked_id"),
                models.functions.Greatest("asker_id", "asked_id"),
                condition=models.Q(state__in=["asked", "accepted"]),
                name="buddy_pair_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(asker=models.F("asked")), name="buddy_not_oneself"
            ),
            SameNetwork(
                field="asker_id", table="people_person", name="buddy_asker", on_delete="CASCADE"
            ),
            SameNetwork(
                field="asked_id", table="people_person", name="buddy_asked", on_delete="CASCADE"
            ),
        ]


class BuddySeat(models.Model):
    """One of somebody's five places for buddies; the database counts."""

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    buddy = models.ForeignKey(Buddy, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    seat = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "seat"], name="buddyseat_taken_once"),
            models.UniqueConstraint(fields=["buddy", "person"], name="buddyseat_two_ends"),
            models.CheckConstraint(
                condition=models.Q(seat__range=(1, 5)), name="buddyseat_at_most_five"
            ),
            SameNetwork(
                field="person_id",
                table="people_person",
                name="buddyseat_person",
                on_delete="CASCADE",
            ),
            SameNetwork(
                field="buddy_id", table="people_buddy", name="buddyseat_buddy", on_delete="CASCADE"
            ),
        ]


class Mandate(Creatable):
    """A role somebody was given by a decision, for a term; recallable."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    circle = models.ForeignKey(
        Circle, on_delete=models.CASCADE, null=True, db_constraint=False, related_name="+"
    )
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    role = models.CharField(max_length=20)  # people.rules.rights.Role
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    source_kind = models.CharField(max_length=12)  # founding, decision, election, stand_in
    source_id = models.UUIDField(null=True)
    given_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, db_constraint=False, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=12, blank=True)  # put_down, recalled, left

    class Meta:
        constraints = [
            made_once("mandate_once"),
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("from_at")), name="mandate_has_a_term"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_why="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(ended_why="")),
                name="mandate_ended_why",
            ),
            SameNetwork(
                field="circle_id", table="people_circle", name="mandate_circle", on_delete="CASCADE"
            ),
            SameNetwork(
                field="person_id", table="people_person", name="mandate_person", on_delete="CASCADE"
            ),
            SameNetwork(field="given_by_id", table="people_person", name="mandate_giver"),
        ]
        indexes = [models.Index(fields=["person", "until_at"], name="mandate_of_person")]


class TrainedRole(Creatable):
    """Something somebody was trained for; counts once two others have confirmed it."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    role = models.CharField(max_length=20)  # people.rules.circles.Trained
    from_on = models.DateField()
    until_on = models.DateField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            made_once("trainedrole_once"),
            own_network("trainedrole_network"),
            models.UniqueConstraint(
                fields=["person", "role"],
                condition=models.Q(ended_at=None),
                name="trainedrole_current",
            ),
            models.CheckConstraint(
                condition=models.Q(until_on__gt=models.F("from_on")), name="trainedrole_has_a_term"
            ),
            SameNetwork(
                field="person_id",
                table="people_person",
                name="trainedrole_person",
                on_delete="CASCADE",
            ),
        ]


class TrainedRoleConfirmation(Creatable):
    """One neighbour who says: I saw the certificate, or I was there."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    trained_role = models.ForeignKey(
        TrainedRole, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    by = models.ForeignKey(Person, on_delete=models.CASCADE, db_constraint=False, related_name="+")

    class Meta:
        constraints = [
            made_once("trainedconfirm_once"),
            models.UniqueConstraint(
                fields=["trained_role", "by"], name="trainedconfirm_two_different"
            ),
            SameNetwork(
                field="trained_role_id",
                table="people_trainedrole",
                name="trainedconfirm_role",
                on_delete="CASCADE",
            ),
            SameNetwork(
                field="by_id", table="people_person", name="trainedconfirm_by", on_delete="CASCADE"
            ),
        ]


class Block(Creatable):
    """Two people who must not be brought together, both ways. Only its maker sees it."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    blocker = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    blocked = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            made_once("block_once"),
            models.UniqueConstraint(
                fields=["blocker", "blocked"],
                condition=models.Q(lifted_at=None),
                name="block_current",
            ),
            models.CheckConstraint(
                condition=~models.Q(blocker=models.F("blocked")), name="block_not_oneself"
            ),
            SameNetwork(
                field="blocker_id", table="people_person", name="block_blocker", on_delete="CASCADE"
            ),
            SameNetwork(
                field="blocked_id", table="people_person", name="block_blocked", on_delete="CASCADE"
            ),
        ]
        indexes = [models.Index(fields=["blocked"], name="block_other_way")]


class Hello(models.Model):
    """Somebody said hello to their pod today. Nothing older is kept."""

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    day = models.DateField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "day"], name="hello_once_a_day"),
            SameNetwork(
                field="person_id", table="people_person", name="hello_person", on_delete="CASCADE"
            ),
        ]

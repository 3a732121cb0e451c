"""Calls for help: who was asked, what came back, and words that go when it is over.

Words stand only in `AlertWords`, `AlertUpdate` and `AlertTask`, guarded, and are erased first.
"""

from django.db import models

from porchlight.alerts.rules.afterwards import How, YesNo
from porchlight.alerts.rules.check_ins import MOST_PEOPLE, CheckEnd, CheckState, Way
from porchlight.alerts.rules.kinds import HARD_MOST, Kind
from porchlight.alerts.rules.states import ON_THE_WAY, AlertState, EndedHow, Standing, Why
from porchlight.kit.tables import Creatable, SameNetwork, made_once, own_network
from porchlight.people.models import Network, Person


def _one_of(values: type, field: str, name: str, *, blank: bool = False) -> models.CheckConstraint:
    allowed = [str(value) for value in values] + ([""] if blank else [])  # type: ignore[attr-defined]  # enums
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": allowed}), name=name)


def _person(field: str, name: str, on_delete: str = "CASCADE") -> SameNetwork:
    return SameNetwork(field=field, table="people_person", name=name, on_delete=on_delete)


def _alert(name: str) -> SameNetwork:
    return SameNetwork(field="alert_id", table="alerts_alert", name=name, on_delete="CASCADE")


class Alert(Creatable):
    """A call for help, without a word anybody typed."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveBigIntegerField()  # counts up; makes the code of two letters in texts
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    raised_by = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    subject = models.ForeignKey(  # the person concerned, where it is somebody of the pod
        Person, on_delete=models.CASCADE, null=True, db_constraint=False, related_name="+"
    )
    for_whom = models.CharField(max_length=6)  # me, pod, other
    lead = models.ForeignKey(  # the first one there
        Person, on_delete=models.SET_NULL, null=True, db_constraint=False, related_name="+"
    )
    is_silent = models.BooleanField(default=False)
    is_wide = models.BooleanField(default=False)
    playbook = models.JSONField()
    due_at = models.DateTimeField()  # press and grace
    topic_id = models.UUIDField()  # the questions; closed when nobody is to be asked any more
    news_topic_id = models.UUIDField()  # what needs no answer; each thing is told once a person
    wanted = models.PositiveSmallIntegerField()  # so many should be there; see rules.enough
    left_out = models.JSONField(default=list)  # ids of people the asker unticked; never asked
    waiting_topic_id = models.UUIDField(null=True)  # «they have not answered yet», to the asker
    step_at = models.DateTimeField(null=True)  # what it does next by itself; see rules.steps
    asked_at = models.DateTimeField(null=True)  # when people were asked last
    weighed_at = models.DateTimeField(null=True)  # who else to ask, after somebody's no
    is_nobody_left = models.BooleanField(
        default=False, db_default=False
    )  # beyond the pod, until wider is tapped
    few_at = models.DateTimeField(null=True)  # the asker was told that few come
    few_topic_id = models.UUIDField(null=True)  # the same to coordinators, while it is so
    reminders = models.PositiveSmallIntegerField(default=0, db_default=0)  # rounds since then
    looks_ended_at = models.DateTimeField(null=True)  # to its asker; for all others it goes on
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=10, blank=True)
    ended_by = models.UUIDField(null=True)
    morning_at = models.DateTimeField(null=True)  # when whom it was for is asked how they are
    debrief_at = models.DateTimeField(null=True)  # when those who were there are
    closes_at = models.DateTimeField()  # where nobody ends it
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            made_once("alert_once"),
            own_network("alert_network"),
            models.UniqueConstraint(fields=["network", "number"], name="alert_number"),
            _one_of(Kind, "kind", "alert_kind"),
            _one_of(AlertState, "state", "alert_state"),
            _one_of(EndedHow, "ended_how", "alert_ended_how", blank=True),
            models.CheckConstraint(
                condition=models.Q(state="ended", ended_at__isnull=False) & ~models.Q(ended_how="")
                | ~models.Q(state="ended") & models.Q(ended_how=""),
                name="alert_ended_whole",
            ),
            _person("raised_by_id", "alert_raised_by"),
            _person("subject_id", "alert_subject"),
            _person("lead_id", "alert_lead", "NO ACTION"),
        ]
        indexes = [
            models.Index(
                fields=["network", "-created_at"],
                condition=models.Q(state__in=["verifying", "open", "enough"]),
                name="alert_running",
            ),
            models.Index(
                fields=["step_at"],
                condition=models.Q(state__in=["verifying", "open", "enough"]),
                name="alert_next_step",
            ),
            models.Index(fields=["raised_by", "-created_at"], name="alert_of_raiser"),
            models.Index(
                fields=["morning_at"],
                condition=models.Q(morning_at__isnull=False),
                name="alert_next_morning",
            ),
            models.Index(
                fields=["debrief_at"],
                condition=models.Q(debrief_at__isnull=False),
                name="alert_next_debrief",
            ),
        ]


class AlertWords(models.Model):
    """Everything somebody wrote about one alert, and the part of the map. Erased first."""

    alert = models.OneToOneField(
        Alert, on_delete=models.CASCADE, db_constraint=False, primary_key=True, related_name="words"
    )
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    place_guarded = models.BinaryField(null=True)  # the door
    door_note_guarded = models.BinaryField(null=True)
    meeting_guarded = models.BinaryField(null=True)  # where strangers wait
    cell_guarded = models.BinaryField(null=True)  # a res 8 cell
    story_guarded = models.BinaryField(null=True)
    note_guarded = models.BinaryField(null=True)  # for whoever comes
    who_guarded = models.BinaryField(null=True)  # who is missing, and where last
    picture_guarded = models.BinaryField(null=True)  # of who is missing; a small JPEG, base64
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [_alert("alertwords_alert")]


class Wave(models.Model):
    """One time people were asked."""

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    alert = models.ForeignKey(
        Alert, on_delete=models.CASCADE, db_constraint=False, related_name="waves"
    )
    ordinal = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=10)  # first, wider, more, confirmed, second, next
    size = models.PositiveIntegerField()
    fire_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True)
    """When it was counted how often those were asked who do not know the asker; empty: not yet."""

    class Meta:
        constraints = [
            own_network("wave_network"),
            models.UniqueConstraint(fields=["alert", "ordinal"], name="wave_order"),
            _alert("wave_alert"),
        ]
        indexes = [
            models.Index(
                fields=["fire_at"], condition=models.Q(counted_at=None), name="wave_to_count"
            )
        ]


class Invitation(models.Model):
    """One person asked about one alert, once, and where they stand."""

    id = models.UUIDField(primary_key=True, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    alert = models.ForeignKey(
        Alert, on_delete=models.CASCADE, db_constraint=False, related_name="invitations"
    )
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    why = models.CharField(max_length=8)
    standing = models.CharField(max_length=8)
    channel = models.CharField(max_length=12, blank=True)  # through which they answered last
    notice_id = models.UUIDField()
    seat = models.PositiveSmallIntegerField(null=True)  # one of the places there are at the scene
    due_at = models.DateTimeField(null=True)  # when they said they would be there
    answered_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    allowed_at = models.DateTimeField(null=True)  # «yes, this person»
    allowed_by = models.UUIDField(null=True)
    shut_at = models.DateTimeField(null=True)  # the asker stopped showing them the door
    place_topic_id = models.UUIDField(null=True)  # the text that says where, while it may arrive
    meeting_topic_id = models.UUIDField(null=True)  # the text that says where to wait
    look_from = models.DateTimeField(null=True)  # late from then on; see rules.looking
    look_at = models.DateTimeField(null=True)  # when the next one hears of it
    looked = models.PositiveSmallIntegerField(default=0, db_default=0)
    look_topic_id = models.UUIDField(null=True)  # what they and others are told, until it is well
    link_device = models.BinaryField(null=True)  # the device on which the link was used first
    link_shown_at = models.DateTimeField(null=True)  # the one time the link showed the door

    class Meta:
        constraints = [
            own_network("invitation_network"),
            models.UniqueConstraint(fields=["alert", "person"], name="invitation_once"),
            models.UniqueConstraint(fields=["alert", "seat"], name="invitation_seat_taken_once"),
            models.CheckConstraint(
                condition=models.Q(seat=None) | models.Q(seat__range=(1, HARD_MOST)),
                name="invitation_hard_cap",
            ),
            models.CheckConstraint(
                condition=models.Q(standing__in=list(ON_THE_WAY), seat__isnull=False)
                | ~models.Q(standing__in=list(ON_THE_WAY)) & models.Q(seat=None),
                name="invitation_seat_fits",
            ),
            _one_of(Standing, "standing", "invitation_standing"),
            _one_of(Why, "why", "invitation_why"),
            _alert("invitation_alert"),
            _person("person_id", "invitation_person"),
            SameNetwork(
                field="wave_id", table="alerts_wave", name="invitation_wave", on_delete="CASCADE"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "alert"], name="invitation_of_person"),
            models.Index(
                fields=["look_at"],
                condition=models.Q(look_at__isnull=False),
                name="invitation_next_look",
            ),
        ]


class AlertEvent(models.Model):
    """Append-only: what happened, as ids and numbers. Counters are made from these."""

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    alert = models.ForeignKey(
        Alert, on_delete=models.CASCADE, db_constraint=False, related_name="events"
    )
    at = models.DateTimeField()
    verb = models.CharField(max_length=20)
    actor_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)  # whom it is about, where not the actor
    detail = models.JSONField(default=dict)

    class Meta:
        constraints = [_alert("alertevent_alert")]
        indexes = [models.Index(fields=["alert", "id"], name="alertevent_line")]


class AlertUpdate(Creatable):
    """A line somebody there wrote for the others."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    alert = models.ForeignKey(
        Alert, on_delete=models.CASCADE, db_constraint=False, related_name="updates"
    )
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    words_guarded = models.BinaryField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            made_once("alertupdate_once"),
            own_network("alertupdate_network"),
            _alert("alertupdate_alert"),
            _person("person_id", "alertupdate_person"),
        ]


class AlertTask(Creatable):
    """A small thing somebody can take: open the street door, ring a number."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    alert = models.ForeignKey(
        Alert, on_delete=models.CASCADE, db_constraint=False, related_name="tasks"
    )
    key = models.CharField(max_length=20, blank=True)  # one of rules.tasks, or words of its own
    words_guarded = models.BinaryField(null=True)
    ring = models.ForeignKey(  # somebody who answers by text only: ring them
        Person, on_delete=models.CASCADE, null=True, db_constraint=False, related_name="+"
    )
    taken_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, db_constraint=False, related_name="+"
    )
    taken_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True)  # to ring: from then on coordinators may do it
    late_topic_id = models.UUIDField(null=True)  # what they are told then, while nobody does it
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            made_once("alerttask_once"),
            own_network("alerttask_network"),
            models.UniqueConstraint(fields=["alert", "ring"], name="alerttask_ring_once"),
            models.CheckConstraint(
                condition=models.Q(taken_by=None, taken_at=None)
                | models.Q(taken_by__isnull=False, taken_at__isnull=False),
                name="alerttask_taken_whole",
            ),
            _alert("alerttask_alert"),
            _person("ring_id", "alerttask_ring"),
            _person("taken_by_id", "alerttask_taken_by", "NO ACTION"),
        ]


class Handover(models.Model):
    """What comes after a call: who looks in on whom it was for, and how they said they are."""

    alert = models.OneToOneField(
        Alert, on_delete=models.CASCADE, db_constraint=False, primary_key=True, related_name="after"
    )
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(  # named by whom it was for
        Person, on_delete=models.SET_NULL, null=True, db_constraint=False, related_name="+"
    )
    contact_said = models.CharField(max_length=3, blank=True)  # yes, no
    contact_topic_id = models.UUIDField(null=True)
    how_topic_id = models.UUIDField(null=True)  # «how are you?»
    said_how = models.CharField(max_length=4, blank=True)  # well, ring
    ring_topic_id = models.UUIDField(null=True)  # who is asked to ring them, until somebody did
    rung_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, db_constraint=False, related_name="+"
    )

    class Meta:
        constraints = [
            _one_of(YesNo, "contact_said", "handover_contact_said", blank=True),
            _one_of(How, "said_how", "handover_said_how", blank=True),
            _alert("handover_alert"),
            _person("contact_id", "handover_contact", "NO ACTION"),
            _person("rung_by_id", "handover_rung_by", "NO ACTION"),
        ]


class SafePerson(Creatable):
    """Whom somebody wants to hear of it when they don't feel safe. Seen by its owner only."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    chosen = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    seat = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            made_once("safeperson_once"),
            models.UniqueConstraint(fields=["person", "chosen"], name="safeperson_pair"),
            models.UniqueConstraint(fields=["person", "seat"], name="safeperson_seat"),
            models.CheckConstraint(
                condition=models.Q(seat__range=(1, 5)), name="safeperson_five_at_most"
            ),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("chosen")), name="safeperson_somebody_else"
            ),
            _person("person_id", "safeperson_person"),
            _person("chosen_id", "safeperson_chosen"),
        ]


class AlertChoice(models.Model):
    """What somebody decided beforehand about their own calls for help."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, db_constraint=False, primary_key=True, related_name="+"
    )
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    may_text_place = models.BooleanField(default=False)
    """Who comes and has only texts gets the place by text."""
    is_wide = models.BooleanField(default=False)
    """Wider is ticked already when they call."""
    is_looked_after = models.BooleanField(default=True, db_default=True)
    """On the way to somebody and home again: asked when late, then their buddies are told."""
    morning_hour = models.PositiveSmallIntegerField(null=True)
    """At which hour of the morning after a call they are asked how they are; none: never."""
    morning_address_id = models.UUIDField(null=True)
    """The one way it goes, and no other."""
    # For those who coordinate: when they may be rung as such. Ours to keep, theirs to change.
    is_rung_in_quiet_hours = models.BooleanField(default=False, db_default=False)
    most_rung = models.PositiveSmallIntegerField(default=7, db_default=7)
    rests_until = models.DateTimeField(null=True)
    # Moments of the last seven days, as text, in which they were rung as such.
    rung_at = models.JSONField(default=list, db_default=[])

    class Meta:
        constraints = [
            _person("person_id", "alertchoice_person"),
            models.CheckConstraint(
                condition=models.Q(morning_hour=None, morning_address_id=None)
                | models.Q(morning_hour__range=(0, 23), morning_address_id__isnull=False),
                name="alertchoice_morning_whole",
            ),
        ]


class ClosedTonight(models.Model):
    """A night in which nobody coordinates: calls for help go to pods and buddies only."""

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "until_at"],
                condition=models.Q(opened_at=None),
                name="closedtonight_once",
            ),
        ]


class DoorPause(models.Model):
    """Too often «on my way» without arriving: no door until somebody talked to them."""

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    from_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.UUIDField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(lifted_at=None), name="doorpause_once"
            ),
            _person("person_id", "doorpause_person"),
        ]


class CheckIn(Creatable):
    """A way of one's own that others look after. All of it goes a day after its end."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    way = models.CharField(max_length=4)  # walk, home
    state = models.CharField(max_length=8)
    due_at = models.DateTimeField()
    step_at = models.DateTimeField(null=True)  # what it does next by itself; see rules.check_ins
    to_coordinators = models.BooleanField()
    tells_now = models.BooleanField()  # the people they chose know that they set out
    words_guarded = models.BinaryField(null=True)  # for whoever is told
    asks_topic_id = models.UUIDField(null=True)  # «are you there?», to themselves
    told_topic_id = models.UUIDField(null=True)  # what others are told, until it is well
    looks_ended_at = models.DateTimeField(null=True)  # hidden from themselves: they need somebody
    is_decoy = models.BooleanField(default=False, db_default=False)  # for show, beside a hidden one
    gives_up_at = models.DateTimeField(null=True)  # a day after others were told
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=8, blank=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            made_once("checkin_once"),
            own_network("checkin_network"),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(ended_at=None, looks_ended_at=None),
                name="checkin_one_at_a_time",
            ),
            _one_of(Way, "way", "checkin_way"),
            _one_of(CheckState, "state", "checkin_state"),
            _one_of(CheckEnd, "ended_how", "checkin_ended_how", blank=True),
            models.CheckConstraint(
                condition=models.Q(state="over", ended_at__isnull=False, step_at=None)
                & ~models.Q(ended_how="")
                | ~models.Q(state="over")
                & models.Q(ended_at=None, ended_how="", step_at__isnull=False),
                name="checkin_goes_on_or_is_over",
            ),
            _person("person_id", "checkin_person"),
        ]
        indexes = [
            models.Index(
                fields=["step_at"],
                condition=models.Q(step_at__isnull=False),
                name="checkin_next_step",
            ),
        ]


class CheckInPerson(models.Model):
    """Somebody who hears when they do not answer: chosen by them, or rung as a coordinator."""

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    check_in = models.ForeignKey(
        CheckIn, on_delete=models.CASCADE, db_constraint=False, related_name="people"
    )
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    is_chosen = models.BooleanField(default=False, db_default=False)  # by them, beforehand
    seat = models.PositiveSmallIntegerField(null=True)  # of those they chose for this way
    told_at = models.DateTimeField(null=True)  # that they are late; from then on they see it
    looks_after_at = models.DateTimeField(null=True)  # «I look after it»
    spoke_at = models.DateTimeField(null=True)  # «we spoke»

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["check_in", "person"], name="checkinperson_once"),
            models.UniqueConstraint(fields=["check_in", "seat"], name="checkinperson_seat"),
            models.CheckConstraint(
                condition=models.Q(seat=None) | models.Q(seat__range=(1, MOST_PEOPLE)),
                name="checkinperson_ten_at_most",
            ),
            SameNetwork(
                field="check_in_id",
                table="alerts_checkin",
                name="checkinperson_check_in",
                on_delete="CASCADE",
            ),
            _person("person_id", "checkinperson_person"),
        ]
        indexes = [models.Index(fields=["person", "told_at"], name="checkinperson_told")]


class EndNumbers(models.Model):
    """Two numbers of somebody: one ends their calls and ways, one only looks as if. Theirs only."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, db_constraint=False, primary_key=True, related_name="+"
    )
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    ends_guarded = models.BinaryField(null=True)  # none: a tap ends things
    looks_guarded = models.BinaryField(null=True)
    # The true one of when something began to look ended: only it ends that, whatever was chosen
    # or dropped since.
    hidden_guarded = models.BinaryField(null=True)
    wrong_at = models.JSONField(default=list, db_default=[])  # moments, as text

    class Meta:
        constraints = [_person("person_id", "endnumbers_person")]

"""Needs, the guarded words to them, and the promises that meet them.

What is guarded stands in tables of its own, so that it goes first and the rest stays countable.
"""

from enum import StrEnum

from django.db import models

from porchlight.kit.tables import Creatable, SameNetwork, made_once, own_network
from porchlight.sharing.rules.availability import ALWAYS
from porchlight.sharing.rules.categories import Category
from porchlight.sharing.rules.intake import CameBy
from porchlight.sharing.rules.needs import MOST_HELPERS, MOST_PEOPLE, Meeting
from porchlight.sharing.rules.offers import MOST_A_WEEK
from porchlight.sharing.rules.public_line import LONGEST
from porchlight.sharing.rules.states import LIVE, WANTS_HELP, MatchState, NeedState


def _one_of(field: str, values: type[StrEnum], name: str) -> models.CheckConstraint:
    allowed = [one.value for one in values]
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": allowed}), name=name)


def _person(field: str, name: str) -> SameNetwork:
    return SameNetwork(field=field, table="people_person", name=name, on_delete="CASCADE")


def _need(name: str) -> SameNetwork:
    return SameNetwork(field="need_id", table="sharing_need", name=name, on_delete="CASCADE")


class Need(Creatable):
    """One thing somebody asks for. Nothing here says who they are but the id of the asker."""

    network = models.ForeignKey("people.Network", on_delete=models.CASCADE, related_name="+")
    asker = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    category = models.CharField(max_length=12)
    line = models.CharField(max_length=LONGEST)  # everybody here reads it
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    cell = models.CharField(max_length=15, blank=True)  # res 8; empty: no part of the map
    people = models.PositiveSmallIntegerField()  # for how many it is
    helpers = models.PositiveSmallIntegerField()  # how many are asked for
    seats = models.PositiveSmallIntegerField()  # how many may be agreed: two where one is too few
    meeting = models.CharField(max_length=10)
    takes = models.JSONField(default=list)  # rules.offers.Ability
    state = models.CharField(max_length=10)
    # Counted under the lock of this row; `porchlight invariants` compares them with the matches.
    taken = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveSmallIntegerField(default=0)
    next_step_at = models.DateTimeField(null=True)
    asks_at = models.DateTimeField(null=True)  # when people who offered such help are asked again
    # What is asked for again and again: rules.repeats. The next time is a need of its own.
    repeats = models.CharField(max_length=60, blank=True, default="", db_default="")
    series = models.UUIDField(null=True)
    series_from = models.DateTimeField(null=True)  # where from_at is not earlier than the asking
    again_at = models.DateTimeField(null=True)  # when the next time is asked for
    shared_as = models.CharField(max_length=12, null=True, unique=True)  # of its link outside
    closed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            made_once("need_once"),
            own_network("need_network"),
            _one_of("category", Category, "need_category"),
            _one_of("meeting", Meeting, "need_meeting"),
            _one_of("state", NeedState, "need_state"),
            models.CheckConstraint(
                condition=models.Q(people__range=(1, MOST_PEOPLE))
                & models.Q(helpers__range=(1, MOST_HELPERS))
                & models.Q(seats__gte=models.F("helpers")),
                name="need_counts",
            ),
            models.CheckConstraint(
                condition=models.Q(taken__lte=models.F("seats"))
                & models.Q(done__lte=models.F("taken")),
                name="need_never_too_many",
            ),
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("from_at")), name="need_ends_later"
            ),
            models.CheckConstraint(
                # Nothing goes quiet: what is open has a next step, and only that.
                condition=models.Q(
                    state__in=sorted(WANTS_HELP), next_step_at__isnull=False, closed_at=None
                )
                | (
                    ~models.Q(state__in=sorted(WANTS_HELP))
                    & models.Q(next_step_at=None, asks_at=None, closed_at__isnull=False)
                ),
                name="need_goes_on",
            ),
            models.UniqueConstraint(
                fields=["series", "series_from"],
                condition=models.Q(series__isnull=False),
                name="need_each_time_once",
            ),
            models.CheckConstraint(
                condition=models.Q(repeats="", series=None, series_from=None, again_at=None)
                | (
                    ~models.Q(repeats="")
                    & models.Q(series__isnull=False, series_from__isnull=False)
                    & (models.Q(again_at=None) | models.Q(closed_at__isnull=False))
                ),
                name="need_repeats_whole",
            ),
            _person("asker_id", "need_asker"),
        ]
        indexes = [
            # The board: who waits longest, and what is due soonest.
            models.Index(
                fields=["network", "created_at", "id"],
                condition=models.Q(state__in=sorted(WANTS_HELP)),
                name="need_waiting",
            ),
            models.Index(
                fields=["network", "until_at", "id"],
                condition=models.Q(state__in=sorted(WANTS_HELP)),
                name="need_soonest",
            ),
            models.Index(fields=["asker", "-created_at"], name="need_of_asker"),
            models.Index(
                fields=["next_step_at"],
                condition=models.Q(next_step_at__isnull=False),
                name="need_next_step",
            ),
            models.Index(
                fields=["asks_at"], condition=models.Q(asks_at__isnull=False), name="need_asks"
            ),
            models.Index(
                fields=["again_at"], condition=models.Q(again_at__isnull=False), name="need_again"
            ),
        ]


class NeedWords(models.Model):
    """What an agreed helper has to know: guarded here, or sealed in the asker's own browser."""

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey("people.Network", on_delete=models.CASCADE, related_name="+")
    need = models.OneToOneField(
        Need, on_delete=models.CASCADE, db_constraint=False, related_name="words"
    )
    words_guarded = models.BinaryField(null=True)
    words_sealed = models.BinaryField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(words_guarded__isnull=False, words_sealed=None)
                | models.Q(words_guarded=None, words_sealed__isnull=False),
                name="needwords_one_of_two",
            ),
            _need("needwords_need"),
        ]


class Match(Creatable):
    """One helper's promise to one need."""

    network = models.ForeignKey("people.Network", on_delete=models.CASCADE, related_name="+")
    need = models.ForeignKey(
        Need, on_delete=models.CASCADE, db_constraint=False, related_name="matches"
    )
    helper = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    state = models.CharField(max_length=10)
    confirmed_at = models.DateTimeField(null=True)
    helper_done_at = models.DateTimeField(null=True)
    asker_done_at = models.DateTimeField(null=True)
    shut_at = models.DateTimeField(null=True)  # whoever asked stopped showing the words by hand
    thanked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    next_step_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            made_once("match_once"),
            own_network("match_network"),
            _one_of("state", MatchState, "match_state"),
            models.UniqueConstraint(
                fields=["need", "helper"],
                condition=models.Q(state__in=sorted(LIVE)),
                name="match_one_promise",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=sorted(LIVE), next_step_at__isnull=False, ended_at=None
                )
                | (~models.Q(state__in=sorted(LIVE)) & models.Q(ended_at__isnull=False)),
                name="match_goes_on",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["confirmed", "done"])
                | models.Q(confirmed_at__isnull=False),
                name="match_was_agreed",
            ),
            _need("match_need"),
            _person("helper_id", "match_helper"),
        ]
        indexes = [
            models.Index(fields=["helper", "-created_at"], name="match_of_helper"),
            models.Index(
                fields=["next_step_at"],
                condition=models.Q(next_step_at__isnull=False),
                name="match_next_step",
            ),
        ]


class Offer(Creatable):
    """What somebody would do again and again. Nobody but them reads it; where they are comes from
    the places they entered, if they did."""

    network = models.ForeignKey("people.Network", on_delete=models.CASCADE, related_name="+")
    helper = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    category = models.CharField(max_length=12)
    parts = models.BigIntegerField()  # of the week (rules.availability)
    can = models.JSONField(default=list)  # rules.offers.Ability
    a_week = models.PositiveSmallIntegerField()
    paused_until = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # when its helper was last asked, for any kind
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            made_once("offer_once"),
            own_network("offer_network"),
            _one_of("category", Category, "offer_category"),
            models.UniqueConstraint(fields=["helper", "category"], name="offer_one_of_a_kind"),
            models.CheckConstraint(
                condition=models.Q(parts__range=(1, ALWAYS))
                & models.Q(a_week__range=(1, MOST_A_WEEK)),
                name="offer_can_be",
            ),
            _person("helper_id", "offer_helper"),
        ]
        indexes = [models.Index(fields=["network", "category", "helper"], name="offer_of_a_kind")]


class Proposal(models.Model):
    """One need put before one person who offered such help."""

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey("people.Network", on_delete=models.CASCADE, related_name="+")
    need = models.ForeignKey(
        Need, on_delete=models.CASCADE, db_constraint=False, related_name="proposals"
    )
    helper = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    reasons = models.JSONField(default=list)  # rules.matching.Reason

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["need", "helper"], name="proposal_once"),
            _need("proposal_need"),
            _person("helper_id", "proposal_helper"),
        ]
        indexes = [models.Index(fields=["helper", "-at"], name="proposal_of_helper")]


class Intake(Creatable):
    """What somebody without an account asked for, as it was taken down; without a need: they are
    to be rung back."""

    network = models.ForeignKey("people.Network", on_delete=models.CASCADE, related_name="+")
    guest = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    need = models.OneToOneField(
        Need, on_delete=models.CASCADE, db_constraint=False, null=True, related_name="intake"
    )
    taken_by_id = models.UUIDField(null=True)
    came_by = models.CharField(max_length=10)
    reach_guarded = models.BinaryField()  # name and number
    said_guarded = models.BinaryField(null=True)  # their own words, whole
    # Of somebody who asked on the page: what they typed until the desk has looked at it, and the
    # keyed fingerprint of what stands for their six words.
    asked_guarded = models.BinaryField(null=True)
    code_index = models.BinaryField(null=True, unique=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            made_once("intake_once"),
            own_network("intake_network"),
            _one_of("came_by", CameBy, "intake_came_by"),
            _need("intake_need"),
            _person("guest_id", "intake_guest"),
        ]
        indexes = [
            models.Index(
                fields=["network", "created_at"],
                condition=models.Q(need=None),
                name="intake_rings_back",
            )
        ]


class DeskNote(models.Model):
    """What one at the desk leaves for the next: one note of a network."""

    id = models.BigAutoField(primary_key=True)
    network = models.OneToOneField("people.Network", on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    words_guarded = models.BinaryField()
    at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [_person("by_id", "desknote_by")]


class DigestChoice(models.Model):
    """Somebody wants the week's figures by mail."""

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey("people.Network", on_delete=models.CASCADE, related_name="+")
    person = models.OneToOneField(
        "people.Person", on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    week = models.CharField(max_length=8, blank=True, default="")  # the last one that was told
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [_person("person_id", "digestchoice_person")]


class SharingEvent(models.Model):
    """Append-only: what happened with a need, as ids."""

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey("people.Network", on_delete=models.CASCADE, related_name="+")
    need = models.ForeignKey(
        Need, on_delete=models.CASCADE, db_constraint=False, related_name="events"
    )
    at = models.DateTimeField()
    verb = models.CharField(max_length=12)
    actor_id = models.UUIDField(null=True)
    match_id = models.UUIDField(null=True)

    class Meta:
        constraints = [_need("sharingevent_need")]
        indexes = [models.Index(fields=["need", "id"], name="sharingevent_line")]

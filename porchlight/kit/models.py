"""The few rows the tools themselves need."""

from django.db import models
from django.db.models.functions import Now


class ClockShift(models.Model):
    """How far the clock was moved; under tests and simulations only. One row at most."""

    only = models.BooleanField(primary_key=True, default=True)
    shift = models.DurationField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(only=True), name="kit_one_clock")]


class KeyCheck(models.Model):
    """A fingerprint of each data key ever used, to notice a wrong key at the start."""

    name = models.CharField(primary_key=True, max_length=8)
    check_value = models.BinaryField()
    since = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True)  # nothing needed it: it may be missing


class LastTry(models.Model):
    """How the last backup, drill or rotation of keys ended: for the doctor."""

    what = models.CharField(primary_key=True, max_length=20)
    at = models.DateTimeField()
    is_good = models.BooleanField()
    says = models.CharField(max_length=300)
    good_at = models.DateTimeField(null=True)  # the last time it went well

"""The few rows the tools themselves need."""

from django.db import models


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

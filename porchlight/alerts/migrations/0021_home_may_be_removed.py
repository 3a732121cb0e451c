"""Whoever was there and went home may be sent away too: else they could come once more."""

from importlib import import_module

from django.db import migrations

guards = import_module("porchlight.alerts.migrations.0002_guards")


STANDING_MOVES = [*guards.STANDING_MOVES, ("home", "removed")]


def _function(moves: list[tuple[str, str]]) -> str:
    return f"""
CREATE OR REPLACE FUNCTION alerts_hold_standings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.standing, NEW.standing) NOT IN ({guards._pairs(moves)}) THEN
    RAISE EXCEPTION 'an invitation cannot go from % to %', OLD.standing, NEW.standing
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("alerts", "0020_counted_waves")]
    operations = [
        migrations.RunSQL(
            _function(STANDING_MOVES),
            _function(guards.STANDING_MOVES),
        )
    ]

"""What alerts promise, held by the database: an alert and a person asked move only as the tables in
`rules.states` say (a test compares them), and nothing that happened is ever changed."""

from django.db import migrations

ALERT_MOVES = [
    ("verifying", "open"),
    ("verifying", "ended"),
    ("verifying", "cancelled"),
    ("open", "enough"),
    ("open", "ended"),
    ("open", "cancelled"),
    ("enough", "open"),
    ("enough", "ended"),
]
STANDING_MOVES = [
    ("asked", "coming"),
    ("asked", "remote"),
    ("asked", "cant"),
    ("asked", "enough"),
    ("asked", "removed"),
    ("coming", "arrived"),
    ("coming", "remote"),
    ("coming", "cant"),
    ("coming", "removed"),
    ("coming", "home"),
    ("remote", "coming"),
    ("remote", "cant"),
    ("remote", "enough"),
    ("remote", "removed"),
    ("cant", "coming"),
    ("cant", "remote"),
    ("cant", "enough"),
    ("cant", "removed"),
    ("enough", "coming"),
    ("enough", "remote"),
    ("enough", "cant"),
    ("enough", "removed"),
    ("arrived", "home"),
    ("arrived", "cant"),
    ("arrived", "removed"),
    ("home", "coming"),
]


def _pairs(moves: list[tuple[str, str]]) -> str:
    return ", ".join(f"('{before}', '{after}')" for before, after in moves)


FORWARD = f"""
CREATE SEQUENCE alerts_number;
CREATE FUNCTION alerts_hold_states() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state, NEW.state) NOT IN ({_pairs(ALERT_MOVES)}) THEN
    RAISE EXCEPTION 'an alert cannot go from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION alerts_hold_standings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.standing, NEW.standing) NOT IN ({_pairs(STANDING_MOVES)}) THEN
    RAISE EXCEPTION 'an invitation cannot go from % to %', OLD.standing, NEW.standing
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION alerts_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER alerts_alert_states BEFORE UPDATE OF state ON alerts_alert
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION alerts_hold_states();
CREATE TRIGGER alerts_invitation_standings BEFORE UPDATE OF standing ON alerts_invitation
  FOR EACH ROW WHEN (OLD.standing IS DISTINCT FROM NEW.standing)
  EXECUTE FUNCTION alerts_hold_standings();
CREATE TRIGGER alerts_event_append_only BEFORE UPDATE ON alerts_alertevent
  FOR EACH ROW EXECUTE FUNCTION alerts_refuse_change();
"""
BACKWARD = """
DROP TRIGGER alerts_event_append_only ON alerts_alertevent;
DROP TRIGGER alerts_invitation_standings ON alerts_invitation;
DROP TRIGGER alerts_alert_states ON alerts_alert;
DROP FUNCTION alerts_refuse_change();
DROP FUNCTION alerts_hold_standings();
DROP FUNCTION alerts_hold_states();
DROP SEQUENCE alerts_number;
"""


class Migration(migrations.Migration):
    dependencies = [("alerts", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

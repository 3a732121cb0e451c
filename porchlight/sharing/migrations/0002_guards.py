"""What needs and promises promise, held by the database: they move only as the tables in
`rules.states` say (a test compares them), what was asked for by whom never changes, and nothing
that happened is ever changed, but for who did it where they were erased."""

from django.db import migrations

NEED_MOVES = [
    ("open", "partly_met"),
    ("open", "met"),
    ("open", "withdrawn"),
    ("open", "expired"),
    ("partly_met", "met"),
    ("partly_met", "withdrawn"),
    ("partly_met", "expired"),
]
MATCH_MOVES = [
    ("offered", "confirmed"),
    ("offered", "declined"),
    ("offered", "released"),
    ("offered", "cancelled"),
    ("offered", "lapsed"),
    ("confirmed", "done"),
    ("confirmed", "released"),
    ("confirmed", "cancelled"),
    ("confirmed", "lapsed"),
]


def _pairs(moves: list[tuple[str, str]]) -> str:
    return ", ".join(f"('{before}', '{after}')" for before, after in moves)


FORWARD = f"""
CREATE FUNCTION sharing_hold_need() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.id, OLD.network_id, OLD.asker_id, OLD.category, OLD.line)
     IS DISTINCT FROM (NEW.id, NEW.network_id, NEW.asker_id, NEW.category, NEW.line) THEN
    RAISE EXCEPTION 'what was asked for by whom never changes' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({_pairs(NEED_MOVES)}) THEN
    RAISE EXCEPTION 'a need cannot go from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sharing_need_moves BEFORE UPDATE ON sharing_need
  FOR EACH ROW EXECUTE FUNCTION sharing_hold_need();

CREATE FUNCTION sharing_hold_match() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.id, OLD.network_id, OLD.need_id, OLD.helper_id)
     IS DISTINCT FROM (NEW.id, NEW.network_id, NEW.need_id, NEW.helper_id) THEN
    RAISE EXCEPTION 'who promised what never changes' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({_pairs(MATCH_MOVES)}) THEN
    RAISE EXCEPTION 'a promise cannot go from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sharing_match_moves BEFORE UPDATE ON sharing_match
  FOR EACH ROW EXECUTE FUNCTION sharing_hold_match();

CREATE FUNCTION sharing_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.actor_id IS NULL AND (OLD.id, OLD.network_id, OLD.need_id, OLD.at, OLD.verb, OLD.match_id)
     IS NOT DISTINCT FROM
     (NEW.id, NEW.network_id, NEW.need_id, NEW.at, NEW.verb, NEW.match_id) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER sharing_event_append_only BEFORE UPDATE ON sharing_sharingevent
  FOR EACH ROW EXECUTE FUNCTION sharing_refuse_change();
"""
BACKWARD = """
DROP TRIGGER sharing_event_append_only ON sharing_sharingevent;
DROP TRIGGER sharing_match_moves ON sharing_match;
DROP TRIGGER sharing_need_moves ON sharing_need;
DROP FUNCTION sharing_refuse_change();
DROP FUNCTION sharing_hold_match();
DROP FUNCTION sharing_hold_need();
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

"""What the outbox promises, held by the database: nothing written about an attempt is ever changed,
and a delivery moves only as `rules.ALLOWED` says (a test compares the two)."""

from django.db import migrations

MOVES = [
    ("queued", "claimed"),
    ("queued", "expired"),
    ("queued", "cancelled"),
    ("claimed", "queued"),
    ("claimed", "handed"),
    ("claimed", "failed_temp"),
    ("claimed", "failed_perm"),
    ("claimed", "in_doubt"),
    ("claimed", "expired"),
    ("claimed", "cancelled"),
    ("failed_temp", "claimed"),
    ("failed_temp", "expired"),
    ("failed_temp", "cancelled"),
    ("in_doubt", "claimed"),
    ("in_doubt", "delivered"),
    ("in_doubt", "failed_perm"),
    ("in_doubt", "expired"),
    ("in_doubt", "cancelled"),
    ("handed", "delivered"),
    ("handed", "failed_perm"),
]
PAIRS = ", ".join(f"('{before}', '{after}')" for before, after in MOVES)
APPEND_ONLY = ["notices_attempt", "notices_outcome", "notices_receipt"]

FORWARD = f"""
CREATE FUNCTION notices_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE FUNCTION notices_hold_states() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state, NEW.state) NOT IN ({PAIRS}) THEN
    RAISE EXCEPTION 'a delivery cannot go from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER notices_delivery_states BEFORE UPDATE OF state ON notices_delivery
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION notices_hold_states();
CREATE TRIGGER notices_delivery_begins BEFORE INSERT ON notices_delivery
  FOR EACH ROW WHEN (NEW.state <> 'queued') EXECUTE FUNCTION notices_refuse_change();
""" + "".join(
    f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table}
  FOR EACH ROW EXECUTE FUNCTION notices_refuse_change();
"""
    for table in APPEND_ONLY
)
BACKWARD = (
    "".join(f"DROP TRIGGER {table}_append_only ON {table};\n" for table in APPEND_ONLY)
    + """
DROP TRIGGER notices_delivery_begins ON notices_delivery;
DROP TRIGGER notices_delivery_states ON notices_delivery;
DROP FUNCTION notices_hold_states();
DROP FUNCTION notices_refuse_change();
"""
)


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

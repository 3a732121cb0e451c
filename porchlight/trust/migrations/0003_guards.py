"""What showing and countersigning promise, held by the database: what was ended stays ended, a
reading lies in its disclosure's time and is never changed, and done means that enough said yes.
The number of minutes is `rules.disclosures.ONCE_IN` (a test compares the two)."""

from django.db import migrations

ONCE_IN_MINUTES = 10

FORWARD = f"""
CREATE FUNCTION trust_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;

CREATE FUNCTION trust_hold_disclosure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.id, OLD.network_id, OLD.owner_id, OLD.reader_id, OLD.what, OLD.thing_id, OLD.from_at)
     IS DISTINCT FROM
     (NEW.id, NEW.network_id, NEW.owner_id, NEW.reader_id, NEW.what, NEW.thing_id, NEW.from_at) THEN
    RAISE EXCEPTION 'what is shown to whom since when never changes'
      USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.revoked_at IS NOT NULL THEN
    RAISE EXCEPTION 'a disclosure that was ended stays ended' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.expires_at < OLD.expires_at
     OR coalesce(NEW.until_at, 'infinity') < coalesce(OLD.until_at, 'infinity') THEN
    RAISE EXCEPTION 'a disclosure gets shorter only by ending it'
      USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT FROM trust_reading WHERE disclosure_id = NEW.id
             AND at > NEW.revoked_at) THEN
    RAISE EXCEPTION 'a disclosure does not end before it was read'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION trust_hold_reading() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  shown trust_disclosure%ROWTYPE;
BEGIN
  -- The lock lets two readings of one disclosure come one after the other.
  SELECT * INTO shown FROM trust_disclosure
    WHERE network_id = NEW.network_id AND id = NEW.disclosure_id FOR NO KEY UPDATE;
  IF NOT FOUND OR shown.revoked_at IS NOT NULL OR NEW.at < shown.from_at
     OR NEW.at >= least(shown.until_at, shown.expires_at) THEN
    RAISE EXCEPTION 'nobody reads outside the time of their disclosure'
      USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT FROM trust_reading WHERE disclosure_id = NEW.disclosure_id AND how = NEW.how
             AND at > NEW.at - interval '{ONCE_IN_MINUTES} minutes') THEN
    RAISE EXCEPTION 'this reading is written down already' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION trust_hold_countersign() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.id, OLD.network_id, OLD.kind, OLD.thing_id, OLD.needed, OLD.until_at, OLD.opened_at)
     IS DISTINCT FROM
     (NEW.id, NEW.network_id, NEW.kind, NEW.thing_id, NEW.needed, NEW.until_at, NEW.opened_at)
     OR OLD.done_at IS NOT NULL OR OLD.closed_at IS NOT NULL THEN
    RAISE EXCEPTION 'what a countersign asks never changes, and over is over'
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.done_at IS NOT NULL AND NEW.needed >
     (SELECT count(*) FROM trust_countersignature WHERE countersign_id = NEW.id) THEN
    RAISE EXCEPTION 'too few people said yes' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION trust_hold_signature() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  asked trust_countersign%ROWTYPE;
BEGIN
  SELECT * INTO asked FROM trust_countersign
    WHERE network_id = NEW.network_id AND id = NEW.countersign_id FOR NO KEY UPDATE;
  IF NOT FOUND OR asked.done_at IS NOT NULL OR asked.closed_at IS NOT NULL
     OR NEW.at >= asked.until_at THEN
    RAISE EXCEPTION 'nobody says yes to what is over' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER trust_disclosure_holds BEFORE UPDATE ON trust_disclosure
  FOR EACH ROW EXECUTE FUNCTION trust_hold_disclosure();
CREATE TRIGGER trust_reading_in_time BEFORE INSERT ON trust_reading
  FOR EACH ROW EXECUTE FUNCTION trust_hold_reading();
CREATE TRIGGER trust_reading_append_only BEFORE UPDATE ON trust_reading
  FOR EACH ROW EXECUTE FUNCTION trust_refuse_change();
CREATE TRIGGER trust_countersign_holds BEFORE UPDATE ON trust_countersign
  FOR EACH ROW EXECUTE FUNCTION trust_hold_countersign();
CREATE TRIGGER trust_countersign_begins BEFORE INSERT ON trust_countersign
  FOR EACH ROW WHEN (NEW.done_at IS NOT NULL OR NEW.closed_at IS NOT NULL)
  EXECUTE FUNCTION trust_refuse_change();
CREATE TRIGGER trust_countersignature_in_time BEFORE INSERT ON trust_countersignature
  FOR EACH ROW EXECUTE FUNCTION trust_hold_signature();
CREATE TRIGGER trust_countersignature_append_only BEFORE UPDATE ON trust_countersignature
  FOR EACH ROW EXECUTE FUNCTION trust_refuse_change();
"""
BACKWARD = """
DROP TRIGGER trust_countersignature_append_only ON trust_countersignature;
DROP TRIGGER trust_countersignature_in_time ON trust_countersignature;
DROP TRIGGER trust_countersign_begins ON trust_countersign;
DROP TRIGGER trust_countersign_holds ON trust_countersign;
DROP TRIGGER trust_reading_append_only ON trust_reading;
DROP TRIGGER trust_reading_in_time ON trust_reading;
DROP TRIGGER trust_disclosure_holds ON trust_disclosure;
DROP FUNCTION trust_hold_signature();
DROP FUNCTION trust_hold_countersign();
DROP FUNCTION trust_hold_reading();
DROP FUNCTION trust_hold_disclosure();
DROP FUNCTION trust_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("trust", "0002_disclosures")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

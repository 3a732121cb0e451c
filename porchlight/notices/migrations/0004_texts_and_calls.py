"""A call that nobody picked up is tried again, and how far we read a gateway that we ask for news."""

from django.db import migrations, models

BEFORE = [
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
MOVES = [*BEFORE, ("handed", "failed_temp")]


def holding(moves: list[tuple[str, str]]) -> str:
    pairs = ", ".join(f"('{before}', '{after}')" for before, after in moves)
    return f"""
CREATE OR REPLACE FUNCTION notices_hold_states() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state, NEW.state) NOT IN ({pairs}) THEN
    RAISE EXCEPTION 'a delivery cannot go from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_more_channels")]
    operations = [
        migrations.RunSQL(holding(MOVES), holding(BEFORE)),
        migrations.CreateModel(
            name="GatewayCursor",
            fields=[
                ("gateway", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("cursor", models.CharField(max_length=200, blank=True)),
                ("moved_at", models.DateTimeField()),
            ],
        ),
    ]

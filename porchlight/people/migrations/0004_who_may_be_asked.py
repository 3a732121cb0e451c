"""Say on rows that were there before whether their person may be asked; a batch at a time."""

from django.db import migrations

BATCH = 20_000
FILL = """
UPDATE people_reach AS reach SET may_be_asked = true
  FROM people_person AS person
 WHERE person.id = reach.person_id AND reach.id >= %s AND reach.id < %s
   AND person.level = 'member' AND NOT person.is_under_18 AND NOT reach.may_be_asked
"""


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(min(id), 1), coalesce(max(id), 0) FROM people_reach")
        first, last = cursor.fetchone()
        for begin in range(first, last + 1, BATCH):
            cursor.execute(FILL, [begin, begin + BATCH])


class Migration(migrations.Migration):
    atomic = False  # each batch is its own transaction: nobody waits for all of it

    dependencies = [("people", "0003_choosing")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

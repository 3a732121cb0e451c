"""Fingerprints say with which data key they were made; until now it was always the oldest."""

from django.db import migrations

from porchlight.kit.named_indexes import name_the_key

COLUMNS = [
    ("notices_delivery", "address_index"),
    ("notices_incomingtext", "address_index"),
    ("notices_text", "fingerprint"),
    ("notices_notice", "link_index"),
]


def name_all(apps, schema_editor):
    name_the_key(schema_editor.connection, COLUMNS)


class Migration(migrations.Migration):

    dependencies = [
        ("notices", "0014_calls_that_come_in"),
    ]

    operations = [migrations.RunPython(name_all, migrations.RunPython.noop)]

"""Fingerprints say with which data key they were made; until now it was always the oldest."""

from django.db import migrations

from porchlight.kit.named_indexes import name_the_key

COLUMNS = [
    ("people_address", "value_index"),
    ("people_address", "code_index"),
    ("people_codesent", "value_index"),
    ("people_invite", "code_index"),
    ("people_joinrequest", "code_index"),
    ("people_resetrequest", "code_index"),
    ("people_reach", "token"),
]


def name_all(apps, schema_editor):
    name_the_key(schema_editor.connection, COLUMNS)


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0014_names_look_alike"),
    ]

    operations = [migrations.RunPython(name_all, migrations.RunPython.noop)]

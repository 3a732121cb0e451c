"""Devices people can tell apart, and the 48 hours after a way in by two keepers."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("people", "0010_audit_chain")]

    operations = [
        migrations.AddField(
            "login", "sealed_waits_until", models.DateTimeField(null=True)
        ),
        migrations.AddField(
            "session",
            "device_id",
            models.UUIDField(unique=True, db_default=models.Func(function="gen_random_uuid")),
        ),
        migrations.AddField("session", "began_at", models.DateTimeField(db_default=Now())),
        migrations.AddField("session", "label_guarded", models.BinaryField(null=True)),
    ]

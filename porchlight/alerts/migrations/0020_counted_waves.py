from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alerts", "0019_partners")]

    operations = [
        migrations.AddField(
            model_name="wave", name="counted_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddIndex(
            model_name="wave",
            index=models.Index(
                condition=models.Q(("counted_at", None)), fields=["fire_at"], name="wave_to_count"
            ),
        ),
        # Those from before were counted when they were stored.
        migrations.RunSQL(
            "UPDATE alerts_wave SET counted_at = fire_at", migrations.RunSQL.noop
        ),
    ]

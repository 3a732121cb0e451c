from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alerts', '0012_died'),
    ]

    operations = [
        migrations.AddField(
            model_name='alerttask',
            name='late_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='alerttask',
            name='late_topic_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='invitation',
            name='meeting_topic_id',
            field=models.UUIDField(null=True),
        ),
    ]

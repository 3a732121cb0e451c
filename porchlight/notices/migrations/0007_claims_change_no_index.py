"""A claim changes no index any more: what is taken stays in the index of what is due until it is
settled, and whoever looks for ended leases looks there. It cost a third of a message's work."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0006_answers_only_by_address'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='delivery',
            name='delivery_due',
        ),
        migrations.RemoveIndex(
            model_name='delivery',
            name='delivery_leases',
        ),
        migrations.AddField(
            model_name='delivery',
            name='is_open',
            field=models.GeneratedField(db_persist=True, expression=models.Q(('state__in', ['queued', 'failed_temp', 'in_doubt', 'claimed'])), output_field=models.BooleanField()),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['lane', 'channel', 'due_at', 'id'], name='delivery_due'),
        ),
    ]

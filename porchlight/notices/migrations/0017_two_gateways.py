"""By which gateway a text goes or came. What was there before is the first one's."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0016_keys_by_their_index'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='incomingtext',
            name='incomingtext_once',
        ),
        migrations.RemoveConstraint(
            model_name='receipt',
            name='receipt_once',
        ),
        migrations.AddField(
            model_name='attempt',
            name='provider',
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name='delivery',
            name='prefers',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='incomingtext',
            name='provider',
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name='receipt',
            name='provider',
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddConstraint(
            model_name='incomingtext',
            constraint=models.UniqueConstraint(fields=('network_id', 'channel', 'provider', 'provider_id'), name='incomingtext_once'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.UniqueConstraint(fields=('delivery', 'provider', 'provider_id'), name='receipt_once'),
        ),
    ]

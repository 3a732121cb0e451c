"""How many calls came from numbers nobody knows: a count a day, never a number."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0007_claims_change_no_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='StrangeCalls',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('network_id', models.UUIDField()),
                ('called_on', models.DateField()),
                ('many', models.PositiveIntegerField()),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('network_id', 'called_on'), name='strangecalls_day')],
            },
        ),
    ]

"""How two gateways share the texts, and when each of them worked last."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0017_two_gateways'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProviderHealth',
            fields=[
                ('provider', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('worked_at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(null=True)),
                ('trouble', models.CharField(blank=True, db_default='', max_length=40)),
                ('receipt_at', models.DateTimeField(null=True)),
                ('rests_until', models.DateTimeField(null=True)),
                ('linked_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ProviderCount',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('provider', models.PositiveSmallIntegerField()),
                ('slot', models.DateTimeField()),
                ('taken', models.PositiveIntegerField()),
                ('failed', models.PositiveIntegerField()),
                ('quick', models.PositiveIntegerField()),
                ('patient', models.PositiveIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['slot'], name='providercount_newest')],
                'constraints': [models.UniqueConstraint(fields=('provider', 'slot'), name='providercount_slot')],
            },
        ),
        migrations.CreateModel(
            name='ProviderShare',
            fields=[
                ('lane', models.CharField(max_length=10, primary_key=True, serialize=False)),
                ('first', models.PositiveSmallIntegerField()),
                ('moved_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('lane__in', ['urgent', 'ordinary'])), name='providershare_lane'), models.CheckConstraint(condition=models.Q(('first__lte', 100)), name='providershare_all')],
            },
        ),
    ]

"""What the texts of a day cost."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0019_pace_of_gateways'),
    ]

    operations = [
        migrations.CreateModel(
            name='TextCost',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('lane', models.CharField(max_length=10)),
                ('texts', models.IntegerField()),
                ('cost', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('day', 'lane'), name='textcost_day'), models.CheckConstraint(condition=models.Q(('lane__in', ['urgent', 'ordinary'])), name='textcost_lane')],
            },
        ),
    ]

"""When a gateway that takes only so many texts a second is free again."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0018_how_gateways_share'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProviderPace',
            fields=[
                ('provider', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('free_at', models.DateTimeField()),
            ],
        ),
    ]

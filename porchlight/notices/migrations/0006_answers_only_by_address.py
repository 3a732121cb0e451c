"""The bell has no address, so it need not stand in the index of addresses that answers look into."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0005_fewer_indexes'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='delivery',
            name='delivery_by_address',
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('address_index__isnull', False)), fields=['address_index', '-id'], name='delivery_by_address'),
        ),
    ]

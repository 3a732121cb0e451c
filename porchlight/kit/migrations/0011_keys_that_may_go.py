from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):

    dependencies = [
        ('kit', '0010_last_try'),
    ]

    operations = [
        migrations.AddField(
            model_name='keycheck',
            name='since',
            field=models.DateTimeField(db_default=Now()),
        ),
        migrations.AddField(
            model_name='keycheck',
            name='retired_at',
            field=models.DateTimeField(null=True),
        ),
    ]

"""What slows the outbox down and promises nothing: indexes that a unique constraint already serves,
and pages of deliveries so full that each change of a row wrote all its indexes anew."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0004_texts_and_calls'),
    ]

    operations = [
        migrations.AlterField(
            model_name='attempt',
            name='delivery',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='notices.delivery'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='notice',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='notices.notice'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='topic',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='notices.topic'),
        ),
        migrations.AlterField(
            model_name='text',
            name='topic',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='notices.topic'),
        ),
        migrations.RunSQL(
            "ALTER TABLE notices_delivery SET (fillfactor = 50)",
            "ALTER TABLE notices_delivery RESET (fillfactor)",
        ),
    ]

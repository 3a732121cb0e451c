
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0015_named_indexes'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='notice',
            name='notice_news',
        ),
        migrations.RemoveIndex(
            model_name='notice',
            name='notice_unread',
        ),
        migrations.RemoveIndex(
            model_name='topic',
            name='topic_about',
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['recipient_id', '-told_at'], name='notice_news'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('answered_at', None), ('seen_at', None)), fields=['recipient_id'], name='notice_unread'),
        ),
        migrations.AddIndex(
            model_name='topic',
            index=models.Index(fields=['about'], name='topic_about'),
        ),
    ]

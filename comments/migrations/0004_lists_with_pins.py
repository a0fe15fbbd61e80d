from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('comments', '0003_pins_and_pending'),
    ]

    operations = [
        migrations.RunSQL("SET lock_timeout = 0", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name='comment',
            index=models.Index(condition=models.Q(('root__isnull', True), ('state__in', ('visible', 'pending'))), fields=['post', '-pinned', '-id'], name='comments_roots_by_time'),
        ),
        AddIndexConcurrently(
            model_name='comment',
            index=models.Index(condition=models.Q(('root__isnull', True), ('state__in', ('visible', 'pending'))), fields=['post', '-pinned', '-likes_count', '-id'], name='comments_roots_by_likes'),
        ),
        RemoveIndexConcurrently(
            model_name='comment',
            name='comments_roots_newest',
        ),
        RemoveIndexConcurrently(
            model_name='comment',
            name='comments_roots_top',
        ),
    ]

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0004_lists_with_pins'),
        ('notifications', '0010_mentions_and_people_tags'),
        ('posts', '0011_post_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    # deploy-check: ban-drop-constraint - the one that takes its place in the same transaction is wider
    # deploy-check: constraint-missing-not-valid - no row can break the wider rule; the scan is short
    operations = [
        migrations.RemoveConstraint(
            model_name='notification',
            name='notifications_type_known',
        ),
        migrations.AlterField(
            model_name='notification',
            name='type',
            field=models.CharField(choices=[('follow', 'Follow'), ('follow_request', 'Follow Request'), ('follow_accepted', 'Follow Accepted'), ('post_like', 'Post Like'), ('mention', 'Mention'), ('people_tag', 'People Tag'), ('comment', 'Comment'), ('comment_reply', 'Comment Reply'), ('comment_mention', 'Comment Mention'), ('comment_like', 'Comment Like')], max_length=16),
        ),
        migrations.AddConstraint(
            model_name='notification',
            constraint=models.CheckConstraint(condition=models.Q(('type__in', ['follow', 'follow_request', 'follow_accepted', 'post_like', 'mention', 'people_tag', 'comment', 'comment_reply', 'comment_mention', 'comment_like'])), name='notifications_type_known'),
        ),
    ]

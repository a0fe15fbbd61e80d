from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0002_safety'),
    ]

    # deploy-check: ban-drop-constraint - the one that takes its place in the same transaction is wider
    # deploy-check: constraint-missing-not-valid - no row can break either rule; the scan is short
    operations = [
        migrations.AddField(
            model_name='comment',
            name='pinned',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(('pinned', False), ('root__isnull', True), _connector='OR'), name='comments_pinned_is_root'),
        ),
        migrations.RemoveConstraint(
            model_name='comment',
            name='comments_state_known',
        ),
        migrations.AlterField(
            model_name='comment',
            name='state',
            field=models.CharField(choices=[('visible', 'Visible'), ('pending', 'Pending'), ('deleted', 'Deleted'), ('hidden', 'Hidden'), ('away', 'Away')], default='visible', max_length=8),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['visible', 'pending', 'deleted', 'hidden', 'away'])), name='comments_state_known'),
        ),
    ]

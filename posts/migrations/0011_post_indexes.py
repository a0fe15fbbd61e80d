from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models


class Migration(migrations.Migration):

    # Indexes of a full table, built while it is written to.
    atomic = False

    dependencies = [
        ('posts', '0010_tags_people_places'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='post',
            index=models.Index(condition=models.Q(('state', 'published'), _negated=True), fields=['author', 'state', '-id'], name='posts_kept'),
        ),
        AddIndexConcurrently(
            model_name='post',
            index=models.Index(condition=models.Q(('place__isnull', False), ('state', 'published')), fields=['place', '-published_at', '-id'], name='posts_of_place'),
        ),
        AddIndexConcurrently(
            model_name='post',
            index=models.Index(condition=models.Q(('state', 'scheduled')), fields=['publish_at'], name='posts_due'),
        ),
        AddIndexConcurrently(
            model_name='post',
            index=models.Index(condition=models.Q(('state', 'deleted')), fields=['deleted_at'], name='posts_binned'),
        ),
        AddConstraintNotValid(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('deleted_from__isnull', True), ('state', 'deleted'), _connector='OR'), name='posts_in_bin_is_deleted'),
        ),
        ValidateConstraint(
            model_name='post',
            name='posts_in_bin_is_deleted',
        ),
    ]

"""What is left of a person here when the account is erased: nothing."""

from typing import Final

from django.db import connection, transaction

from posts.models import (
    Collection,
    Hashtag,
    Mention,
    PeopleTag,
    Place,
    Post,
    PostMedia,
    TagFollow,
)
from posts.services.tags import tags_forget, tags_turn

# What they gave to others goes, and is counted off.
_TAKE_BACK: Final = (
    """
    WITH gone AS (DELETE FROM posts_like WHERE user_id = %s RETURNING post_id)
    UPDATE posts_post SET likes_count = likes_count - 1 WHERE id IN (SELECT post_id FROM gone)
    """,
    """
    WITH gone AS (DELETE FROM posts_save WHERE user_id = %s RETURNING post_id)
    UPDATE posts_post SET saves_count = saves_count - 1 WHERE id IN (SELECT post_id FROM gone)
    """,
)


@transaction.atomic
def posts_erase(*, user_id: int) -> None:
    """Remove their posts with all that hangs on them, and what they did with others'; again is fine.

    A place that they made stays for those who posted there. The pictures themselves are media's to
    erase.
    """
    with connection.cursor() as cursor:
        for statement in _TAKE_BACK:
            cursor.execute(statement, [user_id])
    own = Post.objects.filter(author=user_id)
    ids = list(own.values_list("pk", flat=True))
    names = set(Hashtag.objects.filter(uses__post__in=ids).values_list("name", flat=True))
    names.update(Hashtag.objects.filter(follows__user=user_id).values_list("name", flat=True))
    tags_turn(ids, is_public=False)
    for model in (Mention, PeopleTag, TagFollow):
        model._default_manager.filter(user=user_id).delete()  # noqa: SLF001
    Collection.objects.filter(owner=user_id).delete()
    PostMedia.objects.filter(post__in=own).delete()
    own.delete()
    tags_forget(names)
    unused = Place.objects.filter(created_by=user_id, posts__isnull=True)
    unused.delete()

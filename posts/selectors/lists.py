"""What the viewer saved and liked, who likes a post, and what it said before."""

from django.db.models import QuerySet

from accounts.models import User
from core.errors import NotFoundError
from core.viewer import Viewer
from posts.models import Like, Post, PostRevision, Save


def saved_posts(*, viewer: Viewer) -> QuerySet[Save]:
    """The viewer's saves of posts that they may still see."""
    return Save.objects.filter(user=viewer.pk, post__in=Post.objects.visible_to(viewer))


def liked_posts(*, viewer: Viewer) -> QuerySet[Like]:
    """The viewer's likes of posts that they may still see."""
    return Like.objects.filter(user=viewer.pk, post__in=Post.objects.visible_to(viewer))


def post_likers(*, viewer: Viewer, post: Post) -> QuerySet[Like]:
    """Likes of a post, with the people in them, those visible to the viewer.

    Raises NotFoundError where the author hides the number of likes from the viewer: to read the
    list is to count it.
    """
    if post.hide_like_count and post.author_id != viewer.id:
        raise NotFoundError
    people = User.objects.visible_to(viewer)
    return Like.objects.filter(post=post, user__in=people).select_related("user")


def post_history(*, viewer: Viewer, post: Post) -> QuerySet[PostRevision]:
    """The former versions of a post that the viewer was found to see.

    To others than the author only those that were for at least as many as the post is now: what
    was for close friends does not come out when the post does.
    """
    rows = PostRevision.objects.filter(post=post)
    return rows if post.author_id == viewer.id else rows.filter(audience__lte=post.audience)

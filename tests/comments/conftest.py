"""Posts to comment on, and the shortest way to a comment."""

from collections.abc import Callable

import pytest
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from comments.models import Comment
from comments.services import comment_create
from posts.constants import PostState
from posts.models import Post


@pytest.fixture
def make_post(db) -> Callable[..., Post]:
    """`make_post(author, **columns)`: a published post without pictures."""

    def make(author: User, **columns: object) -> Post:
        User.objects.filter(pk=author.pk).update(posts_count=F("posts_count") + 1)
        return Post.objects.create(
            author=author, state=PostState.PUBLISHED, published_at=timezone.now(), **columns
        )

    return make


@pytest.fixture
def post(make_post, user) -> Post:
    """A public post of `user`."""
    return make_post(user)


@pytest.fixture
def say(db) -> Callable[..., Comment]:
    """`say(author, post_or_parent, body="Lovely")`: a comment on a post, or a reply."""

    def write(author: User, to: Post | Comment, body: str = "Lovely") -> Comment:
        parent = to if isinstance(to, Comment) else None
        post = Post.objects.get(pk=to.post_id) if isinstance(to, Comment) else to
        return comment_create(actor_id=author.pk, post=post, body=body, parent=parent)

    return write

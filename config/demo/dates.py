"""Spreads the demo over the past weeks: services stamp the present, one update a table mends it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Model

from accounts.models import Follow, User
from comments.models import Comment, CommentLike
from config.demo.content import share
from messaging.models import Conversation, Member, Message
from posts.models import Like, Post, PostHashtag, Save

#: How long people react to a post.
_LIVELY = timedelta(days=2)
_JOINED = timedelta(days=60)
_FOLLOWED = timedelta(days=52)


class Dates:
    """Collects what happened when; `write` stores it."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._rows: dict[type[Model], list[Model]] = defaultdict(list)
        self._names: dict[type[Model], set[str]] = defaultdict(set)

    def set(self, row: Model, **moments: datetime) -> None:
        """Give a row these times; all rows of a model are given the same fields."""
        for name, moment in moments.items():
            setattr(row, name, moment)
        self._rows[type(row)].append(row)
        self._names[type(row)].update(moments)

    def after(self, start: datetime, key: str) -> datetime:
        """A moment within two days of `start` that is not in the future."""
        return start + min(self.now - start, _LIVELY) * share(key)

    @transaction.atomic
    def write(self) -> None:
        """Store all that was set, one statement for each table."""
        for model, rows in self._rows.items():
            model._default_manager.bulk_update(rows, sorted(self._names[model]))  # noqa: SLF001


def date_people(dates: Dates, people: Sequence[User]) -> None:
    """Everybody joined about two months ago and followed the others in the days after."""
    for user in people:
        joined = dates.now - _JOINED + timedelta(days=6) * share(f"joined:{user.username}")
        dates.set(user, created_at=joined, email_verified_at=joined)
    for follow in Follow.objects.filter(follower__in=people, followee__in=people):
        span = timedelta(days=50) * share(f"follow:{follow.follower_id}:{follow.followee_id}")
        dates.set(follow, created_at=dates.now - _FOLLOWED + span)


def date_reactions(dates: Dates, posts: Sequence[Post]) -> None:
    """Likes and saves come soon after their post, comments one after the other; tags with it."""
    published = {post.pk: post.published_at or dates.now for post in posts}
    for model in (Like, Save):
        for row in model.objects.filter(post__in=published):
            moment = dates.after(published[row.post_id], f"{model.__name__}:{row.pk}")
            dates.set(row, created_at=moment)
    # The order of a hashtag's page.
    for use in PostHashtag.objects.filter(post__in=published):
        dates.set(use, published_at=published[use.post_id])
    moments = _date_comments(dates, published)
    for like in CommentLike.objects.filter(comment__in=moments):
        dates.set(like, created_at=dates.after(moments[like.comment_id], f"comment:{like.pk}"))


def _date_comments(dates: Dates, published: Mapping[int, datetime]) -> dict[int, datetime]:
    latest, moments = dict(published), {}
    for comment in Comment.objects.filter(post__in=published).order_by("pk"):
        before = latest[comment.post_id]
        pause = min(dates.now - before, _LIVELY) * (0.05 + 0.1 * share(comment.body))
        latest[comment.post_id] = moments[comment.pk] = before + pause
        dates.set(comment, created_at=before + pause)
    return moments


def date_conversation(dates: Dates, conversation_id: int, moments: Sequence[datetime]) -> None:
    """Message number n was sent at the n-th moment."""
    conversation = Conversation.objects.get(pk=conversation_id)
    dates.set(conversation, created_at=moments[0], last_activity_at=moments[-1])
    for member in Member.objects.filter(conversation=conversation):
        dates.set(member, joined_at=moments[0])
    for message in Message.objects.filter(conversation=conversation, seq__lte=len(moments)):
        dates.set(message, created_at=moments[message.seq - 1])

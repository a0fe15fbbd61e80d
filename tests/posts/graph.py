"""Random people, follows, relations and posts; and the home feed said plainly, to compare with."""

import random
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils import timezone

from accounts.constants import FollowState, RelationKind, UserState
from accounts.models import Follow, Relation, User
from posts.constants import Audience, PostState
from posts.models import Post

START = datetime(2026, 3, 1, tzinfo=UTC)

PLAIN_HOME = """
SELECT post.id
FROM posts_post post JOIN accounts_user author ON author.id = post.author_id
WHERE post.state = 'published'
AND author.state IN ('active', 'limited')
AND (
    post.author_id = %(viewer)s
    OR (
        EXISTS (
            SELECT 1 FROM accounts_follow
            WHERE follower_id = %(viewer)s AND followee_id = post.author_id AND state = 'active'
        )
        AND (
            post.audience <= 1
            OR (post.audience = 2 AND EXISTS (
                SELECT 1 FROM accounts_relation
                WHERE owner_id = post.author_id AND target_id = %(viewer)s
                AND kind = 'close_friend'
            ))
        )
    )
)
AND NOT EXISTS (
    SELECT 1 FROM accounts_relation
    WHERE kind = 'block'
    AND ((owner_id = %(viewer)s AND target_id = post.author_id)
        OR (owner_id = post.author_id AND target_id = %(viewer)s))
)
AND NOT EXISTS (
    SELECT 1 FROM accounts_relation
    WHERE kind = 'mute' AND owner_id = %(viewer)s AND target_id = post.author_id
    AND scopes ? 'posts' AND (until IS NULL OR until > now())
)
ORDER BY post.published_at DESC, post.id DESC
"""


def plain_home(viewer_id):
    """The ids of the whole home feed, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(PLAIN_HOME, {"viewer": viewer_id})
        return [row[0] for row in cursor.fetchall()]


def random_graph(seed, *, people=14, posts=160, moments=40):
    """Everything that the rule looks at, in every combination; times are shared by many posts."""
    dice = random.Random(seed)
    users = _people(dice, people, seed)
    pairs = [(a, b) for a in users for b in users if a != b]
    Follow.objects.bulk_create(
        Follow(
            follower=a,
            followee=b,
            state=FollowState.ACTIVE if dice.random() < 0.85 else FollowState.REQUESTED,
        )
        for a, b in pairs
        if dice.random() < 0.6
    )
    Relation.objects.bulk_create(
        _relation(dice, a, b, kind)
        for a, b in pairs
        for kind, share in (("block", 0.04), ("mute", 0.12), ("close_friend", 0.3))
        if dice.random() < share
    )
    Post.objects.bulk_create(_post(dice, dice.choice(users), moments) for _ in range(posts))
    for user in users:
        count = Follow.objects.active().filter(follower=user).count()
        User.objects.filter(pk=user.pk).update(following_count=count)
    with connection.cursor() as cursor:
        # Else the plans are those of the empty tables that other tests left.
        cursor.execute("ANALYZE posts_post, accounts_user, accounts_follow, accounts_relation")
    return users


def _people(dice, count, seed):
    states = [UserState.ACTIVE] * 8 + [UserState.LIMITED, UserState.SUSPENDED]
    return User.objects.bulk_create(
        User(
            username=f"g{seed}.{number}",
            email=f"g{seed}.{number}@example.org",
            is_private=dice.random() < 0.3,
            state=dice.choice(states),
        )
        for number in range(count)
    )


def _relation(dice, owner, target, kind):
    row = Relation(owner=owner, target=target, kind=RelationKind(kind))
    if kind == "mute":
        row.scopes = dice.choice([["posts"], ["stories"], ["stories", "posts"], []])
        hours = dice.choice([None, -1, 1])
        row.until = None if hours is None else timezone.now() + timedelta(hours=hours)
    return row


def _post(dice, author, moments):
    state = dice.choice([PostState.PUBLISHED] * 8 + [PostState.ARCHIVED, PostState.DELETED])
    at = START + timedelta(seconds=dice.randrange(moments), microseconds=dice.choice([0, 1]))
    return Post(
        author=author,
        state=state,
        audience=dice.choice(list(Audience)),
        published_at=at,
        deleted_at=at if state == PostState.DELETED else None,
    )

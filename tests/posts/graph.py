"""Random people, follows, relations and posts; and the home feed said plainly, to compare with."""

import random
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils import timezone

from accounts.constants import FollowState, RelationKind, UserState
from accounts.models import ContentFilter, Follow, Relation, User
from posts.constants import Audience, PostState
from posts.models import Hashtag, Post, PostHashtag, TagFollow

WORDS = ("rain", "sun", "wind", "snow", "rainy", "fog", "hail", "calm")
START = datetime(2026, 3, 1, tzinfo=UTC)

PLAIN_HOME = """
SELECT post.id
FROM posts_post post JOIN accounts_user author ON author.id = post.author_id
WHERE post.state = 'published'
AND author.state IN ('active', 'limited')
AND (
    post.author_id = %(viewer)s
    OR (
        post.audience = 0 AND NOT author.is_private AND EXISTS (
            SELECT 1 FROM posts_posthashtag carried
            JOIN posts_tagfollow wanted ON wanted.hashtag_id = carried.hashtag_id
            WHERE carried.post_id = post.id AND wanted.user_id = %(viewer)s
        )
    )
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
AND (post.author_id = %(viewer)s OR NOT EXISTS (
    SELECT 1 FROM accounts_contentfilter hiding
    WHERE hiding.user_id = %(viewer)s AND (
        hiding.tags && post.hashtags
        OR EXISTS (
            SELECT 1 FROM unnest(hiding.words) word
            WHERE ' ' || lower(post.caption) || ' ' LIKE '%% ' || lower(word) || ' %%'
        )
    )
))
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
    made = Post.objects.bulk_create(_post(dice, dice.choice(users), moments) for _ in range(posts))
    _tags(dice, users, made, seed)
    for user in users:
        count = Follow.objects.active().filter(follower=user).count()
        User.objects.filter(pk=user.pk).update(following_count=count)
    with connection.cursor() as cursor:
        # Else the plans are those of the empty tables that other tests left.
        cursor.execute(
            "ANALYZE posts_post, posts_posthashtag, posts_tagfollow, accounts_user, "
            "accounts_follow, accounts_relation"
        )
    return users


def _tags(dice, users, posts, seed):
    """Tags on posts, people who follow some of them, and people who hide tags or words."""
    tags = Hashtag.objects.bulk_create(Hashtag(name=f"g{seed}t{n}") for n in range(4))
    for post in posts:
        carried = [tag for tag in tags if dice.random() < 0.2]
        post.hashtags = [tag.name for tag in carried]
        post.caption = " ".join(dice.choice(WORDS) for _ in range(4))
        if post.state == PostState.PUBLISHED:
            PostHashtag.objects.bulk_create(
                PostHashtag(hashtag=tag, post=post, published_at=post.published_at, is_public=False)
                for tag in carried
            )
    Post.objects.bulk_update(posts, ["hashtags", "caption"])
    TagFollow.objects.bulk_create(
        TagFollow(user=user, hashtag=tag) for user in users for tag in tags if dice.random() < 0.3
    )
    ContentFilter.objects.bulk_create(
        ContentFilter(
            user=user,
            words=dice.choice([[], [], ["RAIN"]]),
            tags=dice.choice([[], [], [tags[0].name]]),
        )
        for user in users
        if dice.random() < 0.6
    )


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

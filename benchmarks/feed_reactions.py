"""Likes, comments and tags of a grown network, made in the database from the posts' own counters."""

from typing import Final

from django.db import connection

from benchmarks.harness import progress

TAGS: Final = 2_000

# A stride that shares no factor with the number of people names everybody once before anybody twice.
_LIKES: Final = """
INSERT INTO posts_like (post_id, user_id, created_at)
SELECT p.id, %(last)s + 1 + (p.id * 7919 + n * 104729) %% (%(people)s - %(last)s), now()
FROM posts_post p CROSS JOIN LATERAL generate_series(1, p.likes_count) n
"""
# The first three fifths of a post's comments are roots, the others answer these in turn.
_COMMENTS: Final = """
WITH counted AS (
    SELECT id, comments_count AS number, ceil(comments_count * 0.6)::bigint AS roots,
        sum(comments_count) OVER (ORDER BY id) - comments_count AS before, published_at
    FROM posts_post WHERE comments_count > 0
)
INSERT INTO comments_comment (
    id, post_id, author_id, root_id, parent_id, body, state, pinned, likes_count, replies_count,
    created_at
)
SELECT c.before + n, c.id, %(last)s + 1 + (c.id * 104729 + n * 7919) %% (%(people)s - %(last)s),
    reply.root, reply.root, 'The light on the water is what stays with me, number ' || n,
    'visible', false, 0, 0, c.published_at + n * interval '1 minute'
FROM counted c CROSS JOIN LATERAL generate_series(1, c.number) n
CROSS JOIN LATERAL (
    SELECT CASE WHEN n > c.roots THEN c.before + 1 + n %% c.roots END AS root
) reply
"""
_TAGS: Final = (
    """
    INSERT INTO posts_hashtag (name, posts_count, created_at)
    SELECT 'tag' || n, 0, now() FROM generate_series(1, %(tags)s) n
    """,
    # Some tags are on very many posts, most on few.
    """
    INSERT INTO posts_posthashtag (hashtag_id, post_id, published_at, is_public)
    SELECT t.id, p.id, p.published_at, p.audience = 0
    FROM posts_post p JOIN posts_hashtag t ON t.name = 'tag' || (
        1 + floor(%(tags)s * power((p.id * 48271 %% 99991) / 99991.0, 3))
    )::bigint
    WHERE p.id %% 3 = 0
    """,
)
_FOLLOW_TAGS: Final = """
INSERT INTO posts_tagfollow (user_id, hashtag_id, created_at)
SELECT %(user)s, id, now() FROM posts_hashtag ORDER BY (id * 7919 + %(user)s) %% 1999 LIMIT %(tags)s
"""


def react(*, people: int, last_viewer: int) -> None:
    """Give every post as many likes and comments as its counters say, and every third one a tag."""
    slots = {"people": people, "last": last_viewer, "tags": TAGS}
    for name, statements in (("likes", (_LIKES,)), ("comments", (_COMMENTS,)), ("tags", _TAGS)):
        progress(name)
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement, slots)


def follow_tags(wanted: dict[int, int]) -> None:
    """Let people, by id, follow so many tags."""
    with connection.cursor() as cursor:
        for user_id, tags in wanted.items():
            cursor.execute(_FOLLOW_TAGS, {"user": user_id, "tags": tags})

"""Whose home feed has something new, among those who have a socket open."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple

from psycopg.rows import args_row

from core.sql import run_hot

MOST_POSTS: Final = 500


class News(NamedTuple):
    """A new post, and those of the people asked for in whose home feed it is."""

    post_id: int
    published_at: datetime
    user_ids: list[int]


# Own posts are news to nobody. What the feed filters by words is not looked at here: the client
# asks `feed/home/newer`, which is exact, before it shows anything.
_NEWS: Final = """
WITH fresh AS MATERIALIZED (
    SELECT p.id, p.author_id, p.published_at, p.audience, u.is_private
    FROM posts_post p JOIN accounts_user u ON u.id = p.author_id
    WHERE p.state = 'published' AND p.published_at > %(since)s::timestamptz
    AND NOT p.id = ANY(%(known)s::bigint[]) AND u.state IN ('active', 'limited')
    ORDER BY p.published_at DESC, p.id DESC LIMIT %(most)s::bigint
), reader AS (
    SELECT fresh.id, f.follower_id AS user_id, fresh.author_id
    FROM fresh JOIN accounts_follow f ON f.followee_id = fresh.author_id AND f.state = 'active'
    WHERE f.follower_id = ANY(%(users)s::bigint[]) AND (
        fresh.audience <= 1 OR (fresh.audience = 2 AND EXISTS (
            SELECT FROM accounts_relation r
            WHERE r.owner_id = fresh.author_id AND r.target_id = f.follower_id
            AND r.kind = 'close_friend'
        ))
    )
    UNION
    SELECT fresh.id, f.user_id, fresh.author_id
    FROM fresh JOIN posts_posthashtag h ON h.post_id = fresh.id
    JOIN posts_tagfollow f ON f.hashtag_id = h.hashtag_id
    WHERE f.user_id = ANY(%(users)s::bigint[]) AND f.user_id <> fresh.author_id
    AND fresh.audience = 0 AND NOT fresh.is_private
)
SELECT fresh.id, fresh.published_at, ARRAY(
    SELECT reader.user_id FROM reader WHERE reader.id = fresh.id AND NOT EXISTS (
        SELECT FROM accounts_relation r
        WHERE (r.owner_id = reader.user_id AND r.target_id = reader.author_id AND (
            r.kind = 'block' OR (r.kind = 'mute' AND r.scopes @> '["posts"]'
            AND (r.until IS NULL OR r.until > statement_timestamp()))
        )) OR (r.owner_id = reader.author_id AND r.target_id = reader.user_id AND r.kind = 'block')
    )
) FROM fresh
"""


def feed_news(*, user_ids: Collection[int], since: datetime, known: Collection[int]) -> list[News]:
    """What was published after `since` and is not in `known`. One query, however many people."""
    slots = {"users": list(user_ids), "since": since, "known": list(known), "most": MOST_POSTS}
    return run_hot(_NEWS, slots, row=args_row(News))

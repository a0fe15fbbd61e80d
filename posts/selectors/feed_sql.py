"""The statements that choose the posts of a home feed; `posts.selectors.feed` says when which.

Each sub-query about relations is scalar: a prepared EXISTS would read all that the viewer has.
"""

from string import Template
from typing import Final

# Asked only for what would be on the page, newest first: `candidate` is sorted, and OFFSET 0
# keeps the planner from asking before.
_AUTHOR_IS_SHOWN: Final = """
    (SELECT u.state FROM accounts_user u WHERE u.id = candidate.author_id) IN ('active', 'limited')
    AND (
        SELECT 1 FROM accounts_relation r
        WHERE r.owner_id = %(viewer)s::bigint AND r.target_id = candidate.author_id
        AND r.kind IN ('block', 'mute')
        AND (r.kind = 'block' OR (
            r.scopes @> '["posts"]' AND (r.until IS NULL OR r.until > statement_timestamp())
        ))
        LIMIT 1
    ) IS NULL
    AND (
        SELECT 1 FROM accounts_relation r
        WHERE r.owner_id = candidate.author_id AND r.kind = 'block'
        AND r.target_id = %(viewer)s::bigint
        LIMIT 1
    ) IS NULL
"""
# Whom the viewer follows, and the narrowest audience of theirs that they belong to.
_REACH: Final = """
WITH reach AS MATERIALIZED (
    SELECT f.followee_id AS author_id, CASE WHEN f.followee_id IN (
        SELECT r.owner_id FROM accounts_relation r
        WHERE r.target_id = %(viewer)s::bigint AND r.kind = 'close_friend'
    ) THEN 2 ELSE 1 END AS audience
    FROM accounts_follow f
    WHERE f.follower_id = %(viewer)s::bigint AND f.state = 'active'
    UNION ALL
    SELECT %(viewer)s::bigint, 3
)
"""
# What the followed tags bring: public posts of public accounts, newest first in each tag. What the
# followed post for fewer people comes with the followed.
_BY_TAG: Final = Template("""
    SELECT tagged.published_at, tagged.id
    FROM posts_tagfollow f CROSS JOIN LATERAL (
        SELECT candidate.published_at, candidate.id
        FROM (
            SELECT h.published_at, p.id, p.author_id
            FROM posts_posthashtag h JOIN posts_post p ON p.id = h.post_id
            WHERE h.hashtag_id = f.hashtag_id
            AND (h.published_at, h.post_id) $past (%(at)s::timestamptz, %(id)s::bigint)
            $bound
            AND p.state = 'published' AND p.audience = 0
            ORDER BY h.published_at $order, h.post_id $order
            OFFSET 0
        ) candidate
        WHERE NOT (SELECT u.is_private FROM accounts_user u WHERE u.id = candidate.author_id)
        AND $author_is_shown
        LIMIT $size
    ) tagged
    WHERE f.user_id = %(viewer)s::bigint
""")
BY_AUTHOR: Final = Template("""
$reach, author AS MATERIALIZED (
    SELECT candidate.author_id, candidate.audience
    FROM (
        SELECT reach.author_id, reach.audience
        FROM reach CROSS JOIN LATERAL (
            SELECT p.published_at, p.id FROM posts_post p
            WHERE p.author_id = reach.author_id AND p.state = 'published'
            AND p.audience <= reach.audience
            AND (p.published_at, p.id) $past (%(at)s::timestamptz, %(id)s::bigint)
            ORDER BY p.published_at $order, p.id $order LIMIT 1
        ) newest
        ORDER BY newest.published_at $order, newest.id $order
        OFFSET 0
    ) candidate
    WHERE $author_is_shown
    LIMIT $size
), followed AS (
    SELECT post.published_at, post.id
    FROM author CROSS JOIN LATERAL (
        SELECT p.published_at, p.id FROM posts_post p
        WHERE p.author_id = author.author_id AND p.state = 'published'
        AND p.audience <= author.audience
        AND (p.published_at, p.id) $past (%(at)s::timestamptz, %(id)s::bigint)
        ORDER BY p.published_at $order, p.id $order LIMIT $size
    ) post
    ORDER BY post.published_at $order, post.id $order
    LIMIT $size
)
$chosen
""")
BY_WINDOW: Final = Template("""
$reach, recent AS MATERIALIZED (
    SELECT p.published_at, p.id, p.author_id, p.audience FROM posts_post p
    WHERE p.state = 'published'
    AND (p.published_at, p.id) $past (%(at)s::timestamptz, %(id)s::bigint)
    ORDER BY p.published_at $order, p.id $order LIMIT $window
), followed AS (
    SELECT candidate.published_at, candidate.id
    FROM (
        SELECT recent.published_at, recent.id, recent.author_id
        FROM recent
        JOIN reach ON reach.author_id = recent.author_id AND recent.audience <= reach.audience
        ORDER BY recent.published_at $order, recent.id $order
        OFFSET 0
    ) candidate
    WHERE $author_is_shown
    LIMIT $size
)
$chosen
""")
# A post of somebody followed with a followed tag comes once: UNION leaves out what is the same.
_CHOSEN: Final = Template("""
SELECT chosen.id
FROM (SELECT published_at, id FROM followed UNION $by_tag) chosen
ORDER BY chosen.published_at $order, chosen.id $order
LIMIT $size
""")
# Beyond the window's end a tag has posts among which those of the followed are missing.
_WITHIN_WINDOW: Final = Template("""
AND (h.published_at, h.post_id) $until (
    SELECT edge.published_at, edge.id FROM recent edge
    ORDER BY edge.published_at $reverse, edge.id $reverse LIMIT 1
)
""")


def statement(way: Template, *, is_backward: bool, size: int, window: int | None = None) -> str:
    """The SQL with the slots `viewer`, `at` and `id`; one column, at most `size` ids."""
    words: dict[str, object] = {
        "past": ">" if is_backward else "<",
        "until": "<=" if is_backward else ">=",
        "order": "ASC" if is_backward else "DESC",
        "reverse": "DESC" if is_backward else "ASC",
        "author_is_shown": _AUTHOR_IS_SHOWN,
        "reach": _REACH,
        "size": size,
        "window": window,
    }
    words["bound"] = _WITHIN_WINDOW.substitute(words) if window is not None else ""
    words["by_tag"] = _BY_TAG.substitute(words)
    words["chosen"] = _CHOSEN.substitute(words)
    return way.substitute(words)

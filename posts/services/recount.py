"""Counting anew what the counters of posts and people should say."""

from typing import Final

from core.sql import mend_counters

# By how much a counter is off is read in one snapshot, where it and its rows belong together, and
# added: what is liked meanwhile neither waits nor is lost.
_STATEMENTS: Final = {
    "likes_count": """
        UPDATE posts_post SET likes_count = posts_post.likes_count + off.amount
        FROM (
            SELECT p.id, (
                SELECT count(*) FROM posts_like l WHERE l.post_id = p.id
            ) - p.likes_count AS amount
            FROM posts_post p
        ) off
        WHERE off.id = posts_post.id AND off.amount <> 0
    """,
    "saves_count": """
        UPDATE posts_post SET saves_count = posts_post.saves_count + off.amount
        FROM (
            SELECT p.id, (
                SELECT count(*) FROM posts_save s WHERE s.post_id = p.id
            ) - p.saves_count AS amount
            FROM posts_post p
        ) off
        WHERE off.id = posts_post.id AND off.amount <> 0
    """,
    "tag_posts_count": """
        UPDATE posts_hashtag SET posts_count = posts_hashtag.posts_count + off.amount
        FROM (
            SELECT h.id, (
                SELECT count(*) FROM posts_posthashtag u WHERE u.hashtag_id = h.id AND u.is_public
            ) - h.posts_count AS amount
            FROM posts_hashtag h
        ) off
        WHERE off.id = posts_hashtag.id AND off.amount <> 0
    """,
    "posts_count": """
        UPDATE accounts_user SET posts_count = accounts_user.posts_count + off.amount
        FROM (
            SELECT u.id, (
                SELECT count(*) FROM posts_post p WHERE p.author_id = u.id AND p.state = 'published'
            ) - u.posts_count AS amount
            FROM accounts_user u
        ) off
        WHERE off.id = accounts_user.id AND off.amount <> 0
    """,
}


def posts_recount() -> dict[str, int]:
    """Set the counters of likes, saves, tags and posts right; how many of each were off.

    Each kind is a transaction of its own.
    """
    return mend_counters(_STATEMENTS)

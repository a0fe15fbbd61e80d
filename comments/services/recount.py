"""Counting anew what the counters of comments should say."""

from typing import Final

from core.sql import mend_counters

# The differences are added, so that what is written meanwhile is not lost.
_RECOUNTS: Final = {
    "comments_count": """
        UPDATE posts_post SET comments_count = posts_post.comments_count + off.amount
        FROM (SELECT p.id, (
            SELECT count(*) FROM comments_comment c WHERE c.post_id = p.id AND c.state = 'visible'
        ) - p.comments_count AS amount FROM posts_post p) off
        WHERE off.id = posts_post.id AND off.amount <> 0
    """,
    "replies_count": """
        UPDATE comments_comment SET replies_count = comments_comment.replies_count + off.amount
        FROM (SELECT r.id, (
            SELECT count(*) FROM comments_comment c WHERE c.root_id = r.id AND c.state = 'visible'
        ) - r.replies_count AS amount FROM comments_comment r WHERE r.state = 'visible') off
        WHERE off.id = comments_comment.id AND off.amount <> 0
    """,
    "comment_likes_count": """
        UPDATE comments_comment SET likes_count = comments_comment.likes_count + off.amount
        FROM (SELECT c.id, (
            SELECT count(*) FROM comments_commentlike l WHERE l.comment_id = c.id
        ) - c.likes_count AS amount FROM comments_comment c) off
        WHERE off.id = comments_comment.id AND off.amount <> 0
    """,
}


def comments_recount() -> dict[str, int]:
    """Set the counters of comments, replies and comment likes right; how many of each were off."""
    return mend_counters(_RECOUNTS)

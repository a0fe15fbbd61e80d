"""All writes of the app: one function, one act, one transaction.

Locks are taken in one order: the root of a thread, its replies, the post's counters last.
"""

from comments.services.erasing import comments_erase, comments_purge
from comments.services.likes import CommentLikeState, comment_like, comment_unlike
from comments.services.moderating import comment_hide, comment_remove
from comments.services.pins import comment_pin, comment_unpin
from comments.services.recount import comments_recount
from comments.services.standing import comments_follow_account
from comments.services.writing import (
    comment_approve,
    comment_create,
    comment_delete,
    comment_edit,
)

__all__ = [
    "CommentLikeState",
    "comment_approve",
    "comment_create",
    "comment_delete",
    "comment_edit",
    "comment_hide",
    "comment_like",
    "comment_pin",
    "comment_remove",
    "comment_unlike",
    "comment_unpin",
    "comments_erase",
    "comments_follow_account",
    "comments_purge",
    "comments_recount",
]

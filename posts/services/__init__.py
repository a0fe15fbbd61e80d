"""All writes of the app: one function, one act, one transaction."""

from posts.services.counts import post_comment_count_add

__all__ = ["post_comment_count_add"]

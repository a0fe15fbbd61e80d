"""All writes of the app: one function, one act, one transaction."""

from posts.services.counts import post_comment_count_add
from posts.services.erasing import posts_erase
from posts.services.likes import PostLikeState, post_like, post_save, post_unlike, post_unsave
from posts.services.moderating import post_hide, post_remove
from posts.services.pictures import post_media_refresh, post_media_remove, posts_access_renew
from posts.services.recount import posts_recount
from posts.services.writing import post_create, post_delete, post_edit

__all__ = [
    "PostLikeState",
    "post_comment_count_add",
    "post_create",
    "post_delete",
    "post_edit",
    "post_hide",
    "post_like",
    "post_media_refresh",
    "post_media_remove",
    "post_remove",
    "post_save",
    "post_unlike",
    "post_unsave",
    "posts_access_renew",
    "posts_erase",
    "posts_recount",
]

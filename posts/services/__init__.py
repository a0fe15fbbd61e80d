"""All writes of the app: one function, one act, one transaction."""

from posts.services.bin import post_delete, post_discard, post_restore, posts_purge
from posts.services.captions import hashtags_in, mentions_in, tag_name
from posts.services.collections import (
    collection_add,
    collection_create,
    collection_delete,
    collection_edit,
    collection_order,
    collection_remove,
    collections_order,
)
from posts.services.counts import post_comment_count_add, post_counts_push
from posts.services.editing import PostChanges, post_edit
from posts.services.erasing import posts_erase
from posts.services.likes import PostLikeState, post_like, post_save, post_unlike, post_unsave
from posts.services.markers import home_marker_set
from posts.services.moderating import post_hide, post_remove
from posts.services.people import PersonAt, people_tag_approve, people_tags_remove
from posts.services.pictures import post_media_refresh, post_media_remove, posts_access_renew
from posts.services.places import place_create, place_remove
from posts.services.recount import posts_recount
from posts.services.states import (
    post_archive,
    post_pin,
    post_publish,
    post_unarchive,
    post_unpin,
    posts_publish_due,
)
from posts.services.tags import tag_follow, tag_unfollow
from posts.services.watching import post_unwatch, post_watch
from posts.services.writing import post_create

__all__ = [
    "PersonAt",
    "PostChanges",
    "PostLikeState",
    "collection_add",
    "collection_create",
    "collection_delete",
    "collection_edit",
    "collection_order",
    "collection_remove",
    "collections_order",
    "hashtags_in",
    "home_marker_set",
    "mentions_in",
    "people_tag_approve",
    "people_tags_remove",
    "place_create",
    "place_remove",
    "post_archive",
    "post_comment_count_add",
    "post_counts_push",
    "post_create",
    "post_delete",
    "post_discard",
    "post_edit",
    "post_hide",
    "post_like",
    "post_media_refresh",
    "post_media_remove",
    "post_pin",
    "post_publish",
    "post_remove",
    "post_restore",
    "post_save",
    "post_unarchive",
    "post_unlike",
    "post_unpin",
    "post_unsave",
    "post_unwatch",
    "post_watch",
    "posts_access_renew",
    "posts_erase",
    "posts_publish_due",
    "posts_purge",
    "posts_recount",
    "tag_follow",
    "tag_name",
    "tag_unfollow",
]

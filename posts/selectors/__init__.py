"""All reads of the app, each from what the viewer may see."""

from posts.selectors.feed import home_feed, home_feed_newer_count
from posts.selectors.lists import liked_posts, post_likers, profile_posts, saved_posts
from posts.selectors.pictures import media_in_posts
from posts.selectors.rows import Position, position_of
from posts.selectors.single import post_for, post_shape_by_code, post_shape_for, post_shapes

__all__ = [
    "Position",
    "home_feed",
    "home_feed_newer_count",
    "liked_posts",
    "media_in_posts",
    "position_of",
    "post_for",
    "post_likers",
    "post_shape_by_code",
    "post_shape_for",
    "post_shapes",
    "profile_posts",
    "saved_posts",
]

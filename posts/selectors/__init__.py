"""All reads of the app, each from what the viewer may see."""

from posts.selectors.feed import home_feed, home_feed_newer_count
from posts.selectors.grid import GridPosition, grid_position_of, profile_posts
from posts.selectors.lists import liked_posts, post_history, post_likers, saved_posts
from posts.selectors.news import News, feed_news
from posts.selectors.own import (
    collection_for,
    collection_posts,
    collections_of,
    deleted_posts,
    own_posts,
)
from posts.selectors.people import mention_suggestions, post_tagging, tagged_in
from posts.selectors.pictures import media_in_posts
from posts.selectors.places import findable_places, place_for, place_posts, places_named
from posts.selectors.rows import Position, position_of
from posts.selectors.single import (
    deleted_post_for,
    own_post_shapes,
    post_for,
    post_shape_by_code,
    post_shape_for,
    post_shapes,
    post_to_change_for,
)
from posts.selectors.tags import followed_tags, tag_posts, tag_shape_for

__all__ = [
    "GridPosition",
    "News",
    "Position",
    "collection_for",
    "collection_posts",
    "collections_of",
    "deleted_post_for",
    "deleted_posts",
    "feed_news",
    "findable_places",
    "followed_tags",
    "grid_position_of",
    "home_feed",
    "home_feed_newer_count",
    "liked_posts",
    "media_in_posts",
    "mention_suggestions",
    "own_post_shapes",
    "own_posts",
    "place_for",
    "place_posts",
    "places_named",
    "position_of",
    "post_for",
    "post_history",
    "post_likers",
    "post_shape_by_code",
    "post_shape_for",
    "post_shapes",
    "post_tagging",
    "post_to_change_for",
    "profile_posts",
    "saved_posts",
    "tag_posts",
    "tag_shape_for",
    "tagged_in",
]

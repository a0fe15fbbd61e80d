"""Posts and places as those who report and moderate them meet them."""

from collections.abc import Mapping
from typing import Any

from core.viewer import Viewer
from posts.models import Place, Post
from posts.selectors.places import findable_places


def reported_post(viewer: Viewer, post_id: int) -> Post | None:
    """A post that this viewer may see."""
    return Post.objects.visible_to(viewer).filter(pk=post_id).first()


def any_post(post_id: int) -> Post | None:
    """A post, whatever its state."""
    return Post.objects.filter(pk=post_id).first()


def post_snapshot(post: Post) -> Mapping[str, Any]:
    """What it shows now; the pictures by their storage keys."""
    return {
        "shortcode": post.shortcode,
        "caption": post.caption,
        "media": [
            {"id": item.get("id"), "key": item.get("key"), "alt_text": item.get("alt_text")}
            for item in post.media
        ],
    }


def reported_place(viewer: Viewer, place_id: int) -> Place | None:
    """A place that this viewer can find."""
    return findable_places(viewer=viewer).filter(pk=place_id).first()


def any_place(place_id: int) -> Place | None:
    """A place, whoever can find it."""
    return Place.objects.filter(pk=place_id).first()


def place_snapshot(place: Place) -> Mapping[str, Any]:
    """What it is called, and where it is."""
    return {
        "name": place.name,
        "country": place.country,
        "latitude": None if place.latitude is None else str(place.latitude),
        "longitude": None if place.longitude is None else str(place.longitude),
    }

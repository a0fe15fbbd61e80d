"""Posts as those who report and moderate them meet them."""

from collections.abc import Mapping
from typing import Any

from core.viewer import Viewer
from posts.models import Post


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

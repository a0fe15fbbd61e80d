"""The socket commands `post.watch` and `post.unwatch`: the numbers of a post as they change."""

from collections.abc import Mapping
from typing import Any

from core.errors import BadInputError
from core.ids import id_of
from core.registry import Topics
from core.viewer import Viewer
from posts.selectors import post_for


def post_watch(*, viewer: Viewer, data: Mapping[str, Any], topics: Topics) -> dict[str, Any]:
    """Receive `post.counts`, `comment.created` and `comment.deleted` of `{post_id}` from now on.

    Gives the counts. Raises NotFoundError for a post that the viewer may not see.
    """
    post = post_for(viewer=viewer, post_id=_post_id(data))
    # First the topic, then the numbers: nothing falls between the two.
    topics.watch(f"post:{post.pk}")
    post.refresh_from_db(fields=["likes_count", "comments_count"])
    is_hidden = post.hide_like_count and post.author_id != viewer.id
    return {
        "post_id": str(post.pk),
        "likes_count": None if is_hidden else post.likes_count,
        "comments_count": post.comments_count,
    }


def post_unwatch(*, viewer: Viewer, data: Mapping[str, Any], topics: Topics) -> dict[str, Any]:
    """Receive nothing more of it; harmless when it was not watched."""
    topics.unwatch(f"post:{_post_id(data)}")
    return {}


def _post_id(data: Mapping[str, Any]) -> int:
    for name in sorted(data.keys() - {"post_id"}):
        raise BadInputError.of_field(name[:100], "unknown_field", "Unknown field.")
    try:
        return id_of(data.get("post_id"))
    except ValueError as error:
        message = "An id is a string of digits."
        raise BadInputError.of_field("post_id", "bad_id", message) from error

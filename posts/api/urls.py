"""Routes of posts and feeds under /api/v1/."""

from django.urls import path, register_converter

from posts.api.views import lists, single, toggles
from posts.constants import SHORTCODE_LENGTH


class ShortcodeConverter:
    """A post's public name: anything else is a 404 before any SQL."""

    regex = f"[A-Za-z0-9_-]{{{SHORTCODE_LENGTH}}}"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(ShortcodeConverter, "shortcode")

urlpatterns = [
    path("posts", single.PostCreateApi.as_view()),
    path("posts/<id:post_id>", single.PostApi.as_view()),
    path("posts/by-code/<shortcode:shortcode>", single.PostByCodeApi.as_view()),
    path("posts/<id:post_id>/like", toggles.PostLikeApi.as_view()),
    path("posts/<id:post_id>/likes", lists.PostLikersApi.as_view()),
    path("posts/<id:post_id>/save", toggles.PostSaveApi.as_view()),
    path("users/<id:user_id>/posts", lists.UserPostsApi.as_view()),
    path("me/saved", lists.SavedPostsApi.as_view()),
    path("me/liked", lists.LikedPostsApi.as_view()),
    path("feed/home", lists.HomeFeedApi.as_view()),
    path("feed/home/newer", lists.HomeFeedNewerApi.as_view()),
]

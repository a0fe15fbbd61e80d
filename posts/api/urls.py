"""Routes of posts and feeds under /api/v1/."""

from django.urls import path, register_converter

from posts.api.views import (
    collections,
    feed,
    lists,
    own,
    people,
    places,
    single,
    tags,
    toggles,
)
from posts.constants import SHORTCODE_LENGTH
from posts.services import tag_name


class ShortcodeConverter:
    """A post's public name: anything else is a 404 before any SQL."""

    regex = f"[A-Za-z0-9_-]{{{SHORTCODE_LENGTH}}}"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


class TagConverter:
    """A hashtag without its sign, in any case and width; what is no tag is a 404 before any SQL."""

    regex = "[^/]{1,200}"

    def to_python(self, value: str) -> str:
        """As it is kept. Raises ValueError, which Django answers with 404."""
        name = tag_name(value)
        if name is None:
            raise ValueError(value)
        return name

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(ShortcodeConverter, "shortcode")
register_converter(TagConverter, "tag")

urlpatterns = [
    path("feed/home", feed.HomeFeedApi.as_view()),
    path("users/<id:user_id>/posts", lists.UserPostsApi.as_view()),
    path("posts", single.PostCreateApi.as_view()),
    path("posts/<id:post_id>", single.PostApi.as_view()),
    path("posts/by-code/<shortcode:shortcode>", single.PostByCodeApi.as_view()),
    path("posts/<id:post_id>/history", single.PostHistoryApi.as_view()),
    path("posts/<id:post_id>/publish", single.PostPublishApi.as_view()),
    path("posts/<id:post_id>/restore", single.PostRestoreApi.as_view()),
    path("posts/<id:post_id>/archive", toggles.PostArchiveApi.as_view()),
    path("posts/<id:post_id>/pin", toggles.PostPinApi.as_view()),
    path("posts/<id:post_id>/people-tags/me", people.PostUntagApi.as_view()),
    path("people-tags/<id:tag_id>/approve", people.PeopleTagApproveApi.as_view()),
    path("posts/<id:post_id>/like", toggles.PostLikeApi.as_view()),
    path("posts/<id:post_id>/likes", lists.PostLikersApi.as_view()),
    path("posts/<id:post_id>/save", toggles.PostSaveApi.as_view()),
    path("users/<id:user_id>/tagged", people.TaggedPostsApi.as_view()),
    path("mentions/suggest", people.MentionSuggestApi.as_view()),
    path("me/archive", own.ArchivedPostsApi.as_view()),
    path("me/drafts", own.DraftsApi.as_view()),
    path("me/scheduled", own.ScheduledPostsApi.as_view()),
    path("me/deleted", own.DeletedPostsApi.as_view()),
    path("me/deleted/<id:post_id>", single.DeletedPostApi.as_view()),
    path("me/followed-tags", tags.FollowedTagsApi.as_view()),
    path("me/saved", lists.SavedPostsApi.as_view()),
    path("me/liked", lists.LikedPostsApi.as_view()),
    path("collections", collections.CollectionsApi.as_view()),
    path("collections/order", collections.CollectionsOrderApi.as_view()),
    path("collections/<id:collection_id>", collections.CollectionApi.as_view()),
    path("collections/<id:collection_id>/order", collections.CollectionOrderApi.as_view()),
    path("collections/<id:collection_id>/posts", collections.CollectionPostsApi.as_view()),
    path(
        "collections/<id:collection_id>/posts/<id:post_id>", collections.CollectionPostApi.as_view()
    ),
    path("tags/<tag:name>", tags.TagApi.as_view()),
    path("tags/<tag:name>/posts", tags.TagPostsApi.as_view()),
    path("tags/<tag:name>/follow", tags.TagFollowApi.as_view()),
    path("places", places.PlacesApi.as_view()),
    path("places/<id:place_id>", places.PlaceApi.as_view()),
    path("places/<id:place_id>/posts", places.PlacePostsApi.as_view()),
    path("feed/home/newer", feed.HomeFeedNewerApi.as_view()),
    path("me/markers", feed.MarkersApi.as_view()),
    path("me/muted-tags", feed.MutedTagsApi.as_view()),
    path("me/muted-tags/<tag:name>", feed.MutedTagApi.as_view()),
]

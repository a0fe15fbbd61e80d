"""Input forms of posts: types and lengths; rules are the services'."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from accounts.shapes import UserSummarySerializer
from core.api import StrictSerializer
from core.api.fields import IdField
from core.api.pagination import PageQuery
from media_storage.constants import ALT_TEXT_MAX
from posts.constants import (
    CAPTION_MAX,
    COLLECTION_NAME_MAX,
    COLLECTION_POSTS_MAX,
    COLLECTIONS_MAX,
    MEDIA_MAX,
    NEW_STATES,
    PEOPLE_TAGS_MAX,
    PLACE_NAME_MAX,
    PLAN_STATES,
    QUERY_MAX,
    TAG_STATES,
    CommentsPolicy,
    PeopleTagState,
    TagSort,
)
from posts.shapes import AUDIENCE_NAMES, PlaceDetailSerializer, PostSerializer


class CaptionField(serializers.CharField):
    """A caption as it was written: not trimmed, and it may be empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=CAPTION_MAX, allow_blank=True, trim_whitespace=False, **kwargs)


class DegreesField(serializers.DecimalField):
    """Degrees, at most `most` to either side; as fine as anybody likes, for the service rounds."""

    def __init__(self, most: int) -> None:
        super().__init__(
            max_digits=20,
            decimal_places=15,
            min_value=Decimal(-most),
            max_value=Decimal(most),
            required=False,
            allow_null=True,
            coerce_to_string=False,
        )


class PersonAtForm(StrictSerializer):
    """Somebody in a picture, at (x, y) from its left upper corner, each from 0 to 1."""

    user_id = IdField()
    media_id = IdField()
    x = serializers.FloatField(min_value=0, max_value=1)
    y = serializers.FloatField(min_value=0, max_value=1)


class PostFieldsForm(StrictSerializer):
    """What may be said of a post when it is made, and changed later."""

    caption = CaptionField(required=False)
    audience = serializers.ChoiceField(choices=list(AUDIENCE_NAMES.values()), required=False)
    comments_policy = serializers.ChoiceField(choices=CommentsPolicy.values, required=False)
    hide_like_count = serializers.BooleanField(required=False)
    sensitive = serializers.BooleanField(required=False)
    place = IdField(required=False, allow_null=True)
    people_tags = serializers.ListField(
        child=PersonAtForm(), required=False, max_length=PEOPLE_TAGS_MAX
    )
    publish_at = serializers.DateTimeField(required=False, allow_null=True)


class PostCreateForm(PostFieldsForm):
    """POST posts. A draft may be without pictures; `publish_at` goes with the state scheduled."""

    media_ids = serializers.ListField(child=IdField(), max_length=MEDIA_MAX)
    state = serializers.ChoiceField(choices=NEW_STATES, required=False)


class PictureTextForm(StrictSerializer):
    """The alternative text of one picture."""

    id = IdField()
    alt_text = serializers.CharField(
        allow_blank=True, max_length=ALT_TEXT_MAX, trim_whitespace=False
    )


class PostEditForm(PostFieldsForm):
    """PATCH posts/{id}: what is left out stays.

    `media_ids` are all pictures in their new order. A `publish_at` plans what is not out yet, null
    or the state draft takes it back to the drafts.
    """

    media_ids = serializers.ListField(child=IdField(), required=False, max_length=MEDIA_MAX)
    media = serializers.ListField(child=PictureTextForm(), required=False, max_length=MEDIA_MAX)
    state = serializers.ChoiceField(choices=PLAN_STATES, required=False)


class PostSaveForm(StrictSerializer):
    """PUT posts/{id}/save."""

    collection_id = IdField(required=False, allow_null=True)


class CollectionForm(StrictSerializer):
    """POST collections."""

    name = serializers.CharField(max_length=COLLECTION_NAME_MAX)


class CollectionEditForm(StrictSerializer):
    """PATCH collections/{id}: what is left out stays."""

    name = serializers.CharField(max_length=COLLECTION_NAME_MAX, required=False)
    cover_post_id = IdField(required=False)


class CollectionsOrderForm(StrictSerializer):
    """PUT collections/order: these come first."""

    collection_ids = serializers.ListField(child=IdField(), max_length=COLLECTIONS_MAX)


class CollectionOrderForm(StrictSerializer):
    """PUT collections/{id}/order: these come first."""

    post_ids = serializers.ListField(child=IdField(), max_length=COLLECTION_POSTS_MAX)


class PlaceForm(StrictSerializer):
    """POST places: coordinates in degrees, both or neither; the country as two capitals."""

    name = serializers.CharField(max_length=PLACE_NAME_MAX)
    country = serializers.RegexField(r"^[A-Z]{2}\Z", required=False)
    latitude = DegreesField(90)
    longitude = DegreesField(180)


class NameQuery(StrictSerializer):
    """`?q=`, the letters that a name has."""

    q = serializers.CharField(max_length=QUERY_MAX)


class TagPostsQuery(PageQuery):
    """GET tags/{name}/posts."""

    sort = serializers.ChoiceField(choices=TagSort.values, default=TagSort.RECENT, required=False)


class TaggedQuery(PageQuery):
    """GET users/{id}/tagged; `pending` is empty but for oneself."""

    state = serializers.ChoiceField(
        choices=TAG_STATES,
        default=PeopleTagState.SHOWN,
        required=False,
    )


class NewerQuery(StrictSerializer):
    """GET feed/home/newer: `published_at` of the newest post that the client has."""

    since = serializers.DateTimeField()


class LikedSerializer(serializers.Serializer[Any]):
    """Schema of a like toggle."""

    liked = serializers.BooleanField()
    likes_count = serializers.IntegerField(allow_null=True)


class SavedSerializer(serializers.Serializer[Any]):
    """Schema of a save toggle."""

    saved = serializers.BooleanField()


class CountSerializer(serializers.Serializer[Any]):
    """Schema of a number of posts."""

    count = serializers.IntegerField()


class ArchivedSerializer(serializers.Serializer[Any]):
    """Schema of an archive toggle."""

    archived = serializers.BooleanField()


class PinnedSerializer(serializers.Serializer[Any]):
    """Schema of a pin toggle."""

    pinned = serializers.BooleanField()


class TaggedSerializer(serializers.Serializer[Any]):
    """Schema of leaving a post that one is tagged in."""

    tagged = serializers.BooleanField()


class PeopleTagStateSerializer(serializers.Serializer[Any]):
    """Schema of a tag that its person agreed to."""

    state = serializers.ChoiceField(choices=TAG_STATES)


class FollowingSerializer(serializers.Serializer[Any]):
    """Schema of a toggle on a hashtag."""

    following = serializers.BooleanField()


class CollectedSerializer(serializers.Serializer[Any]):
    """Schema of a post's toggle in a collection."""

    collected = serializers.BooleanField()


class DeletedPostSerializer(PostSerializer):
    """A post in the bin, and when it goes for good."""

    deleted_at = serializers.DateTimeField()
    purge_at = serializers.DateTimeField()


class PeopleSerializer(serializers.Serializer[Any]):
    """Schema of some people."""

    results = UserSummarySerializer(many=True)


class PlacesSerializer(serializers.Serializer[Any]):
    """Schema of some places."""

    results = PlaceDetailSerializer(many=True)


class MarkerForm(StrictSerializer):
    """A place in a list of posts."""

    post_id = IdField()


class MarkersForm(StrictSerializer):
    """PUT me/markers."""

    home = MarkerForm()


class MarkerSerializer(serializers.Serializer[Any]):
    """Schema of a place in a list of posts, and of the page that begins there."""

    post_id = serializers.CharField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    url = serializers.CharField()


class MarkersSerializer(serializers.Serializer[Any]):
    """Schema of all places."""

    home = MarkerSerializer(allow_null=True)


class NamesSerializer(serializers.Serializer[Any]):
    """Schema of a short list of names."""

    results = serializers.ListField(child=serializers.CharField())


class TagMutedSerializer(serializers.Serializer[Any]):
    """Schema of muting a tag."""

    muted = serializers.BooleanField()

"""Limits, choices and codes of the app; API.md section 5 names the numbers."""

from datetime import timedelta
from typing import Final

from django.db.models import IntegerChoices, TextChoices

from core.limits import HOUR, Limit

CAPTION_MAX: Final = 2_200
MEDIA_MAX: Final = 20
SHORTCODE_LENGTH: Final = 11
PINNED_MAX: Final = 3

#: Names without the sign; a post has so many different ones at most.
TAG_MAX: Final = 100
HASHTAGS_MAX: Final = 30
MENTIONS_MAX: Final = 20
PEOPLE_TAGS_MAX: Final = 20
FOLLOWED_TAGS_MAX: Final = 100
SUGGESTED_MAX: Final = 10
PLACE_NAME_MAX: Final = 100
QUERY_MAX: Final = 100
#: How many of a tag's newest posts compete for its top.
TOP_WINDOW: Final = 2_000

DRAFTS_MAX: Final = 100
SCHEDULED_MAX: Final = 100
SCHEDULE_AHEAD: Final = timedelta(days=365)
BIN_KEPT: Final = timedelta(days=30)

COLLECTIONS_MAX: Final = 100
COLLECTION_POSTS_MAX: Final = 1_000
COLLECTION_NAME_MAX: Final = 50

POST_LIMIT: Final = Limit("post", 60, HOUR)
# A draft saves itself every few seconds while somebody writes.
EDIT_LIMIT: Final = Limit("post_edit", 1_200, HOUR)
LIKE_LIMIT: Final = Limit("like", 600, HOUR)
SEARCH_LIMIT: Final = Limit("search", 600, HOUR)
PLACE_LIMIT: Final = Limit("place", 30, HOUR)
COLLECTION_LIMIT: Final = Limit("collection", 60, HOUR)
TAG_FOLLOW_LIMIT: Final = Limit("tag_follow", 300, HOUR)


class Audience(IntegerChoices):
    """Who may see a post, from the widest to the narrowest.

    The order is the rule: somebody sees what is at most their level towards the author.
    """

    PUBLIC = 0, "public"
    FOLLOWERS = 1, "followers"
    CLOSE_FRIENDS = 2, "close_friends"
    ONLY_ME = 3, "only_me"


class PostState(TextChoices):
    """Where a post stands; all but the published ones are their author's alone."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    DELETED = "deleted"
    #: Taken away by a moderator, who can put it back.
    HIDDEN = "hidden"


#: What is not out and its author still works with; the bin is apart.
OWN_STATES: Final = (PostState.DRAFT, PostState.SCHEDULED, PostState.ARCHIVED)
#: What a new post may be, and what one that is not out may be made.
NEW_STATES: Final = (PostState.PUBLISHED, PostState.DRAFT, PostState.SCHEDULED)
PLAN_STATES: Final = (PostState.DRAFT, PostState.SCHEDULED)


class CommentsPolicy(TextChoices):
    """Who may comment on a post."""

    EVERYONE = "everyone"
    FOLLOWERS = "followers"
    FOLLOWED = "followed"
    NOBODY = "nobody"


class PeopleTagState(TextChoices):
    """Where a tag of a person stands."""

    #: Seen by the author and the person until the person agrees.
    PENDING = "pending"
    SHOWN = "shown"
    #: Taken away by the person.
    REMOVED = "removed"


#: The states that the API speaks of: what was removed is not there.
TAG_STATES: Final = (PeopleTagState.SHOWN, PeopleTagState.PENDING)


class TagSort(TextChoices):
    """The order of a tag's page."""

    RECENT = "recent"
    TOP = "top"

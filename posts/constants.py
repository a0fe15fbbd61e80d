"""Limits, choices and codes of the app; API.md section 5 names the numbers."""

from typing import Final

from django.db.models import IntegerChoices, TextChoices

from core.limits import HOUR, Limit

CAPTION_MAX: Final = 2_200
MEDIA_MAX: Final = 20
SHORTCODE_LENGTH: Final = 11
PINNED_MAX: Final = 3

POST_LIMIT: Final = Limit("post", 60, HOUR)
LIKE_LIMIT: Final = Limit("like", 600, HOUR)


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


class CommentsPolicy(TextChoices):
    """Who may comment on a post."""

    EVERYONE = "everyone"
    FOLLOWERS = "followers"
    FOLLOWED = "followed"
    NOBODY = "nobody"

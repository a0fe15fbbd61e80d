"""Kinds of notifications and limits of the app."""

from typing import Final

from django.db.models import TextChoices

# How many actors are named in an answer; the rest are a number.
ACTORS_SHOWN: Final = 3
# A badge stops counting here; clients write "99+".
COUNT_MAX: Final = 100
EXCERPT_MAX: Final = 140
GROUP_KEY_MAX: Final = 40


class NotificationType(TextChoices):
    """What somebody is told."""

    FOLLOW = "follow"
    FOLLOW_REQUEST = "follow_request"
    FOLLOW_ACCEPTED = "follow_accepted"
    POST_LIKE = "post_like"
    MENTION = "mention"
    PEOPLE_TAG = "people_tag"
    COMMENT = "comment"
    COMMENT_REPLY = "comment_reply"
    COMMENT_MENTION = "comment_mention"
    COMMENT_LIKE = "comment_like"


class TargetKind(TextChoices):
    """What a notification leads to."""

    USER = "user"
    POST = "post"
    COMMENT = "comment"

"""Limits and choices of the app; API.md section 5 names the numbers."""

from typing import Final

from django.db.models import TextChoices

from core.limits import HOUR, Limit

BODY_MAX: Final = 2_200
# How many of the newest replies stand under a root in the list.
REPLIES_SHOWN: Final = 2
# Deleted comments stay this long for those who look into a report.
DELETED_KEPT_DAYS: Final = 30
# How many comments the author of a post may keep on top.
PINNED_MAX: Final = 3

COMMENT_LIMIT: Final = Limit("comment", 120, HOUR)


class CommentState(TextChoices):
    """Where a comment stands; only visible ones are counted and shown."""

    VISIBLE = "visible"
    #: By somebody whom the post's author restricts: only these two see it until it is approved.
    PENDING = "pending"
    DELETED = "deleted"
    #: Taken away by a moderator, who can put it back.
    HIDDEN = "hidden"
    #: Its author's account, or that of its thread, is not shown at the moment.
    AWAY = "away"


#: What anybody at all can read.
LISTED_STATES: Final = (CommentState.VISIBLE, CommentState.PENDING)


class CommentSort(TextChoices):
    """The orders of a post's comments."""

    NEWEST = "newest"
    TOP = "top"

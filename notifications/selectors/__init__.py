"""All reads of the app, each from what the viewer may see."""

from notifications.selectors.counts import badges_of, follow_request_count, unread_count
from notifications.selectors.facts import (
    Fact,
    fact_holds,
    fact_of_comment,
    fact_of_comment_like,
    fact_of_reply,
    facts_of_named,
    facts_of_people,
)
from notifications.selectors.lists import (
    Position,
    notification_row_for,
    notification_rows,
    notification_shape_for,
    notification_shapes,
)

__all__ = [
    "Fact",
    "Position",
    "badges_of",
    "fact_holds",
    "fact_of_comment",
    "fact_of_comment_like",
    "fact_of_reply",
    "facts_of_named",
    "facts_of_people",
    "follow_request_count",
    "notification_row_for",
    "notification_rows",
    "notification_shape_for",
    "notification_shapes",
    "unread_count",
]

"""All reads of the app; what the viewer may not see is not found."""

from messaging.selectors.conversations import (
    conversation_for,
    conversation_shapes,
    inbox_rows,
    member_for,
    member_ids_for,
)
from messaging.selectors.inboxes import (
    Changed,
    changed_since,
    inbox_version,
    unread_conversations,
    unread_requests,
)
from messaging.selectors.messages import Changes, History, Span, changes, history
from messaging.selectors.people import people_for
from messaging.selectors.sessions import live_epochs

__all__ = [
    "Changed",
    "Changes",
    "History",
    "Span",
    "changed_since",
    "changes",
    "conversation_for",
    "conversation_shapes",
    "history",
    "inbox_rows",
    "inbox_version",
    "live_epochs",
    "member_for",
    "member_ids_for",
    "people_for",
    "unread_conversations",
    "unread_requests",
]

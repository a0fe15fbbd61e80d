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
    inbox_versions,
    unread_conversations,
    unread_requests,
)
from messaging.selectors.messages import Changes, History, Span, changes, history
from messaging.selectors.people import people_for, summaries_of
from messaging.selectors.presence import (
    presence_for,
    presence_seen_by,
    presence_shown,
    typing_audience,
)
from messaging.selectors.sessions import ended_sessions

__all__ = [
    "Changed",
    "Changes",
    "History",
    "Span",
    "changed_since",
    "changes",
    "conversation_for",
    "conversation_shapes",
    "ended_sessions",
    "history",
    "inbox_rows",
    "inbox_version",
    "inbox_versions",
    "member_for",
    "member_ids_for",
    "people_for",
    "presence_for",
    "presence_seen_by",
    "presence_shown",
    "summaries_of",
    "typing_audience",
    "unread_conversations",
    "unread_requests",
]

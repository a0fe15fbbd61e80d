"""All reads of the app, each from what the viewer may see."""

from accounts.selectors.names import (
    is_username_free,
    is_username_frozen,
    looks_like_another,
)
from accounts.selectors.people import (
    follow_requests,
    followers,
    following,
    is_open_to,
    media_in_avatars,
    mutuals,
    my_account,
    people_set,
    relationship_of,
    relationships_of,
    user_for,
    user_named,
    user_to_block,
)
from accounts.selectors.preferences import hidden_words, markers_of, muted_tags
from accounts.selectors.reports import any_user, my_reports, reported_user, user_snapshot
from accounts.selectors.restricting import is_restricted, restricted_by, restricting
from accounts.selectors.security import my_consents, my_sessions, my_tokens, second_factor_of
from accounts.selectors.sessions import SessionCheck, session_check
from accounts.selectors.suggestions import Suggestion, suggestions

__all__ = [
    "SessionCheck",
    "Suggestion",
    "any_user",
    "follow_requests",
    "followers",
    "following",
    "hidden_words",
    "is_open_to",
    "is_restricted",
    "is_username_free",
    "is_username_frozen",
    "looks_like_another",
    "markers_of",
    "media_in_avatars",
    "muted_tags",
    "mutuals",
    "my_account",
    "my_consents",
    "my_reports",
    "my_sessions",
    "my_tokens",
    "people_set",
    "relationship_of",
    "relationships_of",
    "reported_user",
    "restricted_by",
    "restricting",
    "second_factor_of",
    "session_check",
    "suggestions",
    "user_for",
    "user_named",
    "user_snapshot",
    "user_to_block",
]

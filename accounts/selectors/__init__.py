"""All reads of the app, each from what the viewer may see."""

from accounts.selectors.people import (
    follow_requests,
    followers,
    following,
    is_open_to,
    is_username_free,
    media_in_avatars,
    my_account,
    people_blocked,
    relationship_of,
    user_for,
    user_named,
    user_to_block,
)
from accounts.selectors.security import my_sessions, my_tokens, second_factor_of
from accounts.selectors.sessions import SessionCheck, session_check

__all__ = [
    "SessionCheck",
    "follow_requests",
    "followers",
    "following",
    "is_open_to",
    "is_username_free",
    "media_in_avatars",
    "my_account",
    "my_sessions",
    "my_tokens",
    "people_blocked",
    "relationship_of",
    "second_factor_of",
    "session_check",
    "user_for",
    "user_named",
    "user_to_block",
]

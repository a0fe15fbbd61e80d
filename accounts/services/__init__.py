"""All writes of the app: one function, one act, one transaction."""

from accounts.services.blocks import block_create, block_end
from accounts.services.follows import (
    follow_create,
    follow_end,
    follow_request_accept,
    follow_request_decline,
)
from accounts.services.profiles import avatar_remove, avatar_set, profile_update
from accounts.services.registration import password_check, user_register, username_check
from accounts.services.sessions import (
    Device,
    SignedIn,
    session_end,
    session_end_by_refresh,
    session_login,
    session_refresh,
    session_start,
    sessions_end_all,
)
from accounts.services.tickets import SocketPass, ws_ticket_issue, ws_ticket_redeem
from accounts.services.tokens import (
    AccessClaims,
    access_token_issue,
    access_token_read,
    refresh_token_for,
    token_expired,
)

__all__ = [
    "AccessClaims",
    "Device",
    "SignedIn",
    "SocketPass",
    "access_token_issue",
    "access_token_read",
    "avatar_remove",
    "avatar_set",
    "block_create",
    "block_end",
    "follow_create",
    "follow_end",
    "follow_request_accept",
    "follow_request_decline",
    "password_check",
    "profile_update",
    "refresh_token_for",
    "session_end",
    "session_end_by_refresh",
    "session_login",
    "session_refresh",
    "session_start",
    "sessions_end_all",
    "token_expired",
    "user_register",
    "username_check",
    "ws_ticket_issue",
    "ws_ticket_redeem",
]

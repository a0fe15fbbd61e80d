"""All writes of the app: one function, one act, one transaction."""

from accounts.services.addresses import (
    email_change_ask,
    email_resend,
    email_verification_ask,
    email_verify,
    email_verify_by_code,
)
from accounts.services.blocks import block_create, block_end
from accounts.services.follows import (
    follow_create,
    follow_end,
    follow_request_accept,
    follow_request_decline,
)
from accounts.services.passwords import (
    password_change,
    password_check,
    password_confirm,
    password_forgot,
    password_reset,
)
from accounts.services.profiles import avatar_remove, avatar_set, profile_update
from accounts.services.proofs import proof_issue, proof_of
from accounts.services.registration import user_register, username_check
from accounts.services.sessions import (
    Device,
    SignedIn,
    session_end,
    session_end_by_refresh,
    session_login,
    session_refresh,
    session_start,
    sessions_end_all,
    sessions_end_others,
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
    "email_change_ask",
    "email_resend",
    "email_verification_ask",
    "email_verify",
    "email_verify_by_code",
    "follow_create",
    "follow_end",
    "follow_request_accept",
    "follow_request_decline",
    "password_change",
    "password_check",
    "password_confirm",
    "password_forgot",
    "password_reset",
    "profile_update",
    "proof_issue",
    "proof_of",
    "refresh_token_for",
    "session_end",
    "session_end_by_refresh",
    "session_login",
    "session_refresh",
    "session_start",
    "sessions_end_all",
    "sessions_end_others",
    "token_expired",
    "user_register",
    "username_check",
    "ws_ticket_issue",
    "ws_ticket_redeem",
]

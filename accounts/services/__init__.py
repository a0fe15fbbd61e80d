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
from accounts.services.personal_tokens import (
    NewToken,
    personal_token_create,
    personal_token_end,
    personal_token_used,
)
from accounts.services.profiles import avatar_remove, avatar_set, profile_update, settings_update
from accounts.services.proofs import proof_issue, proof_of
from accounts.services.registration import user_register, username_check
from accounts.services.relations import (
    follower_remove,
    relation_end,
    relation_set,
    suggestion_dismiss,
)
from accounts.services.second_factor import (
    TotpSetUp,
    has_second_factor,
    recovery_codes_renew,
    second_factor_check,
    totp_begin,
    totp_confirm,
    totp_remove,
)
from accounts.services.sessions import (
    Device,
    SecondFactorNeeded,
    SignedIn,
    password_login,
    session_end,
    session_end_by_refresh,
    session_login,
    session_login_second,
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
    "NewToken",
    "SecondFactorNeeded",
    "SignedIn",
    "SocketPass",
    "TotpSetUp",
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
    "follower_remove",
    "has_second_factor",
    "password_change",
    "password_check",
    "password_confirm",
    "password_forgot",
    "password_login",
    "password_reset",
    "personal_token_create",
    "personal_token_end",
    "personal_token_used",
    "profile_update",
    "proof_issue",
    "proof_of",
    "recovery_codes_renew",
    "refresh_token_for",
    "relation_end",
    "relation_set",
    "second_factor_check",
    "session_end",
    "session_end_by_refresh",
    "session_login",
    "session_login_second",
    "session_refresh",
    "session_start",
    "sessions_end_all",
    "sessions_end_others",
    "settings_update",
    "suggestion_dismiss",
    "token_expired",
    "totp_begin",
    "totp_confirm",
    "totp_remove",
    "user_register",
    "username_check",
    "ws_ticket_issue",
    "ws_ticket_redeem",
]

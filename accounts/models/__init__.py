"""The rows of the app."""

from accounts.models.lifecycle import Consent, ErasedAccount, FormerUsername, Invite
from accounts.models.moderation import (
    Appeal,
    BlockRule,
    ContactMessage,
    ModerationAction,
    ModerationNote,
    Report,
)
from accounts.models.preferences import ContentFilter, Marker
from accounts.models.relations import (
    DismissedSuggestion,
    Follow,
    FollowQuerySet,
    Relation,
    blocks_between,
)
from accounts.models.sessions import (
    OneTimeToken,
    PersonalToken,
    RecoveryCode,
    Session,
    TotpDevice,
)
from accounts.models.users import (
    SHOWN_STATES,
    SIGNED_IN_STATES,
    User,
    UserManager,
    UserQuerySet,
    skeleton_of,
)

__all__ = [
    "SHOWN_STATES",
    "SIGNED_IN_STATES",
    "Appeal",
    "BlockRule",
    "Consent",
    "ContactMessage",
    "ContentFilter",
    "DismissedSuggestion",
    "ErasedAccount",
    "Follow",
    "FollowQuerySet",
    "FormerUsername",
    "Invite",
    "Marker",
    "ModerationAction",
    "ModerationNote",
    "OneTimeToken",
    "PersonalToken",
    "RecoveryCode",
    "Relation",
    "Report",
    "Session",
    "TotpDevice",
    "User",
    "UserManager",
    "UserQuerySet",
    "blocks_between",
    "skeleton_of",
]

"""Limits, choices and codes of the app; API.md section 5 names the numbers."""

from datetime import timedelta

from django.db.models import TextChoices

from core.limits import HOUR, MINUTE, Limit

USERNAME_MIN, USERNAME_MAX = 3, 30
USERNAME_PATTERN = r"^[a-z0-9._]{3,30}$"
PASSWORD_MIN, PASSWORD_MAX = 8, 128
DISPLAY_NAME_MAX = 50
BIO_MAX = 500
PRONOUNS_MAX = 30
LINKS_MAX, LINK_MAX = 5, 200
USER_AGENT_MAX = 200
TOKEN_NAME_MAX = 60
#: The name of a document that people agree to, and its version.
DOCUMENT_PART_MAX = 20
REPORT_TEXT_MAX, REASON_MAX = 2000, 500
CONTACT_NAME_MAX, CONTACT_SUBJECT_MAX, CONTACT_MESSAGE_MAX = 100, 150, 5000

#: What people may choose, as it is until they do.
SETTINGS: dict[str, bool] = {
    "activity_status": True,
    "hide_follow_lists": False,
    "suggest_me": True,
    "approve_tags": False,
}
SUGGESTION_REASONS = ("mutuals", "popular")
MUTE_SCOPES = ("messages", "posts", "stories")
RELATIONSHIPS_MAX = 100
HIDDEN_WORDS_MAX, HIDDEN_WORD_MAX = 200, 50
MUTED_TAGS_MAX, MUTED_TAG_MAX = 200, 100
# Their home feed is read in another way (docs/adr/0010); access tokens carry whether it is more.
FOLLOWS_MANY = 200

SESSION_LIFETIME = timedelta(days=30)
REFRESH_GRACE = timedelta(seconds=10)
EPOCH_CACHE_S = 5
TICKET_LIFETIME_S = 30
PROOF_LIFETIME = timedelta(hours=1)
CODE_DIGITS, CODE_TRIES = 6, 10
DELETE_GRACE = timedelta(days=30)
USERNAME_FREEZE = timedelta(days=30)
UNVERIFIED_LIFETIME = timedelta(days=7)

# Of one account from one address, so that nobody can lock its owner out; the third is for all places
# together where the account has no session.
LOGIN_PER_ACCOUNT = Limit("login_account", 10, 15 * MINUTE)
LOGIN_PER_ADDRESS = Limit("login_address", 30, 15 * MINUTE)
LOGIN_BY_STRANGERS = Limit("login_strangers", 100, 15 * MINUTE)
REGISTER_LIMIT = Limit("register", 5, HOUR)
REFRESH_LIMIT = Limit("refresh", 600, HOUR)
FOLLOW_LIMIT = Limit("follow", 120, HOUR)
TICKET_LIMIT = Limit("ticket", 30, 10 * MINUTE)
MFA_LIFETIME_S = 300
RECOVERY_CODES = 10
TOKEN_SCOPES = ("read", "write", "messages", "admin")
TOKEN_DAYS = (7, 30, 90, 365)
TOKENS_MAX = 50
MFA_PER_ACCOUNT = Limit("mfa_account", 10, 15 * MINUTE)
PROOF_LIMIT = Limit("proof", 20, HOUR)
PASSWORD_CHECKS = Limit("password_check", 10, 15 * MINUTE)
FORGOT_PER_ADDRESS = Limit("forgot", 10, HOUR)
RELATION_LIMIT = Limit("relation", 240, HOUR)
REPORT_LIMIT = Limit("report", 20, HOUR)
APPEAL_LIMIT = Limit("appeal", 10, HOUR)
CONTACT_LIMIT = Limit("contact", 5, HOUR)
USERNAME_CHANGES = Limit("username", 3, 24 * HOUR)
AVAILABLE_LIMIT = Limit("username_available", 120, HOUR)
AVATAR_LIMIT = Limit("avatar", 30, HOUR)

# Parts of usernames that look like others.
CONFUSABLE = {"0": "o", "1": "l", "rn": "m", "vv": "w"}

# Names that are routes of the client or that would pass for the operator.
RESERVED_USERNAMES = frozenset(
    [
        "about",
        "account",
        "accounts",
        "admin",
        "administrator",
        "api",
        "appeal",
        "archive",
        "assets",
        "auth",
        "blog",
        "contact",
        "create",
        "direct",
        "docs",
        "everyone",
        "explore",
        "feed",
        "healthz",
        "help",
        "home",
        "instance",
        "jyoti",
        "legal",
        "login",
        "logout",
        "mail",
        "me",
        "media",
        "messages",
        "moderator",
        "news",
        "notifications",
        "null",
        "official",
        "p",
        "post",
        "posts",
        "privacy",
        "profile",
        "readyz",
        "register",
        "reset",
        "root",
        "rules",
        "saved",
        "search",
        "security",
        "settings",
        "signup",
        "staff",
        "static",
        "status",
        "stories",
        "support",
        "system",
        "tag",
        "tags",
        "terms",
        "undefined",
        "user",
        "users",
        "verify",
        "welcome",
        "ws",
        "www",
    ]
)


class Role(TextChoices):
    """What somebody may do beyond their own things."""

    USER = "user"
    MODERATOR = "moderator"
    ADMIN = "admin"


class UserState(TextChoices):
    """Where an account stands."""

    ACTIVE = "active"
    DEACTIVATED = "deactivated"
    LIMITED = "limited"
    SUSPENDED = "suspended"
    DELETING = "deleting"


class FollowState(TextChoices):
    """A follow of a private account is a request until it is accepted."""

    REQUESTED = "requested"
    ACTIVE = "active"


class RelationKind(TextChoices):
    """What one person has set about another."""

    BLOCK = "block"
    MUTE = "mute"
    RESTRICT = "restrict"
    CLOSE_FRIEND = "close_friend"


class Timeline(TextChoices):
    """A list whose place is kept."""

    HOME = "home"


class ClientKind(TextChoices):
    """How a client keeps what signs it in: in a cookie, or by itself."""

    BROWSER = "browser"
    NATIVE = "native"
    #: A personal token: it has no refresh token at all.
    TOKEN = "token"  # noqa: S105 - a kind, no secret


class Purpose(TextChoices):
    """What a one-time token is good for."""

    VERIFY_EMAIL = "verify_email"
    CHANGE_EMAIL = "change_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a name, no password


class ReportReason(TextChoices):
    """Why something should not be here."""

    SPAM = "spam"
    NUDITY = "nudity"
    HATE = "hate"
    HARASSMENT = "harassment"
    VIOLENCE = "violence"
    SELF_HARM = "self_harm"
    IMPERSONATION = "impersonation"
    COPYRIGHT = "copyright"
    ILLEGAL = "illegal"
    OTHER = "other"


class ReportState(TextChoices):
    """Where a report stands; its reporter sees this."""

    OPEN = "open"
    ACTED = "acted"
    DISMISSED = "dismissed"


class ModerationAct(TextChoices):
    """What a moderator can do."""

    WARN = "warn"
    LIMIT = "limit"
    SUSPEND = "suspend"
    RESTORE = "restore"
    HIDE = "hide"
    SHOW = "show"
    DELETE = "delete"
    DISMISS = "dismiss"
    READ_MESSAGES = "read_messages"


class AppealState(TextChoices):
    """What became of an objection."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


class RuleKind(TextChoices):
    """What a rule compares."""

    WORD = "word"
    ADDRESS = "address"
    MAIL_DOMAIN = "mail_domain"
    PICTURE = "picture"

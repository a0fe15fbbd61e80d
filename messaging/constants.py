"""Limits, choices and codes of the app; API.md sections 4 and 5 name the numbers."""

from django.db.models import TextChoices

from core.limits import HOUR, Limit

BODY_MAX = 4000
TITLE_MAX = 100
GROUP_MAX = 32
QUERY_MAX = 100
HISTORY_DEFAULT, HISTORY_MAX = 50, 200
CHANGES_DEFAULT, CHANGES_MAX = 100, 500
# More than this many changed conversations come in several answers.
CHANGED_MAX = 500

FRAME_BYTES_MAX = 16 * 1024
COMMAND_ID_MAX = 64
COMMANDS_PER_S, COMMANDS_BURST = 10, 30
SOCKETS_MAX = 10
HEARTBEAT_S = 25
SILENCE_S = 60
EXPIRY_WARNING_S = 60
TYPING_EVERY_S = 3
PRESENCE_MAX = 100
# Clients of a server that restarts come back at a moment of their own within so many seconds.
RESTART_SPREAD_S = 5
SUBPROTOCOL = "jyoti.v1"

# What an admin who breaks the glass gets to see, and the least they have to say about why.
BREAK_GLASS_MESSAGES, BREAK_GLASS_REASON_MIN = 200, 20

CONVERSATIONS_LIMIT = Limit("conversations", 120, HOUR)
MESSAGES_LIMIT = Limit("messages", 3600, HOUR)


class ConversationKind(TextChoices):
    """Two people, or more with a title."""

    DIRECT = "direct"
    GROUP = "group"


class MemberRole(TextChoices):
    """Who may change a group."""

    MEMBER = "member"
    ADMIN = "admin"


class Folder(TextChoices):
    """Where a member finds the conversation."""

    PRIMARY = "primary"
    REQUESTS = "requests"


class MessageKind(TextChoices):
    """What a message is; `hidden` stands for one that the viewer may not see."""

    TEXT = "text"
    MEDIA = "media"
    POST = "post"
    STORY = "story"
    EVENT = "event"
    HIDDEN = "hidden"


class CloseCode:
    """Why the server closed a socket (API.md section 4)."""

    RESTARTING = 1012
    BAD_FRAME = 4400
    UNAUTHENTICATED = 4401
    SUSPENDED = 4403
    SILENT_OR_SLOW = 4408
    TOO_MANY_SOCKETS = 4409
    TOO_LARGE = 4413
    TOO_FAST = 4429

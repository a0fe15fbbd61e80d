"""All writes of the app: one function, one act, one transaction."""

from messaging.services.announcing import announcements
from messaging.services.batcher import Batcher
from messaging.services.blocks import conversation_follow_block
from messaging.services.conversations import Opened, conversation_open
from messaging.services.erasing import messages_erase
from messaging.services.reads import conversation_read
from messaging.services.requests import conversation_follow_restriction
from messaging.services.sending import Sent, attachments_check, message_draft, message_send
from messaging.services.writing import Draft, Outcome, Written

__all__ = [
    "Batcher",
    "Draft",
    "Opened",
    "Outcome",
    "Sent",
    "Written",
    "announcements",
    "attachments_check",
    "conversation_follow_block",
    "conversation_follow_restriction",
    "conversation_open",
    "conversation_read",
    "message_draft",
    "message_send",
    "messages_erase",
]

"""Mail: deferred with the transaction that caused it, sent by a job through one of four backends."""

from core.mail.errors import MailRefusedError
from core.mail.letters import PER_RECIPIENT, Mail, send

__all__ = ["PER_RECIPIENT", "Mail", "MailRefusedError", "send"]

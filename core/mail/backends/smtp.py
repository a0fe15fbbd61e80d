"""smtp:// (STARTTLS) and smtps://, by Django's own backend."""

import smtplib
from collections.abc import Sequence
from typing import Any

from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import EmailMessage

from core.mail.errors import MailDelayedError, MailRefusedError
from core.mail.letters import KEY_HEADER

FOR_GOOD = 500


class SmtpBackend(EmailBackend):
    """Says which refusals are final: 5xx to the recipient, the sender or the text (RFC 5321)."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send; raises MailRefusedError or MailDelayedError."""
        for message in email_messages:
            message.extra_headers.pop(KEY_HEADER, None)
        try:
            return super().send_messages(email_messages) or 0
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise _verdict(code, text) from error
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            raise _verdict(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailDelayedError(str(error)) from error


def _verdict(code: int, text: Any) -> Exception:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    kind = MailRefusedError if code >= FOR_GOOD else MailDelayedError
    return kind(f"{code} {words}")

"""resend://key, by the provider's SDK (https://resend.com/docs/api-reference/emails/send-email)."""

from collections.abc import Sequence
from typing import Any

import resend
from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from resend.exceptions import ResendError
from resend.http_client_requests import RequestsClient

from core.mail.errors import MailDelayedError, MailRefusedError
from core.mail.letters import KEY_HEADER

# Everything else of theirs may pass: limits, quotas, a key that is being changed, faults.
FOR_GOOD = frozenset({"400", "422"})


class ResendBackend(BaseEmailBackend):
    """One call a mail; the key makes a second try after a lost answer harmless for 24 hours."""

    def __init__(self, *, key: str, endpoint: str = "", fail_silently: bool = False) -> None:
        super().__init__(fail_silently=fail_silently)
        resend.api_key = key
        resend.api_url = endpoint or "https://api.resend.com"
        resend.default_http_client = RequestsClient(timeout=settings.EMAIL_TIMEOUT)

    def send_messages(self, messages: Sequence[Any]) -> int:
        """Send; raises MailRefusedError or MailDelayedError."""
        for message in messages:
            self._send(message)
        return len(messages)

    def _send(self, message: Any) -> None:
        headers = dict(message.extra_headers)
        key = headers.pop(KEY_HEADER)
        try:
            resend.Emails.send(_form(message, headers), {"idempotency_key": key})
        except ResendError as error:
            kind = MailRefusedError if str(error.code) in FOR_GOOD else MailDelayedError
            raise kind(f"{error.code} {error}") from error


def _form(message: Any, headers: dict[str, str]) -> resend.Emails.SendParams:
    form: resend.Emails.SendParams = {
        "from": message.from_email,
        "to": list(message.to),
        "subject": message.subject,
        "text": message.body,
        "html": message.alternatives[0].content,
        "headers": headers,
    }
    if message.reply_to:
        form["reply_to"] = list(message.reply_to)
    return form

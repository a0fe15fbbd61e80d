"""console://: nothing leaves a laptop. The whole mail is kept, and a line says where."""

import logging
import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

log = logging.getLogger(__name__)


class ArchiveBackend(BaseEmailBackend):
    """Writes each mail into MAIL_ARCHIVE as an .eml file."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        """Keep all of them."""
        settings.MAIL_ARCHIVE.mkdir(parents=True, exist_ok=True)
        for message in messages:
            self._keep(message)
        return len(messages)

    def _keep(self, message: Any) -> None:
        path = settings.MAIL_ARCHIVE / f"{uuid.uuid4().hex}.eml"
        path.write_bytes(message.message().as_bytes())
        log.info("mail kept: %s", path, extra={"subject": message.subject})

"""ses://region, by the AWS SDK; who may send is the instance's role."""

from collections.abc import Sequence
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

from core.mail.errors import MailDelayedError, MailRefusedError
from core.mail.letters import KEY_HEADER

# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html: what no second try mends.
FOR_GOOD = frozenset({"MessageRejected", "BadRequestException", "NotFoundException"})


class SesBackend(BaseEmailBackend):
    """The whole message goes as it is. SES knows no key: a lost answer may cost one copy more."""

    def __init__(self, *, region: str, endpoint: str = "", fail_silently: bool = False) -> None:
        super().__init__(fail_silently=fail_silently)
        config = Config(
            connect_timeout=5,
            read_timeout=settings.EMAIL_TIMEOUT,
            retries={"total_max_attempts": 1},
        )
        self._client = boto3.client(
            "sesv2", region_name=region, endpoint_url=endpoint or None, config=config
        )

    def send_messages(self, messages: Sequence[Any]) -> int:
        """Send; raises MailRefusedError or MailDelayedError."""
        for message in messages:
            self._send(message)
        return len(messages)

    def _send(self, message: Any) -> None:
        message.extra_headers.pop(KEY_HEADER, None)
        try:
            answer = self._client.send_email(
                FromEmailAddress=message.from_email,
                Destination={"ToAddresses": list(message.to)},
                Content={"Raw": {"Data": message.message().as_bytes(linesep="\r\n")}},
            )
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            kind = MailRefusedError if code in FOR_GOOD else MailDelayedError
            raise kind(f"{code} {error}") from error
        except BotoCoreError as error:
            raise MailDelayedError(str(error)) from error
        # The SDK takes any 200 for a success, also the page of a proxy.
        if not answer.get("MessageId"):
            raise MailDelayedError("the answer holds no MessageId")

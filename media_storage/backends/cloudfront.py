"""Tell CloudFront to forget what it keeps of a key."""

import functools
import logging
import uuid
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from media_storage.backends.base import StoreUnavailableError

log = logging.getLogger(__name__)


class CloudFront:
    """The distribution that answers for one host name."""

    def __init__(
        self,
        host: str,
        *,
        endpoint: str | None = None,
        access: tuple[str, str] | None = None,
    ) -> None:
        self.host = host
        self._endpoint = endpoint
        self._access = access or (None, None)

    def forget(self, key: str) -> None:
        """Remove all files of the key from the edge; takes a minute there.

        Of many at once CloudFront refuses some: these the edge forgets by itself, for its cache
        policy keeps nothing for more than four minutes without asking the bucket. Raises
        StoreUnavailableError.
        """
        paths = {"Quantity": 1, "Items": [f"/media/{key}/*"]}
        batch = {"Paths": paths, "CallerReference": uuid.uuid4().hex}
        try:
            self._client.create_invalidation(
                DistributionId=self._distribution, InvalidationBatch=batch
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "TooManyInvalidationsInProgress":
                log.warning("no invalidation", extra={"why": str(error)})
                raise StoreUnavailableError from error
            log.info("invalidation left to the cache's own end", extra={"key": key})
        except BotoCoreError as error:
            raise StoreUnavailableError from error

    @functools.cached_property
    def _client(self) -> Any:
        config = Config(
            connect_timeout=3,
            read_timeout=20,
            retries={"mode": "standard", "total_max_attempts": 3},
        )
        # CloudFront is one for the world and answers in this region.
        return boto3.client(
            "cloudfront",
            region_name="us-east-1",
            endpoint_url=self._endpoint,
            aws_access_key_id=self._access[0],
            aws_secret_access_key=self._access[1],
            config=config,
        )

    @functools.cached_property
    def _distribution(self) -> str:
        """Its id, by the name that people open. Raises StoreUnavailableError."""
        pages = self._client.get_paginator("list_distributions").paginate()
        for page in pages:
            for one in page["DistributionList"].get("Items", ()):
                if self.host in one.get("Aliases", {}).get("Items", ()):
                    return str(one["Id"])
        log.error("no CloudFront distribution answers for this host", extra={"host": self.host})
        raise StoreUnavailableError

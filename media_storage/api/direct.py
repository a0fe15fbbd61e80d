"""Direct uploads: leave for a file, the file itself where it comes through us, and its end."""

from typing import Any, cast

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Access, ApiView, validated
from core.api.parsers import parse_object
from core.api.serializers import Empty
from core.errors import BadInputError, NotFoundError, UnauthenticatedError
from core.limits import HOUR, Limit
from media_storage.api.parsers import RawParser, WholeBodyParser
from media_storage.api.serializers import UploadCreateForm
from media_storage.backends.storage import media_storage
from media_storage.constants import UPLOADS_PER_HOUR
from media_storage.models import Media
from media_storage.services import (
    upload_arrived,
    upload_form,
    upload_keep,
    upload_prepare,
    upload_receive,
    upload_start,
)
from media_storage.shapes import MediaSerializer, media_shape
from media_storage.shapes.addresses import is_direct_address
from media_storage.shapes.uploads import UploadSerializer, upload_shape


class UploadCreateApi(ApiView):
    """Ask for leave."""

    access = Access.VERIFIED
    limits = {"POST": Limit("media_direct", UPLOADS_PER_HOUR, HOUR)}
    idempotent = frozenset({"POST"})

    @extend_schema(request=UploadCreateForm, responses={201: UploadSerializer})
    def post(self, request: Request) -> Response:
        """Leave to send one file of exactly this type and size to the store, for an hour.

        Its addresses end after 5 minutes; GET gives new ones. 400 `empty_file`, 413
        `file_too_large`, 415 `unsupported_type`, 422 `quota_exceeded` or `daily_limit_reached`.
        """
        form = validated(UploadCreateForm, request)
        upload, how = upload_start(
            owner_id=self.viewer.pk,
            content_type=form["content_type"],
            size=form["bytes"],
            alt_text=form.get("alt_text", ""),
        )
        return Response(upload_shape(upload, how), status=201)


class UploadDetailApi(ApiView):
    """One's own upload; anybody else's does not exist."""

    access = Access.VERIFIED

    @extend_schema(responses=UploadSerializer)
    def get(self, request: Request, upload_id: int) -> Response:
        """New addresses; of a file in parts, only of those that have not arrived.

        409 `upload_ended`, 422 `upload_expired`.
        """
        upload, how = upload_form(owner_id=self.viewer.pk, upload_id=upload_id)
        return Response(upload_shape(upload, how))


class UploadFileApi(ApiView):
    """The way through us, where the store takes nothing itself; its address is all it needs."""

    access = Access.PUBLIC
    parser_classes = [WholeBodyParser]

    @extend_schema(request={"*/*": OpenApiTypes.BINARY}, responses={204: None})
    def put(self, request: Request, upload_id: int) -> HttpResponse:
        """Send the file to the address that POST or GET gave. 404 when that has ended.

        409 `upload_ended`, 413 `file_too_large`, 422 `wrong_size` or `upload_expired`.
        """
        end, signature = (request.query_params.get(name, "") for name in ("e", "s"))
        if not is_direct_address(upload_id, end, signature):
            raise NotFoundError
        file = cast("dict[str, Any]", request.data).get("file")
        if file is None:
            raise BadInputError("The body is empty.", code="empty_file")
        with file:
            upload_receive(upload_id=upload_id, file=file, size=file.size)
        return Response(status=204)


class UploadCompleteApi(ApiView):
    """Say that the file is there."""

    access = Access.VERIFIED
    limits = {"POST": Limit("media_complete", UPLOADS_PER_HOUR, HOUR)}
    idempotent = frozenset({"POST"})

    def prepare(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Examine what arrived: seconds, for which no transaction shall wait."""
        validated(Empty, request)
        self.prepared = upload_prepare(owner_id=self.viewer.pk, upload_id=kwargs["upload_id"])

    @extend_schema(request=None, responses={201: MediaSerializer, 202: MediaSerializer})
    def post(self, request: Request, upload_id: int) -> Response:
        """Take in what arrived, as POST media does, with the same refusals; again gives the same.

        202 while it is still `processing`. 409 `upload_missing` before the file is there; 422
        `wrong_size`, `upload_expired`. 503 `store_unavailable`: what arrived is taken in as soon as
        the store answers; ask again.
        """
        media = upload_keep(owner_id=self.viewer.pk, upload_id=upload_id, prepared=self.prepared)
        status = 202 if media.state == Media.State.PROCESSING else 201
        return Response(media_shape(media, is_owner=True), status=status)


class CloudinaryWebhookApi(ApiView):
    """What Cloudinary tells: a file has arrived."""

    access = Access.PUBLIC
    parser_classes = [RawParser]

    @extend_schema(exclude=True)
    def post(self, request: Request) -> HttpResponse:
        """Start to take it in, so that it is not lost with the tab. 401 unless Cloudinary says so."""
        raw: bytes = cast("dict[str, Any]", request.data).get("raw", b"")
        timestamp = request.headers.get("X-Cld-Timestamp", "")
        signature = request.headers.get("X-Cld-Signature", "")
        if not media_storage().is_told_by(raw, timestamp=timestamp, signature=signature):
            raise UnauthenticatedError("This is not signed by the store.", code="bad_signature")
        key = _key(parse_object(raw))
        if key:
            upload_arrived(key=key)
        return Response(status=204)


def _key(told: dict[str, Any]) -> str:
    """The key of the file that came; empty for every other notification."""
    if told.get("notification_type") != "upload":
        return ""
    return str(told.get("public_id", "")).rpartition("/")[0].rpartition("/")[2]

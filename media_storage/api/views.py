"""Upload a picture or video; read, describe and remove one's own."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Access, ApiView, validated
from core.api.uploads import UploadParser
from core.limits import HOUR, Limit
from media_storage.api.serializers import MediaCreateForm, MediaUpdateForm
from media_storage.constants import UPLOADS_PER_HOUR, VIDEO_BYTES_MAX
from media_storage.models import Media
from media_storage.selectors import allowance_of, media_for
from media_storage.services import (
    media_delete,
    media_keep,
    media_most_bytes,
    media_prepare,
    media_update,
)
from media_storage.shapes import (
    AllowanceSerializer,
    MediaSerializer,
    media_shape,
)


class MediaParser(UploadParser):
    """One picture or video; how large it may be is told by its first bytes."""

    max_bytes = VIDEO_BYTES_MAX

    def most_bytes(self, head: bytes) -> int:
        """As `media_most_bytes`."""
        return media_most_bytes(head)


class MediaCreateApi(ApiView):
    """Upload."""

    access = Access.VERIFIED
    limits = {"POST": Limit("media_upload", UPLOADS_PER_HOUR, HOUR)}
    idempotent = frozenset({"POST"})
    parser_classes = [MediaParser]

    def prepare(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Examine and store the file: seconds, for which no transaction shall wait."""
        self.form = validated(MediaCreateForm, request)
        self.prepared = media_prepare(owner_id=self.viewer.pk, file=self.form["file"])

    @extend_schema(request=MediaCreateForm, responses={201: MediaSerializer, 202: MediaSerializer})
    def post(self, request: Request) -> Response:
        """Keep a picture (201) or a video (202), told apart by content, without metadata.

        Pictures are JPEG, PNG, WebP, GIF, AVIF or HEIC; videos MP4, QuickTime or WebM of 60
        seconds. A video is `processing` until the socket says `media.ready` or `media.failed` with
        the Media; nothing can show it before. A GIF, WebP or PNG that moves becomes a silent video
        of at most 60 seconds where `features.video` is true, elsewhere its first frame stands.

        A picture is `processing`, too, while the store does not answer: it is kept and brought there.

        It is nobody else's to see until something shows it. Refused files answer 400 `empty_file`;
        413 `file_too_large`; 415 `unsupported_type` or `video_unavailable`; 422
        `unreadable_picture`, `too_many_pixels`, `too_long_side`, `too_many_frames`,
        `too_many_scans`, `picture_too_complex`, `unreadable_video`, `video_too_long`,
        `video_too_large`, `video_too_complex`, `video_hdr_unsupported`, `quota_exceeded` or
        `daily_limit_reached`. 503 `busy` and 507 `storage_full` want a later try.
        """
        media = media_keep(self.prepared, alt_text=self.form.get("alt_text", ""))
        is_ready = media.state == Media.State.READY
        return Response(media_shape(media, is_owner=True), status=201 if is_ready else 202)


class MediaAllowanceApi(ApiView):
    """How much one may still keep here."""

    access = Access.USER

    @extend_schema(responses=AllowanceSerializer)
    def get(self, request: Request) -> Response:
        """Bytes of one's own files and files added in 24 hours, each with the most allowed."""
        return Response(allowance_of(owner_id=self.viewer.pk))


class MediaDetailApi(ApiView):
    """One's own picture; anybody else's does not exist."""

    access = Access.USER

    @extend_schema(responses=MediaSerializer)
    def get(self, request: Request, media_id: int) -> Response:
        """With fresh addresses, and that of the original."""
        media = media_for(owner_id=self.viewer.pk, media_id=media_id)
        return Response(media_shape(media, is_owner=True))

    @extend_schema(request=MediaUpdateForm, responses=MediaSerializer)
    def patch(self, request: Request, media_id: int) -> Response:
        """Change the text for people who cannot see it."""
        form = validated(MediaUpdateForm, request)
        media = media_update(media_id=media_id, owner_id=self.viewer.pk, alt_text=form["alt_text"])
        return Response(media_shape(media, is_owner=True))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, media_id: int) -> HttpResponse:
        """Remove it with its files, unless something shows it (409 `media_in_use`)."""
        media_delete(media_id=media_id, owner_id=self.viewer.pk)
        return Response(status=204)

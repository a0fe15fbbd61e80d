"""Upload a picture; read, describe and remove one's own."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Access, ApiView, validated
from core.api.uploads import UploadParser
from core.limits import HOUR, Limit
from media_storage.api.serializers import MediaCreateForm, MediaUpdateForm
from media_storage.constants import PICTURE_BYTES_MAX, UPLOADS_PER_HOUR
from media_storage.selectors import media_for
from media_storage.services import media_create, media_delete, media_update
from media_storage.shapes import MediaSerializer, media_shape


class PictureParser(UploadParser):
    """One picture."""

    max_bytes = PICTURE_BYTES_MAX


class MediaCreateApi(ApiView):
    """Upload."""

    access = Access.VERIFIED
    limits = {"POST": Limit("media_upload", UPLOADS_PER_HOUR, HOUR)}
    idempotent = frozenset({"POST"})
    parser_classes = [PictureParser]

    @extend_schema(request=MediaCreateForm, responses={201: MediaSerializer})
    def post(self, request: Request) -> Response:
        """Keep a JPEG, PNG, WebP or GIF (its first frame), told by content, without metadata.

        The picture is nobody else's to see until something shows it. Refused files answer 400
        `empty_file`; 413 `file_too_large`; 415 `unsupported_type`; 422 `unreadable_picture`,
        `too_many_pixels`, `too_long_side`, `too_many_frames`, `too_many_scans` or
        `picture_too_complex`. 503 `busy` and 507 `storage_full` want a later try.
        """
        form = validated(MediaCreateForm, request)
        media = media_create(
            owner_id=self.viewer.pk, file=form["file"], alt_text=form.get("alt_text", "")
        )
        return Response(media_shape(media, is_owner=True), status=201)


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

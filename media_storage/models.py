"""The one row behind each picture; the bytes are in the store under its keys."""

from typing import ClassVar, TypedDict

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from media_storage.constants import ALT_TEXT_MAX, BLURHASH_MAX


class StoredVariant(TypedDict):
    """One file of a picture as its row keeps it; sizes in pixels."""

    name: str
    width: int
    height: int
    type: str


class Media(models.Model):
    """A picture of one owner. The files of `key` may be served, those of `original_key` never.

    The first letter of a key says who may read it: `p` everybody, `s` holders of a signed
    address, `o` holders of one that was made for the owner. `is_public` is what was decided;
    until the files have moved, the letter of `key` still tells the old state.
    `variants` ascend by width; of one width WebP comes first.
    """

    class Kind(models.TextChoices):
        """What it is."""

        IMAGE = "image"
        VIDEO = "video"

    class State(models.TextChoices):
        """How far it is."""

        PROCESSING = "processing"
        READY = "ready"
        FAILED = "failed"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="media"
    )
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.IMAGE)
    state = models.CharField(max_length=12, choices=State, default=State.PROCESSING)
    key = models.CharField(max_length=40, unique=True)
    original_key = models.CharField(max_length=40, unique=True)
    original_type = models.CharField(max_length=40)
    sha256 = models.BinaryField(max_length=32)
    bytes = models.BigIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    duration_ms = models.PositiveIntegerField(null=True)
    blurhash = models.CharField(max_length=BLURHASH_MAX, blank=True)
    alt_text = models.CharField(max_length=ALT_TEXT_MAX, blank=True)
    variants: "models.JSONField[list[StoredVariant], list[StoredVariant]]" = models.JSONField(
        default=list
    )
    is_public = models.BooleanField(default=False)
    error_code = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    attached_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["image", "video"]), name="media_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["processing", "ready", "failed"]), name="media_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(width__gt=0, height__gt=0), name="media_ready_sized"
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(error_code=""), name="media_failure_named"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "-id"], name="media_of_owner"),
            # Orphan collection reads only what nothing uses.
            models.Index(
                F("created_at"), condition=Q(attached_at__isnull=True), name="media_unattached"
            ),
        ]
        verbose_name_plural = "media"

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class MediaUpload(models.Model):
    """A file that a client sends to the store itself: what was allowed, and what became of it.

    `token` is the store's name of an upload in parts. Of `media` and `error_code` at most one is
    set: the picture that it became, or why it was refused.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="media_uploads"
    )
    key = models.CharField(max_length=40, unique=True)
    content_type = models.CharField(max_length=40)
    bytes = models.BigIntegerField()
    alt_text = models.CharField(max_length=ALT_TEXT_MAX, blank=True)
    token = models.CharField(max_length=1024, blank=True)
    media = models.OneToOneField(Media, on_delete=models.CASCADE, null=True, related_name="upload")
    error_code = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(bytes__gt=0), name="media_upload_not_empty"),
            models.CheckConstraint(
                condition=Q(media=None) | Q(error_code=""), name="media_upload_one_end"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="media_upload_ends")]

    def __str__(self) -> str:
        return f"upload {self.pk}"


class WaitingPart(models.Model):
    """A piece of a file that the store did not take yet; parts go by number, from 0."""

    key = models.CharField(max_length=40)
    name = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "name", "number"], name="waiting_part_once")
        ]

    def __str__(self) -> str:
        return f"{self.key}/{self.name} {self.number}"

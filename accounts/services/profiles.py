"""What people change about themselves."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.constants import SETTINGS
from accounts.events import PrivacyChanged
from accounts.models import User
from accounts.services.follows import follow_requests_accept_all
from accounts.services.presence import presence_hide
from accounts.services.rules import words_check
from core.events import publish
from media_storage.services import avatar_create, media_delete

EDITABLE = ("display_name", "bio", "pronouns", "links", "is_private")


@transaction.atomic
def profile_update(*, user_id: int, **changes: Any) -> User:
    """Change what is given of display_name, bio, pronouns, links and is_private.

    An account that becomes public lets everybody in who was waiting.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    was_private = user.is_private
    for name in ("display_name", "bio", "pronouns"):
        words_check(changes.get(name, ""), field=name)
    for name in EDITABLE:
        if name in changes:
            setattr(user, name, changes[name])
    user.save(update_fields=[name for name in EDITABLE if name in changes])
    if user.is_private != was_private:
        if was_private:
            follow_requests_accept_all(followee_id=user_id)
        publish(PrivacyChanged(user_id=user_id))
    return User.objects.get(pk=user_id)


@transaction.atomic
def settings_update(*, user_id: int, **changes: Any) -> User:
    """Change what is given of the settings; the others stay.

    Who hides whether they are online is shown as gone at once, and sees of nobody any more.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    before = {**SETTINGS, **user.settings}
    user.settings = before | changes
    user.save(update_fields=["settings"])
    if before["activity_status"] and not user.settings["activity_status"]:
        presence_hide(user_id=user_id)
    return user


def avatar_set(*, user_id: int, file: UploadedFile[Any]) -> User:
    """Replace the avatar; the old one is deleted. Raises what media_storage says of the file."""
    media = avatar_create(owner_id=user_id, file=file)
    return _avatar_swap(user_id, media.pk, media.key)


def avatar_remove(*, user_id: int) -> User:
    """No avatar; the second call changes nothing."""
    return _avatar_swap(user_id, None, "")


@transaction.atomic
def _avatar_swap(user_id: int, media_id: int | None, key: str) -> User:
    user = User.objects.select_for_update().get(pk=user_id)
    old_id = user.avatar_id
    user.avatar_id, user.avatar_key = media_id, key
    user.save(update_fields=["avatar", "avatar_key"])
    if old_id:
        media_delete(media_id=old_id, owner_id=user_id)
    return user

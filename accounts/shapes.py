"""The outer form of people: the only one that upper apps nest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from rest_framework import serializers

from accounts.constants import SETTINGS
from accounts.models import Consent, PersonalToken, Report, Session, User
from core.text import token_line
from media_storage.shapes import avatar_url


@dataclass(frozen=True, slots=True)
class Hiding:
    """What one person hides from themselves; compared without case and accents, by whole words."""

    lines: tuple[str, ...]
    tags: frozenset[str]

    @classmethod
    def of(cls, words: Sequence[str] | None, tags: Sequence[str] | None) -> "Hiding | None":
        """From the columns of ContentFilter; None if nothing is hidden."""
        if not words and not tags:
            return None
        return cls(tuple(map(token_line, words or ())), frozenset(tags or ()))

    def hides(self, text: str, tags: Iterable[str] = ()) -> bool:
        """Whether a text, or a post with these tags, is not to be shown to them."""
        if not self.tags.isdisjoint(tags):
            return True
        if not self.lines:
            return False
        line = token_line(text)
        return any(hidden in line for hidden in self.lines)


class UserSummaryShape(TypedDict):
    """What stands beside a picture, a comment or a message."""

    id: str
    username: str
    display_name: str
    avatar_url: str | None
    is_private: bool


class RelationshipShape(TypedDict):
    """How the viewer and a person stand."""

    following: bool
    requested: bool
    followed_by: bool
    blocking: bool
    muting: bool
    restricted: bool
    close_friend: bool


# The columns that a hot read has to select for `user_summary_of`.
SUMMARY_FIELDS = ("id", "username", "display_name", "avatar_key", "is_private")


def user_summary(user: User) -> UserSummaryShape:
    """A person as UserSummary."""
    return user_summary_of(
        user.pk, user.username, user.display_name, user.avatar_key, user.is_private
    )


def user_summary_of(
    user_id: int,
    username: str,
    display_name: str,
    avatar_key: str,
    is_private: bool,  # noqa: FBT001  a column among columns
) -> UserSummaryShape:
    """The same from SUMMARY_FIELDS of a row."""
    return {
        "id": str(user_id),
        "username": username,
        "display_name": display_name,
        "avatar_url": avatar_url(avatar_key),
        "is_private": is_private,
    }


def user_shape(user: User, relationship: RelationshipShape | None) -> dict[str, Any]:
    """A person as User."""
    return {
        **user_summary(user),
        "bio": user.bio,
        "pronouns": user.pronouns,
        "links": user.links,
        "posts_count": user.posts_count,
        "followers_count": user.followers_count,
        "following_count": user.following_count,
        "created_at": user.created_at,
        "relationship": relationship,
    }


def me_shape(user: User) -> dict[str, Any]:
    """The viewer as Me; nobody else's answer carries the address."""
    return {
        **user_shape(user, None),
        "email": user.email,
        "email_verified": user.is_verified,
        "role": user.role,
        "state": user.state,
        "delete_after": user.delete_after,
        "settings": {**SETTINGS, **user.settings},
    }


def session_shape(session: Session, *, current_id: int | None) -> dict[str, Any]:
    """One's own session as Session."""
    return {
        "id": str(session.pk),
        "client": session.client,
        "user_agent": session.user_agent,
        "address": session.address,
        "created_at": session.created_at,
        "last_used_at": session.rotated_at,
        "current": session.pk == current_id,
    }


def token_shape(token: PersonalToken) -> dict[str, Any]:
    """A personal token, without what it opens with."""
    session = token.session
    is_used = session.rotated_at > session.created_at
    return {
        "id": str(token.pk),
        "name": token.name,
        "scopes": token.scopes,
        "created_at": session.created_at,
        "last_used_at": session.rotated_at if is_used else None,
        "expires_at": session.expires_at,
    }


def consent_shape(consent: Consent) -> dict[str, Any]:
    """What one agreed to, in which version, and when."""
    return {
        "id": str(consent.pk),
        "document": consent.document,
        "version": consent.version,
        "created_at": consent.created_at,
    }


def report_shape(report: Report) -> dict[str, Any]:
    """A report as its reporter sees it."""
    return {
        "id": str(report.pk),
        "target_kind": report.target_kind,
        "target_id": str(report.target_id),
        "reason": report.reason,
        "text": report.text,
        "state": report.state,
        "created_at": report.created_at,
        "handled_at": report.handled_at,
    }


class UserSummarySerializer(serializers.Serializer[Any]):
    """Schema of UserSummary."""

    id = serializers.CharField()
    username = serializers.CharField()
    display_name = serializers.CharField()
    avatar_url = serializers.CharField(allow_null=True)
    is_private = serializers.BooleanField()


class RelationshipSerializer(serializers.Serializer[Any]):
    """Schema of User.relationship."""

    following = serializers.BooleanField()
    requested = serializers.BooleanField()
    followed_by = serializers.BooleanField()
    blocking = serializers.BooleanField()
    muting = serializers.BooleanField()
    restricted = serializers.BooleanField()
    close_friend = serializers.BooleanField()


class UserSerializer(UserSummarySerializer):
    """Schema of User."""

    bio = serializers.CharField()
    pronouns = serializers.CharField()
    links = serializers.ListField(child=serializers.CharField())
    posts_count = serializers.IntegerField()
    followers_count = serializers.IntegerField()
    following_count = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    relationship = RelationshipSerializer(allow_null=True)


class MeSerializer(UserSerializer):
    """Schema of Me."""

    email = serializers.CharField()
    email_verified = serializers.BooleanField()
    role = serializers.ChoiceField(choices=["user", "moderator", "admin"])
    state = serializers.CharField()
    delete_after = serializers.DateTimeField(allow_null=True)
    settings = serializers.DictField()

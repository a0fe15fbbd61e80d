"""Follows and relations between two people."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from accounts.constants import FollowState, RelationKind


def _person(*, related_name: str) -> "models.ForeignKey[Any, Any]":
    """One side of a pair; the composite indexes of the pair serve it, so it has none of its own."""
    return models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name=related_name, db_index=False
    )


class FollowQuerySet(models.QuerySet["Follow"]):
    """Follows and requests."""

    def active(self) -> Self:
        """Follows that are in force; a request is not."""
        return self.filter(state=FollowState.ACTIVE)

    def requested(self) -> Self:
        """Requests that wait."""
        return self.filter(state=FollowState.REQUESTED)


class Follow(models.Model):
    """One person follows another, or asks to."""

    follower = _person(related_name="follows_out")
    followee = _person(related_name="follows_in")
    state = models.CharField(max_length=10, choices=FollowState)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FollowQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["follower", "followee"], name="accounts_follow_once"),
            models.CheckConstraint(
                name="accounts_follow_not_self", condition=~Q(follower=F("followee"))
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["follower", "followee"],
                name="accounts_follow_active",
                condition=Q(state=FollowState.ACTIVE),
            ),
            models.Index(
                fields=["followee", "state", "-created_at", "-id"], name="accounts_follow_in"
            ),
            models.Index(
                fields=["follower", "state", "-created_at", "-id"], name="accounts_follow_out"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follower_id} {self.state} {self.followee_id}"


class Relation(models.Model):
    """What one person has set about another; `scopes` and `until` are for mutes."""

    owner = _person(related_name="relations_out")
    target = _person(related_name="relations_in")
    kind = models.CharField(max_length=12, choices=RelationKind)
    scopes = models.JSONField(default=list)
    until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "kind", "target"], name="accounts_relation_once"
            ),
            models.CheckConstraint(
                name="accounts_relation_not_self", condition=~Q(owner=F("target"))
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["target", "kind", "owner"], name="accounts_relation_in")
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.kind} {self.target_id}"


def blocks_between(one: Any, other: Any) -> models.QuerySet[Relation]:
    """Blocks in either direction between two people, given as ids or expressions."""
    return Relation.objects.filter(
        Q(owner=one, target=other) | Q(owner=other, target=one), kind=RelationKind.BLOCK
    )


class DismissedSuggestion(models.Model):
    """Somebody does not want this person suggested again."""

    user = _person(related_name="+")
    suggested = _person(related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "suggested"], name="accounts_suggestion_dismissed_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["suggested"], name="accounts_dismissed_of")]

    def __str__(self) -> str:
        return f"{self.user_id} without {self.suggested_id}"

"""Users, sessions, follows and relations; who may see whom starts here."""

from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Upper

from accounts import constants
from accounts.constants import ClientKind, FollowState, RelationKind, Role, UserState
from core.viewer import Viewer

SHOWN_STATES = (UserState.ACTIVE, UserState.LIMITED)


class UserQuerySet(models.QuerySet["User"]):
    """People, narrowed to those a viewer may see."""

    def shown(self) -> Self:
        """Accounts that are neither deactivated, suspended nor being deleted."""
        return self.filter(state__in=SHOWN_STATES)

    def visible_to(self, viewer: Viewer) -> Self:
        """Shown accounts without a block in either direction.

        Private accounts are visible: only what they post is not.
        """
        shown = self.shown()
        if viewer.is_anonymous:
            return shown
        return shown.exclude(Exists(blocks_between(viewer.pk, OuterRef("pk"))))


class UserManager(BaseUserManager["User"]):
    """The manager that Django's log-in and createsuperuser ask for."""

    def get_queryset(self) -> UserQuerySet:
        """All people."""
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, viewer: Viewer) -> UserQuerySet:
        """See UserQuerySet.visible_to."""
        return self.get_queryset().visible_to(viewer)

    def create_superuser(self, username: str, email: str, password: str, **extra: Any) -> "User":
        """An admin, as `manage.py createsuperuser` makes one."""
        user = self.model(
            username=username.lower(), email=self.normalize_email(email), role=Role.ADMIN, **extra
        )
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person. Usernames are kept in lower case; counters change with the rows they count."""

    username = models.CharField(max_length=constants.USERNAME_MAX, unique=True)
    email = models.EmailField(max_length=254)
    email_verified_at = models.DateTimeField(null=True, blank=True)
    role = models.CharField(max_length=10, choices=Role, default=Role.USER)
    state = models.CharField(max_length=12, choices=UserState, default=UserState.ACTIVE)
    #: Tokens made before it grew are void.
    token_epoch = models.PositiveIntegerField(default=1)
    is_private = models.BooleanField(default=False)
    display_name = models.CharField(max_length=constants.DISPLAY_NAME_MAX, blank=True)
    bio = models.CharField(max_length=constants.BIO_MAX, blank=True)
    pronouns = models.CharField(max_length=constants.PRONOUNS_MAX, blank=True)
    links = models.JSONField(default=list, blank=True)
    avatar = models.ForeignKey(
        "media_storage.Media", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: The avatar's storage key: a summary needs no join.
    avatar_key = models.CharField(max_length=80, blank=True)
    settings = models.JSONField(default=dict, blank=True)
    posts_count = models.PositiveIntegerField(default=0)
    followers_count = models.PositiveIntegerField(default=0)
    following_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="accounts_username_form",
                condition=Q(username__regex=constants.USERNAME_PATTERN),
            ),
            models.UniqueConstraint(
                Upper("email"),
                name="accounts_verified_email",
                condition=Q(email_verified_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(Upper("email"), name="accounts_email"),
            GinIndex(OpClass(Upper("username"), "gin_trgm_ops"), name="accounts_username_trgm"),
            GinIndex(OpClass(Upper("display_name"), "gin_trgm_ops"), name="accounts_name_trgm"),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether they may sign in: deactivated people come back by doing so."""
        return self.state in (*SHOWN_STATES, UserState.DEACTIVATED)

    @property
    def is_verified(self) -> bool:
        """Whether the e-mail address is theirs."""
        return self.email_verified_at is not None

    @property
    def is_staff(self) -> bool:
        """Whether the admin opens for them."""
        return self.role != Role.USER

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Admins may do everything in the admin, moderators may look."""
        return self.role == Role.ADMIN or (
            self.role == Role.MODERATOR and perm.partition(".")[2].startswith("view_")
        )

    def has_module_perms(self, app_label: str) -> bool:
        """Staff see every section that has something for them."""
        return self.is_staff


class Session(models.Model):
    """A token family: one log-in on one device. Only the counter of the newest refresh is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    family = models.CharField(max_length=32, unique=True)
    counter = models.PositiveIntegerField(default=0)
    client = models.CharField(max_length=8, choices=ClientKind)
    user_agent = models.CharField(max_length=constants.USER_AGENT_MAX, blank=True)
    address = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField()
    rotated_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["user"], name="accounts_session_live", condition=Q(revoked_at__isnull=True)
            ),
            models.Index(fields=["expires_at"], name="accounts_session_age"),
        ]

    def __str__(self) -> str:
        return f"session {self.pk} of {self.user_id}"


def _person(*, related_name: str) -> "models.ForeignKey[User, User]":
    """One side of a pair; the composite indexes of the pair serve it, so it has none of its own."""
    return models.ForeignKey(
        User, on_delete=models.CASCADE, related_name=related_name, db_index=False
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

"""Users; who may see whom starts here."""

from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Replace, Upper

from accounts import constants
from accounts.constants import Role, UserState
from accounts.models.relations import blocks_between
from core.viewer import Viewer

SHOWN_STATES = (UserState.ACTIVE, UserState.LIMITED)
#: Who may have a session; one that is being deleted is left with few scopes.
SIGNED_IN_STATES = (*SHOWN_STATES, UserState.DELETING)


def skeleton_of(name: Any) -> Any:
    """SQL for what a username looks like: names of one skeleton are mistaken for each other.

    After UTS 39 (confusable detection), for the letters that usernames may have.
    """
    for part, seen_as in constants.CONFUSABLE.items():
        name = Replace(name, Value(part), Value(seen_as))
    return name


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
    #: When an account that is being deleted is erased; until then its owner may come back.
    delete_after = models.DateTimeField(null=True, blank=True)
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
            models.Index(skeleton_of(F("username")), name="accounts_username_skeleton"),
            GinIndex(OpClass(Upper("username"), "gin_trgm_ops"), name="accounts_username_trgm"),
            GinIndex(OpClass(Upper("display_name"), "gin_trgm_ops"), name="accounts_name_trgm"),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether they may sign in: also those who want to come back."""
        return self.state in (*SHOWN_STATES, UserState.DEACTIVATED, UserState.DELETING)

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

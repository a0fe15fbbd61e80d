"""The app of people, sessions and follows."""

from django.apps import AppConfig

from core.registry import media_uses


class AccountsConfig(AppConfig):
    """Users, sessions, follows and the relations between people."""

    name = "accounts"

    def ready(self) -> None:
        """Tell media which pictures are avatars."""
        from accounts.selectors import media_in_avatars  # noqa: PLC0415  models exist only now

        media_uses.add("accounts", media_in_avatars)

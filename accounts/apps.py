"""The app of people, sessions and follows."""

from django.apps import AppConfig

from core.registry import ReportTarget, media_uses, picture_rules, report_targets


class AccountsConfig(AppConfig):
    """Users, sessions, follows and the relations between people."""

    name = "accounts"

    def ready(self) -> None:
        """Fill the registries."""
        from accounts import selectors, services  # noqa: PLC0415  models exist only now

        media_uses.add("accounts", selectors.media_in_avatars)
        picture_rules.add("accounts", services.picture_check)
        report_targets.add(
            "user",
            ReportTarget(
                find=selectors.reported_user,
                get=selectors.any_user,
                owner_id=lambda user: user.pk,
                snapshot=selectors.user_snapshot,
                remove=lambda user: services.account_erase(user_id=user.pk),
            ),
        )

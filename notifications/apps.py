"""The notifications app."""

from django.apps import AppConfig

from core.registry import badges, erase_steps, socket_commands


class NotificationsConfig(AppConfig):
    """What people are told of, and the numbers of what waits."""

    name = "notifications"

    def ready(self) -> None:
        """Add what the app gives to lower ones."""
        # Models cannot be imported before all apps are known.
        from notifications.selectors import (  # noqa: PLC0415
            follow_request_count,
            unread_count,
        )
        from notifications.services import (  # noqa: PLC0415
            notifications_erase,
            notifications_seen,
        )

        erase_steps.add("notifications", notifications_erase)
        badges.add("notifications", unread_count)
        badges.add("follow_requests", follow_request_count)
        socket_commands.add("notifications.seen", notifications_seen)

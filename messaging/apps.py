"""The app of conversations, messages and the WebSocket gateway."""

from django.apps import AppConfig

from core.registry import ReportTarget, badges, erase_steps, report_targets


class MessagingConfig(AppConfig):
    """Adds what it counts to the badges."""

    name = "messaging"

    def ready(self) -> None:
        """Fill the registries."""
        from messaging import selectors, services  # noqa: PLC0415  models exist only now
        from messaging.selectors.reported import any_message, reported_message  # noqa: PLC0415
        from messaging.services.moderating import message_blank  # noqa: PLC0415

        report_targets.add(
            "message",
            ReportTarget(
                find=reported_message,
                get=any_message,
                owner_id=lambda message: message.sender_id,
                snapshot=lambda message: {"body": message.body},
                remove=lambda message: message_blank(message=message),
            ),
        )
        erase_steps.add("messaging", services.messages_erase)
        badges.add("messages", selectors.unread_conversations)
        badges.add("message_requests", selectors.unread_requests)

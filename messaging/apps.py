"""The app of conversations, messages and the WebSocket gateway."""

from django.apps import AppConfig

from core.registry import badges, erase_steps


class MessagingConfig(AppConfig):
    """Adds what it counts to the badges."""

    name = "messaging"

    def ready(self) -> None:
        """Fill the registries."""
        from messaging import selectors, services  # noqa: PLC0415  models exist only now

        erase_steps.add("messaging", services.messages_erase)
        badges.add("messages", selectors.unread_conversations)
        badges.add("message_requests", selectors.unread_requests)

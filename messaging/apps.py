"""The app of conversations, messages and the WebSocket gateway."""

from django.apps import AppConfig

from core.registry import badges


class MessagingConfig(AppConfig):
    """Adds what it counts to the badges."""

    name = "messaging"

    def ready(self) -> None:
        """Fill the registries."""
        from messaging import selectors  # noqa: PLC0415  models exist only now

        badges.add("messages", selectors.unread_conversations)
        badges.add("message_requests", selectors.unread_requests)

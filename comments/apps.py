"""The comments app."""

from django.apps import AppConfig

from core.registry import erase_steps


class CommentsConfig(AppConfig):
    """The comments app."""

    name = "comments"

    def ready(self) -> None:
        """Tell the house how comments are erased."""
        from comments.services import comments_erase  # noqa: PLC0415  models exist only now

        erase_steps.add("comments", comments_erase)

"""The entry of posts in Django."""

from django.apps import AppConfig

from core.registry import erase_steps, media_uses


class PostsConfig(AppConfig):
    """Registers what posts add to the house."""

    name = "posts"

    def ready(self) -> None:
        """Tell media which pictures posts show, and the house how posts are erased."""
        from posts.selectors import media_in_posts  # noqa: PLC0415  models exist only now
        from posts.services import posts_erase  # noqa: PLC0415

        erase_steps.add("posts", posts_erase)
        media_uses.add("posts", media_in_posts)

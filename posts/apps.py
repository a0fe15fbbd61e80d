"""The entry of posts in Django."""

from django.apps import AppConfig

from core.registry import media_uses


class PostsConfig(AppConfig):
    """Registers what posts add to the house."""

    name = "posts"

    def ready(self) -> None:
        """Tell media which pictures posts show."""
        from posts.selectors import media_in_posts  # noqa: PLC0415  models exist only now

        media_uses.add("posts", media_in_posts)

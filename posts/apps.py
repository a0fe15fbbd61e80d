"""The posts app."""

from django.apps import AppConfig


class PostsConfig(AppConfig):
    """The posts app."""

    name = "posts"

"""The comments app."""

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    """The comments app."""

    name = "comments"

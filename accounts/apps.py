"""The app of people, sessions and follows."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, sessions, follows and the relations between people."""

    name = "accounts"

"""The app that holds what spans all others: commands, settings and entry points."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Installed for its management commands and tests of the whole."""

    name = "config"
    label = "jyoti_config"

"""Settings for commands that need none: no variable is read, no service is started."""

from collections.abc import Sequence

from django.conf import settings


def settle(command: Sequence[str]) -> None:
    """Before Django starts: `smoke` looks at a site from outside and needs no settings of one."""
    if list(command) == ["smoke"]:
        configure_bare()


def configure_bare() -> None:
    """Make Django's command line work with this app alone; instead of any settings module."""
    settings.configure(INSTALLED_APPS=["config"], USE_TZ=True, TIME_ZONE="UTC")

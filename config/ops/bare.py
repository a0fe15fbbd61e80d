"""Settings for commands that must run where the proper ones cannot be loaded."""

import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import fields
from typing import Final

from django.conf import settings

from config.env import Env, EnvironmentInvalidError
from core.embedded import EmbeddedServiceError

#: Under these, what is refused does no harm: nothing answers there, and nothing is kept.
STAND_INS: Final = {
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "localhost",
    "SITE_URL": "https://localhost",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "DATABASE_DIRECT_URL": "postgresql://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "MEDIA_BACKEND_URL": "file:///nonexistent",
    "MAIL_URL": "smtp://127.0.0.1:1",
    "MAIL_FROM": "nobody@localhost",
    "TRUSTED_PROXIES": "1",
}
# Each round may uncover what the round before hid.
_ROUNDS: Final = 4
_PRODUCTION: Final = "config.settings.production"

_refused: list[str] = []


def settle(command: Sequence[str]) -> None:
    """Before Django starts, for a command line's first word.

    `smoke` looks at a site from outside and needs no settings of one. `doctor` has to say what is
    wrong where the settings refuse to load.
    """
    match list(command):
        case ["smoke"]:
            configure_bare()
        case ["doctor"]:
            load_whatever_is_wrong()


def refused_variables() -> list[str]:
    """What load_whatever_is_wrong() had to replace: one line a problem, the variable first."""
    return list(_refused)


def is_replaced(*names: str) -> bool:
    """Whether one of the variables has a stand-in in this process."""
    return any(problem.split()[0] in names for problem in _refused)


def configure_bare() -> None:
    """Make Django's command line work with this app alone; instead of any settings module."""
    settings.configure(INSTALLED_APPS=["config"], USE_TZ=True, TIME_ZONE="UTC")


def load_whatever_is_wrong() -> None:
    """Load the settings, in this process with stand-ins for the variables that they refuse.

    Settings that do not exist are replaced by those of production. Raises SystemExit where even
    they cannot be imported, because packages are missing, and EnvironmentInvalidError if a
    variable has no stand-in.
    """
    for _ in range(_ROUNDS):
        try:
            _ = settings.INSTALLED_APPS
        except EnvironmentInvalidError as error:
            _replace(error.problems)
        except EmbeddedServiceError as error:
            _replace([f"{name} is not set, and: {error}" for name in _unset_services()])
        except ImportError as error:
            _take_production_instead_of(os.environ["DJANGO_SETTINGS_MODULE"], error)
        else:
            return


def _take_production_instead_of(module: str, error: ImportError) -> None:
    if module == _PRODUCTION:
        raise SystemExit(
            f"{error}: the packages are not all there.\n"
            "Install the release again, or in a checkout: make setup"
        )
    _refused.append(f"DJANGO_SETTINGS_MODULE {module} cannot be imported: {error}")
    os.environ["DJANGO_SETTINGS_MODULE"] = _PRODUCTION


def _replace(problems: list[str]) -> None:
    defaults = {item.name.upper(): item.metadata["default"] for item in fields(Env)}
    for problem in problems:
        name = problem.split()[0]
        os.environ[name] = STAND_INS.get(name) or defaults.get(name, "")
    _refused.extend(problem for problem in problems if problem not in _refused)
    # A module that was loaded before another failed would keep the old values.
    for module in [name for name in sys.modules if name.startswith("config.settings.")]:
        del sys.modules[module]


def _unset_services() -> list[str]:
    return [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]

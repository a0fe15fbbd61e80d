"""The variables, and what Django's own checks say about the settings made of them."""

from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.core import checks

from config.ops.bare import refused_variables
from config.ops.doctor.findings import Finding, fault, ok, warning

_WHERE: Final = (
    "Set it in /etc/jyoti/jyoti.env, or as a secret of its name; .env.example tells what it is."
)
_HOW: Final = {
    "SECRET_KEY": 'Make one: python3 -c "import secrets; print(secrets.token_urlsafe(60))"',
    "DJANGO_SETTINGS_MODULE": "On a server it is config.settings.production.",
}


def examine_environment() -> Iterator[Finding]:
    """A fault for every variable that is missing, malformed or unsafe."""
    problems = refused_variables()
    for problem in problems:
        yield fault("environment", problem, _HOW.get(problem.split()[0], _WHERE))
    if not problems:
        yield ok("environment", f"every variable that {settings.KIND} settings need is there")


def examine_settings() -> Iterator[Finding]:
    """What `manage.py check --deploy` finds; on a laptop without the checks of production."""
    is_production = settings.KIND == "production"
    found = checks.run_checks(include_deployment_checks=is_production)
    serious = [
        message
        for message in found
        if message.level >= checks.WARNING and not message.is_silenced()
    ]
    for message in serious:
        tell = fault if message.is_serious() else warning
        yield tell("settings", f"{message.id}: {message.msg}", message.hint or _hint(message))
    if not serious:
        yield ok("settings", "Django's checks find nothing")


def _hint(message: checks.CheckMessage) -> str:
    return f"Look up {message.id} in Django's system check reference."

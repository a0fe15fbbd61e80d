#!/usr/bin/env python
"""Django's command line; local settings unless DJANGO_SETTINGS_MODULE says otherwise."""

import os
import sys

from django.core.management import execute_from_command_line

from config.env import EnvironmentInvalidError
from config.ops.bare import settle
from core.embedded import EmbeddedServiceError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    os.environ.setdefault("JYOTI_PROCESS", "command")
    settle(sys.argv[1:2])
    try:
        execute_from_command_line(sys.argv)
    except (EnvironmentInvalidError, EmbeddedServiceError) as error:
        sys.exit(str(error))

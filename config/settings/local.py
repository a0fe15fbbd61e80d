"""A laptop: embedded services, mail in .local/mail/, plain http."""

import sys

from config.settings.base import *
from config.settings.base import ENV, INSTALLED_APPS
from config.settings.parts import services_for

_URLS = services_for("local", ENV)
DATABASES = _URLS.databases
REDIS_URLS = _URLS.redis_urls
# `runserver` with sockets. Nothing else needs it, and it brings Twisted: 18 MB for each process.
if "runserver" in sys.argv:
    INSTALLED_APPS = ["daphne", *INSTALLED_APPS]
REFRESH_COOKIE_SECURE = False
ADMIN_NEEDS_SECOND_FACTOR = False

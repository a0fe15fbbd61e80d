"""A laptop: embedded services, mail in .local/mail/, plain http."""

from config.settings.base import *
from config.settings.base import ENV
from config.settings.parts import services_for

_URLS = services_for("local", ENV)
DATABASES = _URLS.databases
REDIS_URLS = _URLS.redis_urls
REFRESH_COOKIE_SECURE = False
ADMIN_NEEDS_SECOND_FACTOR = False

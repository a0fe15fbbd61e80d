"""A laptop: embedded services, mail on the console and in .local/mail/, plain http."""

from config.settings.base import *
from config.settings.base import BASE_DIR, ENV
from config.settings.parts import services_for

_URLS = services_for("local", ENV)
DATABASES = _URLS.databases
REDIS_URLS = _URLS.redis_urls
MAIL_ARCHIVE = BASE_DIR / ".local" / "mail"
REFRESH_COOKIE_SECURE = False

"""The test suite: real services, cheap password hashes, limits off unless a test turns them on."""

import os
import tempfile
from pathlib import Path

from config.settings.base import *
from config.settings.base import ENV
from config.settings.parts import services_for

_URLS = services_for("test", ENV)
DATABASES = _URLS.databases
REDIS_URLS = _URLS.redis_urls
# Test processes run side by side on one Redis.
REDIS_PREFIX = f"jy-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
MEDIA_BACKEND_URL = f"file://{Path(tempfile.gettempdir()) / 'jyoti-test-media'}"
MAIL_ARCHIVE = Path(tempfile.gettempdir()) / "jyoti-test-mail"
PASSWORD_HASHERS = ["core.passwords.QuickBCryptSHA256PasswordHasher"]
RATE_LIMIT_SCALE = 0.0
REFRESH_COOKIE_SECURE = False
ADMIN_NEEDS_SECOND_FACTOR = False

"""Production: nothing has a fallback (config.env refuses), everything goes over HTTPS."""

from config.env import database_field, database_settings
from config.settings.base import *
from config.settings.base import BASE_DIR, ENV

DATABASES = {"default": database_settings(getattr(ENV, database_field(ENV)), ENV.jyoti_process)}
REDIS_URLS = [url.strip() for url in ENV.redis_url.split(",")]
STATIC_ROOT = BASE_DIR / "static"

SECURE_SSL_REDIRECT = True
# The proxies of TRUSTED_PROXIES overwrite this header; the app's port is reachable only from them.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [ENV.site_url]

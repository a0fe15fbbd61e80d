"""What holds everywhere; each kind of place adds its few lines in its own module."""

import os
from datetime import timedelta
from pathlib import Path

import django_stubs_ext

from config import env as environment
from core.logs import logging_config

# Lets annotations such as File[Any] stand in code that runs.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
KIND = environment.kind_of(os.environ["DJANGO_SETTINGS_MODULE"])
ENV = environment.load(KIND)

SECRET_KEY = ENV.secret_key
DEBUG = False
ALLOWED_HOSTS = list(ENV.allowed_hosts)
SITE_URL = ENV.site_url
INSTANCE_NAME = ENV.instance_name
TRUSTED_PROXIES = ENV.trusted_proxies
RATE_LIMIT_SCALE = ENV.rate_limit_scale
JYOTI_PROCESS = ENV.jyoti_process
#: Where DATABASE_URL came from when it was a file: new connections read user and password there.
DATABASE_LOGIN_FILE = environment.login_file(ENV)
DRAIN_FILE = ENV.jyoti_drain_file
#: SIGTERM: every socket is told to come again, spread over so many seconds.
WEBSOCKET_DRAIN_S = 3
#: The same while DRAIN_FILE exists, when other hosts take over.
WEBSOCKET_DRAIN_HOST_S = 20
#: Write frames past uvicorn's own `send` (messaging.consumers.direct).
WEBSOCKET_DIRECT = True
RUNTIME_DIRECTORY = ENV.jyoti_runtime_directory
#: Every Redis key and channel starts with it.
REDIS_PREFIX = "jy"

# https://docs.djangoproject.com/en/5.2/ref/settings/#installed-apps
INSTALLED_APPS = [
    "procrastinate.contrib.django",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "core",
    "media_storage",
    "accounts",
    "posts",
    "comments",
    "messaging",
    "notifications",
    "config",
]

# The API runs through four; sessions, CSRF and messages exist for the admin alone.
MIDDLEWARE = [
    "core.http.request_id_middleware",
    "core.health.health_middleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.middleware.SessionForAdmin",
    "config.middleware.LocaleForAdmin",
    "config.middleware.CsrfForAdmin",
    "config.middleware.AuthForAdmin",
    "config.middleware.MessagesForAdmin",
    "config.middleware.NoFramesForAdmin",
]
APPEND_SLASH = False
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
# The length is the service's (8 to 128); these refuse what is easy to guess.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        "django.contrib.auth.password_validation.CommonPasswordValidator",
        "django.contrib.auth.password_validation.NumericPasswordValidator",
        "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "accounts.services.passwords.ContextPasswordValidator",
    )
]
PASSWORD_HASHERS = ["core.passwords.SteadyBCryptSHA256PasswordHasher"]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".local" / "static"
CLIENT_DIST = BASE_DIR / "frontend" / "dist"
MEDIA_URL = f"{environment.media_origin(ENV)}/media/"
MEDIA_BACKEND_URL = ENV.media_backend_url or f"file://{BASE_DIR / '.local' / 'media'}"
MEDIA_ACCEL = ENV.media_accel

MAIL_URL = ENV.mail_url
#: Where console:// keeps each mail.
MAIL_ARCHIVE = BASE_DIR / ".local" / "mail"
DEFAULT_FROM_EMAIL = ENV.mail_from
EMAIL_TIMEOUT = 10

# Bodies other than uploads; media_storage has its own cap for files.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100

# The rest is declared on core.api.ApiView: DRF reads these while its own modules load, too early
# for classes of ours.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.JyotiSchema",
    "UNAUTHENTICATED_USER": "core.viewer.anonymous",
}
#: Who may register: everybody (open), those with an invite, or nobody (closed).
REGISTRATION = ENV.registration
#: What people agree to, in the version that holds now.
DOCUMENTS = ENV.documents
#: Whether staff needs a second factor to get into the admin.
ADMIN_NEEDS_SECOND_FACTOR = True
API_AUTHENTICATION = "accounts.api.authentication.TokenAuthentication"
SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=10),
    "AUDIENCE": "jyoti",
    "ISSUER": "jyoti",
    "USER_ID_CLAIM": "sub",
    "LEEWAY": 5,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Jyoti API",
    "DESCRIPTION": "Photos, comments and live messages among people who follow each other.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "MuteScopeEnum": "accounts.constants.MUTE_SCOPES",
        "TokenScopeEnum": "accounts.constants.TOKEN_SCOPES",
        "ReportReasonEnum": "accounts.constants.ReportReason",
        "SuggestionReasonEnum": "accounts.constants.SUGGESTION_REASONS",
        "PostStateEnum": "posts.constants.PostState.values",
        "NewPostStateEnum": "posts.constants.NEW_STATES",
        "PlanStateEnum": "posts.constants.PLAN_STATES",
        "PeopleTagStateEnum": "posts.constants.TAG_STATES",
    },
}

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "handlers"

# W002 and W003 look for the exact names of two middleware that only the admin runs through here:
# the API has no cookie but the one that needs an Origin, and the client's CSP forbids frames.
SILENCED_SYSTEM_CHECKS = ["security.W002", "security.W003"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SAMESITE = "Strict"
REFRESH_COOKIE_SECURE = True

LOGGING = logging_config(ENV.log_level)

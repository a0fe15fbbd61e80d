"""The HTTP entry point: `gunicorn config.wsgi:application`; static files are served around Django."""

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
os.environ.setdefault("JYOTI_PROCESS", "http")

from django.core.cache import close_caches
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import reset_queries
from django.urls import get_resolver

django = get_wsgi_application()

# Around each request, and for nothing: we keep no log of queries and no cache of Django's.
request_started.disconnect(reset_queries)
request_finished.disconnect(close_caches)

from config.client import with_static_files  # noqa: E402

application = with_static_files(django)

# The routes and all that they name, now and not at the first request: processes that part later
# share them.
_ = get_resolver().url_patterns

# What start-up made lives for ever: the collector need not look at it again.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)

"""The HTTP entry point: `gunicorn config.wsgi:application`; static files are served around Django."""

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
os.environ.setdefault("JYOTI_PROCESS", "http")

from django.core.wsgi import get_wsgi_application

django = get_wsgi_application()

# Django would load the routes with the first request, in every process by itself.
import config.urls  # noqa: E402, F401
from config.client import with_static_files  # noqa: E402

application = with_static_files(django)

# What start-up made lives for ever: the collector need not look at it again.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)

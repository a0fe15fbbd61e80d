"""Django's own middleware for the admin; the API never runs through it."""

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.locale import LocaleMiddleware

from core.http import only_under

SessionForAdmin = only_under("/admin/", SessionMiddleware)
LocaleForAdmin = only_under("/admin/", LocaleMiddleware)
CsrfForAdmin = only_under("/admin/", CsrfViewMiddleware)
AuthForAdmin = only_under("/admin/", AuthenticationMiddleware)
MessagesForAdmin = only_under("/admin/", MessageMiddleware)
NoFramesForAdmin = only_under("/admin/", XFrameOptionsMiddleware)

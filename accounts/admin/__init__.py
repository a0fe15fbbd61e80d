"""The admin's pages about people and moderation, and its door."""

from django.contrib import admin
from django.contrib.auth.models import Group

from accounts.admin import lifecycle, moderation, numbers, people
from accounts.admin.login import AdminLoginForm

#: Roles say who may do what; groups would say nothing.
admin.site.unregister(Group)
admin.site.login_form = AdminLoginForm
admin.site.site_header = admin.site.site_title = "Jyoti"
admin.site.index_template = "admin/jyoti_index.html"

__all__ = ["lifecycle", "moderation", "numbers", "people"]

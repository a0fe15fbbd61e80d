"""How large the place is and how it moves: a page of numbers for those who run it."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone

from accounts.constants import AppealState, ReportState
from accounts.models import Appeal, Report, Session, User

WINDOWS = {"a day": timedelta(days=1), "a week": timedelta(days=7), "a month": timedelta(days=30)}


def numbers() -> list[tuple[str, list[int]]]:
    """A name and its number for each of WINDOWS."""
    now = timezone.now()
    sinces = [now - window for window in WINDOWS.values()]
    return [
        ("People who signed up", [User.objects.filter(created_at__gt=s).count() for s in sinces]),
        (
            "People who were here",
            [
                Session.objects.filter(rotated_at__gt=s).values("user").distinct().count()
                for s in sinces
            ],
        ),
        ("Reports", [Report.objects.filter(created_at__gt=s).count() for s in sinces]),
    ]


def waiting() -> list[tuple[str, int]]:
    """What waits for somebody."""
    return [
        ("Open reports", Report.objects.filter(state=ReportState.OPEN).count()),
        ("Open objections", Appeal.objects.filter(state=AppealState.OPEN).count()),
        ("People in all", User.objects.get_queryset().shown().count()),
    ]


def numbers_page(request: HttpRequest) -> HttpResponse:
    """The page, for staff."""
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": "Numbers",
        "windows": list(WINDOWS),
        "numbers": numbers(),
        "waiting": waiting(),
    }
    return render(request, "admin/jyoti_numbers.html", context)


def admin_urls() -> list[URLPattern]:
    """For config.urls, before the admin's own."""
    return [path("admin/numbers/", admin.site.admin_view(numbers_page), name="numbers")]

"""What the admin's pages share: rows to look at, and acts that need a reason."""

from collections.abc import Callable
from typing import Any, Protocol

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from core.errors import ApplicationError


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Rows to look at: they change through services alone."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False


class ReasonForm(ActionForm):
    """The list's actions, each with a reason to the person."""

    reason = forms.CharField(
        required=False,
        label="Reason (the person reads it)",
        widget=forms.TextInput(attrs={"size": 60}),
    )


class Act(Protocol):
    """One row, one act."""

    def __call__(self, row: Any, *, moderator: Any, reason: str) -> None: ...


def acting(description: str, act: Act) -> Callable[[Any, HttpRequest, QuerySet[Any]], None]:
    """An action of a list: the act for each chosen row; what is refused is told row by row."""

    @admin.action(description=description, permissions=["view"])
    def action(self: Any, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        done = 0
        for row in queryset:
            try:
                act(row, moderator=request.user, reason=request.POST.get("reason", ""))
                done += 1
            except ApplicationError as error:
                self.message_user(request, f"{row}: {error.detail}", messages.ERROR)
        if done:
            self.message_user(request, f"{description}: {done}", messages.SUCCESS)

    action.__name__ = description.lower().replace(" ", "_")
    return action

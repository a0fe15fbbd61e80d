"""Conversations in the admin: that they are there, not what is said; reading breaks a glass."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path

from accounts.constants import REASON_MAX
from core.admin import ReadOnlyAdmin
from core.errors import ApplicationError
from core.http import client_address
from messaging.constants import BREAK_GLASS_REASON_MIN
from messaging.models import Conversation
from messaging.services.moderating import conversation_read_by_admin


class BreakGlassForm(forms.Form):
    """Why somebody has to read what is private."""

    reason = forms.CharField(
        label="Why this has to be read",
        min_length=BREAK_GLASS_REASON_MIN,
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        help_text="It goes into the log together with your name, your address and the time.",
    )


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdmin):
    """Found by number or by somebody in it."""

    list_display = ("id", "kind", "title", "people", "last_seq", "last_activity_at")
    list_filter = ("kind",)
    search_fields = ("=id", "=members__user__username")
    ordering = ("-last_activity_at",)
    fields = ("kind", "title", "names", "last_seq", "created_at", "last_activity_at")
    change_form_template = "admin/conversation.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        """With the number of people in each."""
        rows: QuerySet[Conversation] = super().get_queryset(request)
        return rows.annotate(people_count=Count("members", distinct=True))

    @admin.display(description="people", ordering="people_count")
    def people(self, conversation: Any) -> int:
        """How many."""
        return int(conversation.people_count)

    @admin.display(description="who")
    def names(self, conversation: Conversation) -> str:
        """Whose conversation it is."""
        members = conversation.members.order_by("pk").values_list("user__username", flat=True)
        return ", ".join(members)

    def get_urls(self) -> list[URLPattern]:
        """The page behind the glass stands before the admin's own."""
        page = self.admin_site.admin_view(self.break_glass)
        name = "messaging_conversation_read"
        return [path("<int:conversation_id>/read/", page, name=name), *super().get_urls()]

    def break_glass(self, request: HttpRequest, conversation_id: int) -> HttpResponse:
        """Ask for the reason; with one, write the act down and show the newest messages."""
        conversation = get_object_or_404(Conversation, pk=conversation_id)
        form = BreakGlassForm(request.POST or None)
        messages = None
        if form.is_valid():
            try:
                messages = conversation_read_by_admin(
                    admin=request.user,  # type: ignore[arg-type]
                    conversation_id=conversation_id,
                    reason=form.cleaned_data["reason"],
                    address=client_address(request.META),
                )
            except ApplicationError as error:
                form.add_error("reason", error.detail)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Read conversation {conversation_id}",
            "conversation": conversation,
            "names": self.names(conversation),
            "form": form,
            "read": messages,
        }
        return render(request, "admin/break_glass.html", context)

"""The moderators' desk: the queue of reports, objections, the log of acts, and the rules."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.constants import ModerationAct, RuleKind
from accounts.models import Appeal, BlockRule, ModerationAction, Report, User
from accounts.services import Case, appeal_decide, moderation_act, rules_forget
from core.admin import ReadOnlyAdmin, ReasonForm, acting
from core.text import folded


def _on_thing(act: ModerationAct) -> Any:
    def run(report: Report, *, moderator: User, reason: str) -> None:
        case = Case(report.target_kind, report.target_id, report)
        moderation_act(moderator=moderator, act=act, case=case, reason=reason)

    return run


def _on_person(act: ModerationAct) -> Any:
    def run(report: Report, *, moderator: User, reason: str) -> None:
        case = Case("user", report.target_user_id or 0, report)
        moderation_act(moderator=moderator, act=act, case=case, reason=reason)

    return run


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """The queue, oldest open ones first."""

    list_display = ("created_at", "reason", "target_kind", "target_user", "said", "state")
    list_filter = ("state", "reason", "target_kind")
    list_select_related = ("target_user", "reporter")
    search_fields = ("=target_user__username", "=reporter__username")
    ordering = ("-state", "created_at")
    fields = ("created_at", "reporter", "reason", "text", "target_kind", "target_id",
              "target_user", "shown", "state", "handled_by", "handled_at")  # fmt: skip
    action_form = ReasonForm
    actions = [
        acting("Dismiss", _on_thing(ModerationAct.DISMISS)),
        acting("Warn the person", _on_person(ModerationAct.WARN)),
        acting("Hide it", _on_thing(ModerationAct.HIDE)),
        acting("Delete it", _on_thing(ModerationAct.DELETE)),
        acting("Limit the person", _on_person(ModerationAct.LIMIT)),
        acting("Suspend the person", _on_person(ModerationAct.SUSPEND)),
    ]

    @admin.display(description="what it says")
    def said(self, report: Report) -> str:
        """The beginning of the snapshot."""
        return " ".join(str(value) for value in report.snapshot.values() if value)[:80]

    @admin.display(description="as it was reported")
    def shown(self, report: Report) -> SafeString:
        """The snapshot, line by line."""
        return format_html_join("", "<p><b>{}</b>: {}</p>", report.snapshot.items())


def _decide(*, is_granted: bool) -> Any:
    def run(appeal: Appeal, *, moderator: User, reason: str) -> None:
        appeal_decide(moderator=moderator, appeal=appeal, is_granted=is_granted, reason=reason)

    return run


@admin.register(Appeal)
class AppealAdmin(ReadOnlyAdmin):
    """Objections, open ones first; somebody else than who acted decides."""

    list_display = ("created_at", "action", "text", "state", "handled_by")
    list_filter = ("state",)
    list_select_related = ("action", "handled_by")
    ordering = ("-state", "created_at")
    action_form = ReasonForm
    actions = [
        acting("Grant", _decide(is_granted=True)),
        acting("Refuse", _decide(is_granted=False)),
    ]


@admin.register(ModerationAction)
class ModerationActionAdmin(ReadOnlyAdmin):
    """The audit log: what was done, by whom, on what, and why."""

    list_display = ("created_at", "moderator", "act", "target_kind", "target_id", "user", "reason")
    list_filter = ("act", "target_kind")
    list_select_related = ("moderator", "user")
    search_fields = ("=user__username", "=moderator__username", "reason")
    ordering = ("-id",)


@admin.register(BlockRule)
class BlockRuleAdmin(admin.ModelAdmin[BlockRule]):
    """What is kept out. Holds at once here, and within 10 s in other processes."""

    list_display = ("kind", "value", "note", "until", "created_by", "created_at")
    list_filter = ("kind",)
    search_fields = ("value", "note")
    fields = ("kind", "value", "note", "until")

    def save_model(self, request: HttpRequest, obj: BlockRule, form: Any, change: bool) -> None:  # noqa: FBT001
        """Words are kept in the form in which they are compared."""
        obj.value = folded(obj.value) if obj.kind == RuleKind.WORD else obj.value.strip().lower()
        if not change:
            obj.created_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        rules_forget()

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Gone at once."""
        super().delete_model(request, obj)  # type: ignore[arg-type]
        rules_forget()

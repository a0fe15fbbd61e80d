"""Reports of anything that the registry knows, and letters to the operator."""

from django.db import IntegrityError, transaction

from accounts.constants import ReportReason
from accounts.events import ContactReceived
from accounts.models import ContactMessage, Report
from core.errors import BadInputError, NotFoundError, RuleError
from core.events import publish
from core.registry import report_targets
from core.viewer import Viewer


def report_create(
    *, viewer: Viewer, target_kind: str, target_id: int, reason: ReportReason, text: str = ""
) -> Report:
    """Report something that the viewer can see; while it is open, again gives the same report.

    Raises BadInputError `unknown_kind`, NotFoundError, RuleError `report_own`.
    """
    target = report_targets.get(target_kind)
    if target is None:
        raise BadInputError("This kind of thing cannot be reported.", code="unknown_kind")
    thing = target.find(viewer, target_id)
    if thing is None:
        raise NotFoundError
    owner_id = target.owner_id(thing)
    if owner_id == viewer.pk:
        raise RuleError("This is your own.", code="report_own")
    which = {"reporter_id": viewer.pk, "target_kind": target_kind, "target_id": target_id}
    try:
        with transaction.atomic():
            return Report.objects.create(
                **which,
                target_user_id=owner_id,
                reason=reason,
                text=text,
                snapshot=dict(target.snapshot(thing)),
            )
    except IntegrityError:
        return Report.objects.filter(**which).order_by("-pk")[:1].get()


@transaction.atomic
def contact_create(
    *, name: str, email: str, subject: str, message: str, user_id: int | None = None
) -> ContactMessage:
    """Keep a letter to the operator, and mail it."""
    row = ContactMessage.objects.create(
        name=name, email=email, subject=subject, message=message, user_id=user_id
    )
    publish(ContactReceived(message_id=row.pk))
    return row

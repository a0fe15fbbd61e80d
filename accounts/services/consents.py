"""What people agreed to: rows are only ever added."""

from django.conf import settings
from django.db import transaction

from accounts.models import Consent, User
from core.errors import NotFoundError, RuleError


def consents_record(*, user: User, address: str) -> None:
    """Who signs up agrees to every document as it stands now; inside the caller's transaction."""
    Consent.objects.bulk_create(
        Consent(user=user, document=d.name, version=d.version, address=address or None)
        for d in settings.DOCUMENTS
    )


@transaction.atomic
def consent_give(*, user_id: int, document: str, version: str, address: str) -> Consent:
    """Agree to a document as it stands now; again is the same row.

    Raises NotFoundError for an unknown document, RuleError `other_version` for one that changed.
    """
    present = next((d for d in settings.DOCUMENTS if d.name == document), None)
    if present is None:
        raise NotFoundError
    if present.version != version:
        raise RuleError("It has changed meanwhile. Read it again.", code="other_version")
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    given = user.consents.filter(document=document, version=version).first()
    return given or Consent.objects.create(
        user=user, document=document, version=version, address=address or None
    )

"""The people in conversations, as far as a viewer may see them."""

from collections.abc import Collection, Iterable

from accounts.models import User
from accounts.shapes import SUMMARY_FIELDS, UserSummaryShape, user_summary_of
from core.viewer import Viewer


def summaries_of(*, user_ids: Collection[int]) -> dict[int, UserSummaryShape]:
    """Summaries of these people as each sees themselves, by id. One query."""
    rows = (
        User.objects.get_queryset()
        .shown()
        .filter(pk__in=set(user_ids))
        .values_list(*SUMMARY_FIELDS)
    )
    return {row[0]: user_summary_of(*row) for row in rows}


def people_for(*, viewer: Viewer, user_ids: Iterable[int | None]) -> dict[int, UserSummaryShape]:
    """Summaries of those of these people whom the viewer may see, by id. One query."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    rows = User.objects.visible_to(viewer).filter(pk__in=wanted).values_list(*SUMMARY_FIELDS)
    return {row[0]: user_summary_of(*row) for row in rows}

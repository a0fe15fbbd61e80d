"""Lists without what their reader hides: read on until a page is full."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from django.db.models import Subquery

from accounts.models import ContentFilter
from posts.selectors.rows import VIEWER

Row = TypeVar("Row")
Place = TypeVar("Place")
# A page of somebody who hides nearly everything is short rather than slow.
ROUNDS_MAX: Final = 20


def of_viewer(column: str) -> Subquery:
    """A column of the viewer's ContentFilter, in each row of a list; NULL for most people.

    The database looks it up once for the statement, which saves a statement of its own.
    """
    return Subquery(ContentFilter.objects.filter(user=VIEWER).values(column)[:1])


def read_shown(
    read: Callable[[Any], Sequence[Row]],
    *,
    position: Place | None,
    limit: int,
    is_hidden: Callable[[Row], bool],
    position_of: Callable[[Row], Place],
) -> list[Row]:
    """At least `limit` rows past `position` that are not hidden, if there are so many.

    `read(position)` gives at least `limit` rows where there are so many.
    """
    shown: list[Row] = []
    for _ in range(ROUNDS_MAX):
        rows = read(position)
        shown += [row for row in rows if not is_hidden(row)]
        if len(shown) >= limit or len(rows) < limit:
            break
        position = position_of(rows[-1])
    return shown

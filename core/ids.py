"""Ids of rows: positive bigints inside, strings of digits in JSON, in paths and in tokens."""

import re
from typing import Final

ID_FORM: Final = r"[1-9][0-9]{0,18}"
LARGEST_ID: Final = 2**63 - 1
_ID: Final = re.compile(ID_FORM)


def id_of(value: object) -> int:
    """The id that a string of digits names. Raises ValueError for what no row can have as its id."""
    if not isinstance(value, str) or not _ID.fullmatch(value) or int(value) > LARGEST_ID:
        raise ValueError(value)
    return int(value)

"""Counting anew how many people somebody follows and is followed by."""

from typing import Final

from core.sql import mend_counters

_ONE: Final = """
UPDATE accounts_user SET {counter} = accounts_user.{counter} + off.amount
FROM (
    SELECT u.id, (
        SELECT count(*) FROM accounts_follow f WHERE f.{side} = u.id AND f.state = 'active'
    ) - u.{counter} AS amount
    FROM accounts_user u
) off
WHERE off.id = accounts_user.id AND off.amount <> 0
"""
_STATEMENTS: Final = {
    "followers_count": _ONE.format(counter="followers_count", side="followee_id"),
    "following_count": _ONE.format(counter="following_count", side="follower_id"),
}


def follows_recount() -> dict[str, int]:
    """Set both counters right; how many of each were off."""
    return mend_counters(_STATEMENTS)

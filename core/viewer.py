"""Who asks: a frozen value made from a token's claims, with no row behind it."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["user", "moderator", "admin"]
ALL_SCOPES = frozenset({"read", "write", "messages", "account", "admin"})


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person (id is set) or somebody unknown (id is None)."""

    id: int | None
    session_id: int | None = None
    scopes: frozenset[str] = frozenset()
    role: Role = "user"
    is_verified: bool = False
    #: A hint of when the token was made, for choosing how to read; never for what to show.
    follows_many: bool = False

    @property
    def is_authenticated(self) -> bool:
        """True when somebody is signed in."""
        return self.id is not None

    @property
    def is_anonymous(self) -> bool:
        """True when nobody is signed in."""
        return self.id is None

    @property
    def is_staff(self) -> bool:
        """True for moderators and admins."""
        return self.role != "user"

    @property
    def pk(self) -> int:
        """The person's id; raises ValueError for somebody unknown."""
        if self.id is None:
            raise ValueError("nobody is signed in")
        return self.id


def anonymous() -> Viewer:
    """Somebody who has not signed in."""
    return Viewer(id=None)

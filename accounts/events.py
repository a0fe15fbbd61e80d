"""What happens to people: facts of ids, for handlers in this app and above."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RegistrationRefused:
    """Somebody tried to register with the verified address of this account."""

    user_id: int


@dataclass(frozen=True, slots=True)
class ProofIssued:
    """A link, and perhaps a code, has to be mailed; another nonce means that it was replaced."""

    token_id: int
    nonce: str


@dataclass(frozen=True, slots=True)
class EmailVerified:
    """The address is theirs."""

    user_id: int


@dataclass(frozen=True, slots=True)
class EmailChanged:
    """The address is another one; `old` learns of it."""

    user_id: int
    old: str


@dataclass(frozen=True, slots=True)
class SignedInSomewhere:
    """A new session began."""

    session_id: int


@dataclass(frozen=True, slots=True)
class SecondFactorChanged:
    """The second factor was set up (`is_on`) or taken away."""

    user_id: int
    is_on: bool


@dataclass(frozen=True, slots=True)
class AccountDeleteAsked:
    """Somebody wants their account deleted; they may come back until the grace has ended."""

    user_id: int


@dataclass(frozen=True, slots=True)
class ModeratorActed:
    """The person whom it is about is told, with the reason."""

    action_id: int


@dataclass(frozen=True, slots=True)
class ContactReceived:
    """Somebody wrote to the operator."""

    message_id: int


@dataclass(frozen=True, slots=True)
class PasswordForgotten:
    """Somebody asked for a new password of the account with this address, if there is one."""

    email: str


@dataclass(frozen=True, slots=True)
class PasswordChanged:
    """There is a new password."""

    user_id: int


@dataclass(frozen=True, slots=True)
class UserFollowed:
    """A follow is active."""

    follower_id: int
    followee_id: int


@dataclass(frozen=True, slots=True)
class FollowRequested:
    """Somebody asks to follow a private account."""

    follower_id: int
    followee_id: int


@dataclass(frozen=True, slots=True)
class FollowRequestAccepted:
    """A private account let somebody follow."""

    follower_id: int
    followee_id: int


@dataclass(frozen=True, slots=True)
class FollowEnded:
    """A follow or a request is gone, whoever ended it."""

    follower_id: int
    followee_id: int


@dataclass(frozen=True, slots=True)
class UserBlocked:
    """One person blocked another."""

    blocker_id: int
    blocked_id: int


@dataclass(frozen=True, slots=True)
class UserUnblocked:
    """One person blocks another no longer; the other may still block the one."""

    blocker_id: int
    blocked_id: int


@dataclass(frozen=True, slots=True)
class RestrictionChanged:
    """One person restricts another, or does not any more; the other never learns of it."""

    owner_id: int
    target_id: int


@dataclass(frozen=True, slots=True)
class PrivacyChanged:
    """An account became private or public; who may see its posts changed."""

    user_id: int


@dataclass(frozen=True, slots=True)
class RefreshReused:
    """An old refresh token came back: its family was revoked."""

    user_id: int
    session_id: int

"""Errors that a person may see; the API turns each into problem+json, the socket into an error frame."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that is wrong; `file` is the place of an upload in its request, from 0."""

    field: str
    code: str
    message: str
    file: int | None = None


class ApplicationError(Exception):
    """A rule said no. `code` is stable and documented, `detail` is a sentence for people."""

    status = 400
    code = "invalid"
    detail = "The request cannot be carried out."

    def __init__(
        self,
        detail: str | None = None,
        *,
        code: str | None = None,
        errors: Sequence[FieldError] = (),
        retry_after: int | None = None,
    ) -> None:
        self.detail = detail or self.detail
        self.code = code or self.code
        self.errors = tuple(errors)
        self.retry_after = retry_after
        super().__init__(self.detail)

    @classmethod
    def of_field(cls, field: str, code: str, message: str, *, file: int | None = None) -> Self:
        """The error that is about one field, with the same code and sentence."""
        return cls(message, code=code, errors=[FieldError(field, code, message, file)])


class BadInputError(ApplicationError):
    """The form of the request makes no sense."""

    code = "invalid"
    detail = "Some of the fields are not valid."


class UnauthenticatedError(ApplicationError):
    """Nobody, or nobody any more, is signed in."""

    status = 401
    code = "not_authenticated"
    detail = "Sign in to do this."


class ForbiddenError(ApplicationError):
    """Signed in, but this is not for them; never said about things they may not see."""

    status = 403
    code = "forbidden"
    detail = "You may not do this."


class NotFoundError(ApplicationError):
    """It does not exist, or not for this viewer: the two answers are the same."""

    status = 404
    code = "not_found"
    detail = "There is nothing here."


class ConflictError(ApplicationError):
    """The state of things stands against it."""

    status = 409
    code = "conflict"
    detail = "This does not fit the present state."


class PayloadTooLargeError(ApplicationError):
    """More bytes than allowed."""

    status = 413
    code = "too_large"
    detail = "This is larger than allowed."


class UnsupportedMediaError(ApplicationError):
    """A kind of content that is not accepted."""

    status = 415
    code = "unsupported_media_type"
    detail = "This kind of content is not accepted."


class RuleError(ApplicationError):
    """Well formed, but a rule of the house forbids it."""

    status = 422
    code = "rule"
    detail = "A rule forbids this."


class RateLimitedError(ApplicationError):
    """Too many in too short a time; `retry_after` is in whole seconds."""

    status = 429
    code = "rate_limited"
    detail = "Too many requests. Try again later."


class UnavailableError(ApplicationError):
    """A part that this needs does not answer now; `retry_after` is in whole seconds."""

    status = 503
    code = "unavailable"
    detail = "This does not work at the moment. Try again soon."


class StorageFullError(ApplicationError):
    """There is no room left to keep the bytes; nothing was half written."""

    status = 507
    code = "storage_full"
    detail = "There is no room left to store this."

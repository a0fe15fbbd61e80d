"""Sending a message, over HTTP and from other services; sockets use the Batcher."""

from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from psycopg.rows import tuple_row

from core.errors import ApplicationError, BadInputError, RuleError, UnavailableError
from core.realtime import push_to_users
from core.sql import run_hot
from core.text import clean_text
from core.viewer import Viewer
from messaging.constants import BODY_MAX
from messaging.selectors import people_for
from messaging.services.announcing import announcements
from messaging.services.writing import STATEMENT, Draft, Outcome, outcomes, statement_params
from messaging.shapes import MessageShape, message_shape

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Sent:
    """The stored message, and whether it had been stored before under the same client_id."""

    message: MessageShape
    is_duplicate: bool


def message_draft(
    *,
    viewer: Viewer,
    conversation_id: int,
    client_id: UUID,
    body: str,
    reply_to_seq: int | None = None,
) -> Draft:
    """A message with its text checked and in normal form; nothing is written yet.

    Raises BadInputError `bad_text`, `blank` or `max_length`.
    """
    text = clean_text(body, field="body")
    if not text.strip():
        raise BadInputError.of_field("body", "blank", "A message needs a text.")
    if len(text) > BODY_MAX:
        message = f"A message has at most {BODY_MAX} characters."
        raise BadInputError.of_field("body", "max_length", message)
    return Draft(conversation_id, viewer.pk, client_id, text, reply_to_seq)


def attachments_check(media_ids: object, post_id: object) -> None:
    """Raises RuleError `attachments_unavailable` unless both are empty."""
    if media_ids or post_id:
        raise RuleError("Attachments are not available yet.", code="attachments_unavailable")


def message_send(*, viewer: Viewer, draft: Draft) -> Sent:
    """Store the message and, after commit, push it to all sockets of all members.

    The same client_id again gives the first row. Raises NotFoundError where the viewer may not
    write (not a member, or a block in either direction), RuleError `bad_reply`.
    """
    outcome = _write(draft)
    if isinstance(outcome, ApplicationError):
        raise outcome
    people = people_for(viewer=viewer, user_ids=[draft.sender_id])
    message = message_shape(outcome.row, people)
    for user_ids, announcement in announcements(outcome, message):
        push_to_users(user_ids, announcement)
    return Sent(message, outcome.is_duplicate)


def _write(draft: Draft) -> Outcome:
    """A batch of one. Raced by another process with the same client_id, it finds that row."""
    for _ in range(MOST_TRIES):
        with suppress(IntegrityError), transaction.atomic():
            rows = run_hot(STATEMENT, statement_params([draft]), row=tuple_row)
            return outcomes([draft], rows)[0][1]
    raise UnavailableError(retry_after=1)

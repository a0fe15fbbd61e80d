"""The one statement that writes messages, for one row or for many.

Two callers run it: `message_send` on Django's connection and the Batcher on its own. It checks the
right to write, numbers the messages under the conversation's row lock, and counts up the inbox of
every member, all in one commit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from core.errors import ApplicationError, NotFoundError, RuleError
from messaging.constants import MessageKind
from messaging.shapes import MessageRow


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be written; `client_id` is the sender's own name for it."""

    conversation_id: int
    sender_id: int
    client_id: UUID
    body: str
    reply_to_seq: int | None = None
    kind: MessageKind = MessageKind.TEXT

    @property
    def key(self) -> tuple[int, int, UUID]:
        """What makes a message the same one when it is sent again."""
        return self.conversation_id, self.sender_id, self.client_id


@dataclass(frozen=True, slots=True)
class Written:
    """A committed message. Of a duplicate this is the first row, and nobody is told again."""

    row: MessageRow
    is_duplicate: bool
    member_ids: tuple[int, ...]


Outcome = Written | ApplicationError

# Lock order: conversations by id, then inboxes by user_id, then members. `locked` sees the newest
# version of each conversation, so `last_seq` has no holes; the rest sees the snapshot from before
# the wait, so the same client_id raced in another process ends in 23505 and the statement is run
# again. ON CONFLICT DO NOTHING instead would burn a number.
# LATERAL keeps every look into a large table an index look-up, whatever the planner guesses.
STATEMENT = """
WITH draft AS MATERIALIZED (
  SELECT * FROM json_to_recordset(%(drafts)s::json) AS t(
    n int, conversation_id bigint, sender_id bigint, client_id uuid,
    kind text, body text, reply_to_seq bigint)
), repeated AS MATERIALIZED (
  SELECT d.n, m.* FROM draft d CROSS JOIN LATERAL (
    SELECT * FROM messaging_message
    WHERE conversation_id = d.conversation_id AND sender_id = d.sender_id
      AND client_id = d.client_id LIMIT 1) m
), allowed AS MATERIALIZED (
  SELECT d.*, own.first_seq FROM draft d CROSS JOIN LATERAL (
    SELECT first_seq FROM messaging_member
    WHERE conversation_id = d.conversation_id AND user_id = d.sender_id AND left_at IS NULL
    LIMIT 1) own
  WHERE NOT EXISTS (SELECT FROM repeated r WHERE r.n = d.n)
    AND NOT EXISTS (
      SELECT FROM messaging_conversation c
      CROSS JOIN LATERAL (
        SELECT user_id FROM messaging_member
        WHERE conversation_id = c.id AND user_id <> d.sender_id LIMIT 1) other
      CROSS JOIN LATERAL (
        SELECT FROM accounts_relation
        WHERE kind = 'block' AND ((owner_id = d.sender_id AND target_id = other.user_id)
          OR (owner_id = other.user_id AND target_id = d.sender_id)) LIMIT 1) block
      WHERE c.id = d.conversation_id AND c.kind = 'direct')
), locked AS MATERIALIZED (
  SELECT id, last_seq FROM messaging_conversation
  WHERE id = ANY(ARRAY(SELECT conversation_id FROM allowed)) ORDER BY id FOR NO KEY UPDATE
), fresh AS MATERIALIZED (
  SELECT a.*, row_number() OVER (PARTITION BY a.conversation_id ORDER BY a.n) AS place
  FROM allowed a JOIN locked l ON l.id = a.conversation_id
  WHERE a.reply_to_seq IS NULL OR a.reply_to_seq BETWEEN a.first_seq AND l.last_seq
), raised AS (
  UPDATE messaging_conversation c
  SET last_seq = c.last_seq + f.added, rev = c.rev + f.added, last_activity_at = clock_timestamp()
  FROM (SELECT conversation_id, count(*) AS added FROM fresh GROUP BY conversation_id) f
  WHERE c.id = f.conversation_id
  RETURNING c.id, c.last_seq - f.added AS seq, c.rev - f.added AS rev, c.last_activity_at AS at
), written AS (
  INSERT INTO messaging_message (conversation_id, seq, rev, sender_id, client_id, kind, body,
    payload, reply_to_seq, created_at)
  SELECT f.conversation_id, r.seq + f.place, r.rev + f.place, f.sender_id, f.client_id, f.kind,
    f.body, '{}', f.reply_to_seq, r.at
  FROM fresh f JOIN raised r ON r.id = f.conversation_id
  RETURNING *
), concerned AS MATERIALIZED (
  SELECT m.id, m.conversation_id, m.user_id FROM raised r CROSS JOIN LATERAL (
    SELECT id, conversation_id, user_id FROM messaging_member
    WHERE conversation_id = r.id AND left_at IS NULL) m
), inbox AS MATERIALIZED (
  SELECT user_id FROM messaging_inbox
  WHERE user_id = ANY(ARRAY(SELECT user_id FROM concerned)) ORDER BY user_id FOR NO KEY UPDATE
), counted AS (
  UPDATE messaging_inbox i SET version = i.version + 1 FROM inbox
  WHERE i.user_id = inbox.user_id RETURNING i.user_id, i.version
), marked AS (
  UPDATE messaging_member m
  SET changed_version = c.version, read_seq = GREATEST(m.read_seq, (
    SELECT max(w.seq) FROM written w
    WHERE w.conversation_id = t.conversation_id AND w.sender_id = t.user_id))
  FROM concerned t JOIN counted c ON c.user_id = t.user_id
  WHERE m.id = t.id
)
SELECT false, (SELECT array_agg(t.user_id) FROM concerned t
    WHERE t.conversation_id = w.conversation_id),
  id, conversation_id, seq, rev, sender_id, client_id, kind, body, payload::text, reply_to_seq,
  created_at, edited_at, unsent_at FROM written w
UNION ALL
SELECT true, NULL,
  id, conversation_id, seq, rev, sender_id, client_id, kind, body, payload::text, reply_to_seq,
  created_at, edited_at, unsent_at FROM repeated
UNION ALL -- a reply to nothing
SELECT NULL, NULL, n, conversation_id, 0, 0, sender_id, client_id, kind, body, '', reply_to_seq,
  now(), NULL, NULL FROM allowed a WHERE NOT EXISTS (SELECT FROM fresh f WHERE f.n = a.n)
"""


def statement_params(drafts: Sequence[Draft]) -> dict[str, str]:
    """The parameters of STATEMENT. No two drafts may have the same key."""
    rows = [
        {
            "n": number,
            "conversation_id": draft.conversation_id,
            "sender_id": draft.sender_id,
            "client_id": draft.client_id,
            "kind": draft.kind.value,
            "body": draft.body,
            "reply_to_seq": draft.reply_to_seq,
        }
        for number, draft in enumerate(drafts)
    ]
    return {"drafts": orjson.dumps(rows).decode()}


def outcomes(drafts: Iterable[Draft], rows: Iterable[Sequence[Any]]) -> list[tuple[Draft, Outcome]]:
    """Pair each draft with what became of it, by `seq`: the order in which others must learn it."""
    found = {outcome_key(row): row for row in map(tuple, rows)}
    pairs = [(draft, _outcome(found.get(draft.key))) for draft in drafts]
    return sorted(pairs, key=lambda pair: pair[1].row.seq if isinstance(pair[1], Written) else 0)


def outcome_key(row: Sequence[Any]) -> tuple[int, int, UUID]:
    """The key of the draft that a row of STATEMENT answers."""
    message = MessageRow(*row[2:])
    return message.conversation_id, message.sender_id or 0, message.client_id


def _outcome(row: Sequence[Any] | None) -> Outcome:
    if row is None:
        return NotFoundError()
    is_duplicate, member_ids, *message = row
    if is_duplicate is None:
        return RuleError("There is no such message to reply to.", code="bad_reply")
    return Written(MessageRow(*message), is_duplicate, tuple(member_ids or ()))

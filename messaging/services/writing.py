"""The one statement that writes messages, for one row or for many.

Two callers run it: `message_send` on Django's connection and the Batcher on its own. It checks the
right to write, numbers the messages under the conversation's row lock, and counts up the inbox of
every member, all in one commit.
"""

from collections.abc import Iterable, Mapping, Sequence
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

# Lock order: conversations by id, then inboxes by user_id, then members. An UPDATE that waited sees
# the newest version of a row, so `last_seq` has no holes; the rest sees the snapshot from before the
# wait, so the same client_id raced in another process ends in 23505 and the statement is run again.
# ON CONFLICT DO NOTHING instead would burn a number.
# LATERAL and LIMIT keep every look into a large table an index look-up, whatever the planner guesses.
# What an UPDATE needs of the rows before it travels with the row that is locked, in arrays: a lock of
# its own before each UPDATE made two processes that write to the same conversations check every row
# that changed against every row of the statement (twice the processor time, ADR 48).
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
  SELECT d.n, d.conversation_id, d.sender_id,
    COALESCE(d.reply_to_seq BETWEEN own.first_seq AND own.last_seq, true) AS is_good
  FROM draft d CROSS JOIN LATERAL (
    SELECT m.first_seq, c.last_seq, c.kind
    FROM messaging_member m JOIN messaging_conversation c ON c.id = m.conversation_id
    WHERE m.conversation_id = d.conversation_id AND m.user_id = d.sender_id
      AND m.left_at IS NULL LIMIT 1) own
  WHERE NOT EXISTS (SELECT FROM repeated r WHERE r.n = d.n)
    AND (own.kind <> 'direct' OR NOT EXISTS (
      SELECT FROM (
        SELECT user_id FROM messaging_member
        WHERE conversation_id = d.conversation_id AND user_id <> d.sender_id LIMIT 1) other
      CROSS JOIN LATERAL (
        SELECT FROM accounts_relation
        WHERE kind = 'block' AND ((owner_id = d.sender_id AND target_id = other.user_id)
          OR (owner_id = other.user_id AND target_id = d.sender_id)) LIMIT 1) block))
), raise AS MATERIALIZED (
  SELECT conversation_id, count(*) AS count, array_agg(n ORDER BY n) AS drafts,
    array_agg(sender_id ORDER BY n DESC) AS senders
  FROM allowed WHERE is_good GROUP BY conversation_id ORDER BY conversation_id
), raised AS MATERIALIZED (
  UPDATE messaging_conversation c
  SET last_seq = last_seq + count, rev = rev + count, last_activity_at = clock_timestamp()
  FROM raise r WHERE c.id = r.conversation_id
  RETURNING r.*, last_seq, rev AS last_rev, last_activity_at AS at
), fresh AS MATERIALIZED (
  SELECT nextval('messaging_message_id_seq') AS id, n, conversation_id,
    last_seq - count + place AS seq, last_rev - count + place AS rev, at
  FROM raised CROSS JOIN LATERAL unnest(drafts) WITH ORDINALITY AS placed(n, place)
), written AS (
  INSERT INTO messaging_message (id, conversation_id, seq, rev, sender_id, client_id, kind, body,
    payload, reply_to_seq, created_at)
  SELECT f.id, f.conversation_id, seq, rev, sender_id, client_id, kind, body, '{}', reply_to_seq, at
  FROM fresh f JOIN draft d USING (n)
), concerned AS MATERIALIZED (
  SELECT m.id, m.user_id, r.conversation_id,
    r.last_seq + 1 - array_position(r.senders, m.user_id) AS said
  FROM raised r CROSS JOIN LATERAL (
    SELECT id, user_id FROM messaging_member
    WHERE conversation_id = r.conversation_id AND left_at IS NULL) m
), counted AS MATERIALIZED (
  UPDATE messaging_inbox i SET version = version + 1
  FROM (
    SELECT user_id, array_agg(id) AS ids, array_agg(said) AS said
    FROM concerned GROUP BY user_id ORDER BY user_id) c
  WHERE i.user_id = c.user_id
  RETURNING version, c.ids, c.said
), marked AS (
  UPDATE messaging_member m
  SET changed_version = version, read_seq = GREATEST(m.read_seq, one.said)
  FROM counted c CROSS JOIN LATERAL unnest(c.ids, c.said) AS one(id, said) WHERE m.id = one.id
)
SELECT 'new' AS what, n, NULL::bigint[] AS members, id, conversation_id, seq, rev, at,
  NULL::bigint AS sender_id, NULL::uuid AS client_id, NULL AS kind, NULL AS body, NULL AS payload,
  NULL::bigint AS reply_to_seq, NULL::timestamptz AS edited_at, NULL::timestamptz AS unsent_at
FROM fresh
UNION ALL
SELECT 'members', NULL, array_agg(user_id), NULL, conversation_id, NULL, NULL, NULL,
  NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM concerned GROUP BY conversation_id
UNION ALL
SELECT 'repeated', n, NULL, id, conversation_id, seq, rev, created_at,
  sender_id, client_id, kind, body, payload::text, reply_to_seq, edited_at, unsent_at
FROM repeated
UNION ALL
SELECT 'bad_reply', n, NULL, NULL, conversation_id, NULL, NULL, NULL,
  NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM allowed WHERE NOT is_good
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


def outcomes(drafts: Sequence[Draft], rows: Iterable[Sequence[Any]]) -> list[tuple[Draft, Outcome]]:
    """Pair each draft with what became of it, by `seq`: the order in which others must learn it."""
    found: dict[int, Sequence[Any]] = {}
    members: dict[int, tuple[int, ...]] = {}
    for row in rows:
        if row[0] == "members":
            members[row[4]] = tuple(row[2])
        else:
            found[row[1]] = row
    pairs = [(draft, _outcome(draft, found.get(n), members)) for n, draft in enumerate(drafts)]
    return sorted(pairs, key=lambda pair: pair[1].row.seq if isinstance(pair[1], Written) else 0)


def _outcome(
    draft: Draft, row: Sequence[Any] | None, members: Mapping[int, tuple[int, ...]]
) -> Outcome:
    if row is None:
        return NotFoundError()
    what, _, _, id_, conversation_id, seq, rev, at, *rest = row
    if what == "bad_reply":
        return RuleError("There is no such message to reply to.", code="bad_reply")
    if what == "repeated":
        *content, edited_at, unsent_at = rest
        first = (id_, conversation_id, seq, rev, *content, at, edited_at, unsent_at)
        return Written(MessageRow._make(first), is_duplicate=True, member_ids=())
    message = MessageRow(
        id_,
        conversation_id,
        seq,
        rev,
        draft.sender_id,
        draft.client_id,
        draft.kind.value,
        draft.body,
        "{}",
        draft.reply_to_seq,
        at,
        None,
        None,
    )
    return Written(message, is_duplicate=False, member_ids=members[conversation_id])

// Express + Socket.IO + redis adapter + pg, as a good team writes it, in one process.
// PEER=plain: one INSERT a message, no promises. PEER=batched: the promises of our own server, by
// the very statement that ours runs (STATEMENT): seq and rev under the row lock, client_id, inbox
// version, ack after commit; what arrives during one commit is the next batch.
import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import express from "express";
import pg from "pg";
import { createClient } from "redis";
import { Server } from "socket.io";

const { PORT, PEER, STATEMENT, PGHOST, REDIS_PATH } = process.env;
const SHARDS = 2;
const MOST_IN_BATCH = 200;
const SESSION =
  "SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off; SET jit = off;" +
  "SET plan_cache_mode = force_generic_plan; SET lock_timeout = '300ms'; SET timezone = 'UTC'";

const app = express();
app.get("/healthz", (_request, response) => response.send("ok"));
const server = createServer(app);
const io = new Server(server, {
  transports: ["websocket"],
  perMessageDeflate: false,
  pingInterval: 25_000,
  pingTimeout: 20_000,
});

const publisher = createClient({ socket: { path: REDIS_PATH } });
const subscriber = publisher.duplicate();
await Promise.all([publisher.connect(), subscriber.connect()]);
io.adapter(createAdapter(publisher, subscriber));

const deliver = PEER === "batched" ? await batched() : plain();

io.on("connection", (socket) => {
  const { user, conversations } = socket.handshake.auth;
  socket.join(`u:${user}`);
  for (const id of conversations) socket.join(`c:${id}`);
  socket.on("send", (message, acknowledge) => deliver(user, message, acknowledge));
});

/** One INSERT a message on a pool of eight, then everybody in the room. */
function plain() {
  const pool = new pg.Pool({ host: PGHOST, max: 8 });
  const text =
    "INSERT INTO peer_message (conversation_id, sender_id, body) VALUES ($1, $2, $3) RETURNING id, created_at";
  return async (user, { conversation_id, body }, acknowledge) => {
    const { rows } = await pool.query({ name: "send", text, values: [conversation_id, user, body] });
    const message = { id: rows[0].id, conversation_id, sender_id: user, body, created_at: rows[0].created_at };
    acknowledge(message);
    io.to(`c:${conversation_id}`).emit("message", message);
  };
}

/** Shards with a connection of their own and one statement in flight, as our Batcher. */
async function batched() {
  const shards = await Promise.all(Array.from({ length: SHARDS }, shard));
  return (user, message, acknowledge) =>
    shards[Number(message.conversation_id) % SHARDS]({ user, message, acknowledge });
}

async function shard() {
  const client = new pg.Client({ host: PGHOST });
  await client.connect();
  await client.query(SESSION);
  let waiting = [];
  let isRunning = false;
  async function run() {
    isRunning = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, MOST_IN_BATCH);
      await settle(client, batch);
    }
    isRunning = false;
  }
  return (entry) => {
    waiting.push(entry);
    // What arrives in this turn of the loop goes along.
    if (!isRunning) {
      isRunning = true;
      setImmediate(run);
    }
  };
}

async function settle(client, batch) {
  const drafts = batch.map(({ user, message }, n) => ({
    n,
    conversation_id: message.conversation_id,
    sender_id: user,
    client_id: message.client_id,
    kind: "text",
    body: message.body,
    reply_to_seq: null,
  }));
  const { rows } = await client.query({
    name: "send",
    text: STATEMENT,
    values: [JSON.stringify(drafts)],
    rowMode: "array",
  });
  // Of a row: what it is, draft, members, then the message's columns.
  const members = new Map();
  for (const row of rows) if (row[0] === "members") members.set(row[4], row[2]);
  const told = rows.filter(([what]) => what === "new" || what === "repeated");
  for (const row of told.sort((a, b) => Number(a[5]) - Number(b[5]))) {
    const [what, n, , id, conversation_id, seq, rev, created_at] = row;
    const { user, message, acknowledge } = batch[n];
    const { client_id, body } = message;
    const stored = { id, conversation_id, seq, rev, sender_id: user, client_id, kind: "text", body, created_at };
    const duplicate = what === "repeated";
    acknowledge({ message: stored, duplicate });
    if (duplicate) continue;
    io.to(members.get(conversation_id).map((member) => `u:${member}`)).emit("message", stored);
  }
}

server.listen(Number(PORT), "127.0.0.1");

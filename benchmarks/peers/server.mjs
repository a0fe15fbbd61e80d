// The hot reads of the API as an Express server gives them: the same check of the token, the same
// look into Redis, the same SQL, the same JSON. `prepared` names the statements, so that PostgreSQL
// plans them once; without it they are sent as such servers usually send them.
//   node server.mjs '{"port", "prepared", "redis", "prefix", "secret", "database", "sql"}'
import { createHmac } from "node:crypto";
import express from "express";
import { Redis } from "ioredis";
import jwt from "jsonwebtoken";
import pg from "pg";

const config = JSON.parse(process.argv[2]);
const pool = new pg.Pool({ ...config.database, max: 12 });
const redis = new Redis(config.redis);
const PAGE = 20;
const TOP = { at: "9999-12-31T23:59:59.999999Z", id: "9223372036854775807" };
const AUDIENCES = ["public", "followers", "close_friends", "only_me"];
const COMMENT_TOP = { pinned: true, id: TOP.id };

async function run(name, values) {
  const { text, slots } = config.sql[name];
  const query = { text, values: slots.map((slot) => values[slot]), rowMode: "array" };
  if (config.prepared) query.name = name;
  return (await pool.query(query)).rows;
}

async function epochOf(user, session) {
  const key = `${config.prefix}:ep:${user}:${session}`;
  const cached = await redis.get(key);
  if (cached !== null) return cached;
  const [row] = await run("epoch", { user, session });
  const epoch = row ? String(row[0]) : "-";
  await redis.set(key, epoch, "EX", 5);
  return epoch;
}

async function signedIn(request, response, next) {
  try {
    const token = (request.get("authorization") ?? "").replace(/^Bearer /, "");
    const rules = { algorithms: ["HS256"], audience: "jyoti", issuer: "jyoti" };
    const claims = jwt.verify(token, config.secret, rules);
    if ((await epochOf(claims.sub, claims.sid)) !== String(claims.epoch)) throw new Error("ended");
    request.viewer = { id: claims.sub, followsMany: claims.many };
    next();
  } catch {
    response.status(401).json({ code: "token_expired" });
  }
}

const sign = (purpose, body) =>
  createHmac("sha256", config.secret).update(`${purpose}.${body}`).digest("base64url").slice(0, 22);

function page(rows, request, name, place, shape) {
  const shown = rows.slice(0, PAGE);
  const last = shown.at(-1);
  let next = null;
  if (rows.length > PAGE) {
    const body = Buffer.from(JSON.stringify(["n", place(last)])).toString("base64url");
    next = `${request.path}?cursor=${body}.${sign(`cursor.${name}`, body)}`;
  }
  return { results: shown.map(shape), next, previous: null };
}

function address(key) {
  if (key.startsWith("p")) return "";
  const end = (Math.floor(Date.now() / 300000) + 2) * 300;
  return `?e=${end}&s=${sign("media-address", `${key}:${end}`)}`;
}

function media(item) {
  const behind = address(item.key);
  return {
    id: String(item.id),
    state: item.state,
    kind: item.kind,
    width: item.width,
    height: item.height,
    duration_ms: item.duration_ms,
    blurhash: item.blurhash || null,
    alt_text: item.alt_text,
    variants: item.variants.map((variant) => ({
      width: variant.width,
      height: variant.height,
      url: `/media/${item.key}/${variant.name}${behind}`,
      type: variant.type,
    })),
    original_url: null,
    error: null,
  };
}

const person = (id, username, displayName, avatarKey, isPrivate) => ({
  id,
  username,
  display_name: displayName,
  avatar_url: avatarKey ? `/media/${avatarKey}/320.webp${address(avatarKey)}` : null,
  is_private: isPrivate,
});

// The order of PostRow.
function post(row, viewer) {
  const isOwn = row[15] === viewer.id;
  return {
    id: row[0],
    shortcode: row[1],
    author: person(row[15], row[16], row[17], row[18], row[19]),
    caption: row[2],
    audience: AUDIENCES[row[3]],
    state: row[4],
    media: row[5].map(media),
    place: row[23] === null ? null : { id: row[23], name: row[24] },
    sensitive: row[6],
    comments_policy: row[7],
    hide_like_count: row[8],
    pinned: row[9] !== null,
    people_tags: row[26],
    mentions: row[25],
    hashtags: row[22],
    published_at: row[10],
    publish_at: row[11],
    edited_at: row[12],
    likes_count: isOwn || !row[8] ? row[13] : null,
    comments_count: row[14],
    viewer: { liked: row[20], saved: row[21], own: isOwn },
  };
}

// The order of CommentRow.
function comment(row, viewer, replies) {
  return {
    id: row[0],
    post_id: row[1],
    author: person(row[10], row[11], row[12], row[13], row[14]),
    body: row[4],
    root_id: row[2],
    parent_id: row[3],
    created_at: row[8],
    edited_at: row[9],
    pinned: row[15],
    state: row[5],
    likes_count: row[6],
    replies_count: row[7],
    viewer: { liked: row[16], own: row[10] === viewer.id },
    replies,
  };
}

const app = express();
app.disable("x-powered-by");
app.use((_request, response, next) => {
  response.set("Cache-Control", "private, no-store");
  response.set("Vary", "Authorization, Cookie");
  next();
});
app.get("/healthz", (_request, response) => response.json({}));

app.get("/api/v1/feed/home", signedIn, async (request, response) => {
  const { viewer } = request;
  const values = { viewer: viewer.id, ...TOP };
  let rows = viewer.followsMany ? await run("feed_window", values) : [];
  if (rows.length <= PAGE) rows = await run("feed", values);
  const place = (row) => [["t", row[10]], row[0]];
  response.json(page(rows, request, "home", place, (row) => post(row, viewer)));
});

app.get("/api/v1/users/:id/posts", signedIn, async (request, response) => {
  const { viewer } = request;
  const values = { viewer: viewer.id, author: request.params.id, pin: 0, ...TOP };
  const rows = await run("grid", values);
  rows.sort((a, b) => (a[9] ?? 4) - (b[9] ?? 4));
  const place = (row) => [row[9] ?? 4, ["t", row[10]], row[0]];
  const name = `posts.${request.params.id}`;
  response.json(page(rows, request, name, place, (row) => post(row, viewer)));
});

app.get("/api/v1/posts/:id/comments", signedIn, async (request, response) => {
  const { viewer } = request;
  const values = { viewer: viewer.id, post: request.params.id, ...COMMENT_TOP };
  const rows = await run("comments", values);
  const byId = new Map(rows.map((row) => [row[0], row]));
  const answers = new Set(rows.flatMap((row) => row[17]));
  const roots = rows.filter((row) => !answers.has(row[0]));
  const below = (row) => row[17].toReversed().map((id) => byId.get(id)).filter(Boolean);
  const shape = (row) =>
    comment(row, viewer, below(row).map((reply) => comment(reply, viewer, [])));
  const name = `comments.${request.params.id}.newest`;
  response.json(page(roots, request, name, (row) => [row[15], row[0]], shape));
});

app.listen(config.port, "127.0.0.1");

import { beforeEach, describe, expect, test, vi } from "vitest";

const ORIGIN = "http://jyoti.test";

function token(name: string, lifeS = 600, more: object = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { sub: "1", name, iat: 1000, exp: 1000 + lifeS, ...more };
  return `${part({ alg: "HS256" })}.${part(claims)}.x`;
}

/** A server that takes one access token and gives the next one on refresh. */
class Server {
  good = token("first");
  refreshes = 0;
  refreshStatus = 200;
  isDown = false;
  readonly asked: string[] = [];

  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(new URL(String((input as Request).url ?? input), ORIGIN), init);
    if (this.isDown) throw new TypeError("fetch failed");
    if (request.url.endsWith("/auth/refresh")) {
      this.refreshes += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (this.refreshStatus !== 200) return Response.json({}, { status: this.refreshStatus });
      this.good = token(`refreshed ${this.refreshes}`);
      return Response.json({ access: this.good });
    }
    const given = (input as Request).headers.get("Authorization");
    this.asked.push(given ? "with a token" : "without");
    if (given === `Bearer ${this.good}`) return Response.json({ ok: true });
    return Response.json({ code: "token_expired", detail: "Expired." }, { status: 401 });
  };
}

async function start() {
  vi.resetModules();
  const server = new Server();
  vi.stubGlobal("window", {});
  vi.stubGlobal("location", { origin: ORIGIN, reload: vi.fn() });
  vi.stubGlobal("fetch", server.fetch);
  const { authorizedFetch } = await import("./client");
  const { session } = await import("./session");
  await session.start();
  const get = () => authorizedFetch(new Request(`${ORIGIN}/api/v1/me`));
  return { server, session, get };
}

beforeEach(() => {
  vi.unstubAllGlobals();
});

describe("authorizedFetch", () => {
  test("a visitor's request carries no token and a 401 is not retried", async () => {
    const { server, session, get } = await start();
    expect((await get()).status).toBe(401);
    expect(server.asked).toEqual(["without"]);
    expect(server.refreshes).toBe(0);
    expect(session.status.get()).toBe("signed-out");
  });

  test("eight requests with an expired token make one refresh and all succeed", async () => {
    const { server, session, get } = await start();
    session.adopt(server.good);
    server.good = token("rotated elsewhere");
    const answers = await Promise.all(Array.from({ length: 8 }, get));
    expect(answers.map((answer) => answer.status)).toEqual(Array(8).fill(200));
    expect(server.refreshes).toBe(1);
  });

  test("a token about to expire is renewed before it is sent", async () => {
    const { server, session, get } = await start();
    vi.useFakeTimers({ toFake: ["Date"] });
    session.adopt(server.good);
    vi.setSystemTime(Date.now() + 590_000);
    expect((await get()).status).toBe(200);
    vi.useRealTimers();
    expect(server.asked).toEqual(["with a token"]);
    expect(server.refreshes).toBe(1);
  });

  test("the body is sent again with the retry", async () => {
    const { server, session } = await start();
    const { authorizedFetch } = await import("./client");
    session.adopt(token("stale"));
    const bodies: string[] = [];
    vi.stubGlobal("fetch", async (input: Request | string, init?: RequestInit) => {
      if (input instanceof Request) bodies.push(await input.clone().text());
      return server.fetch(input, init);
    });
    const request = new Request(`${ORIGIN}/api/v1/posts`, { method: "POST", body: "words" });
    expect((await authorizedFetch(request)).status).toBe(200);
    expect(bodies).toEqual(["words", "words"]);
  });

  test("when the refresh is refused the session is over, once, and the 401 comes through", async () => {
    const { server, session, get } = await start();
    session.adopt(token("stale"));
    server.refreshStatus = 401;
    expect((await get()).status).toBe(401);
    expect(session.status.get()).toBe("signed-out");
    expect(server.refreshes).toBe(1);
  });

  test("a server that is down ends no session", async () => {
    const { server, session, get } = await start();
    session.adopt(server.good);
    server.isDown = true;
    await expect(get()).rejects.toMatchObject({ code: "offline", status: 0 });
    server.isDown = false;
    server.good = token("rotated elsewhere");
    server.refreshStatus = 503;
    await expect(get()).rejects.toMatchObject({ code: "offline" });
    expect(session.status.get()).toBe("signed-in");
  });

  test("a token that opens only the way back tells that somebody is leaving", async () => {
    const { session } = await start();
    session.adopt(token("first", 600, { scopes: ["read", "account"] }));
    expect(session.isLeaving.get()).toBe(true);
    session.adopt(token("stays", 600, { scopes: ["read", "write", "messages", "account"] }));
    expect(session.isLeaving.get()).toBe(false);
  });

  test("a token that another tab got meanwhile is used instead of asking again", async () => {
    const { server, session, get } = await start();
    session.adopt(token("stale"));
    const other = new BroadcastChannel("jyoti.refresh");
    other.postMessage({ kind: "access", token: server.good });
    await vi.waitFor(async () => expect(await session.token()).toBe(server.good));
    other.close();
    expect((await get()).status).toBe(200);
    expect(server.refreshes).toBe(0);
  });

  test("signing out in another tab ends the session here", async () => {
    const { session } = await start();
    session.adopt(token("first"));
    const other = new BroadcastChannel("jyoti.refresh");
    other.postMessage({ kind: "signed-out" });
    await vi.waitFor(() => expect(session.status.get()).toBe("signed-out"));
    other.close();
  });

  test("somebody else signing in in another tab loads the page anew", async () => {
    const { session } = await start();
    session.adopt(token("first"));
    const stranger = token("x").split(".");
    stranger[1] = Buffer.from(JSON.stringify({ sub: "2", iat: 1, exp: 601 })).toString("base64url");
    const other = new BroadcastChannel("jyoti.refresh");
    other.postMessage({ kind: "access", token: stranger.join(".") });
    await vi.waitFor(() => expect(location.reload).toHaveBeenCalled());
    other.close();
  });
});

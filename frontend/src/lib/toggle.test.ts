import { describe, expect, test } from "vitest";
import { Toggle } from "./toggle";

function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

function recorder(confirmed: boolean) {
  const calls: { on: boolean; answer: ReturnType<typeof deferred<string>> }[] = [];
  const settled: [boolean, string][] = [];
  const failed: boolean[] = [];
  const toggle = new Toggle<string>(confirmed, {
    send: (on) => {
      const answer = deferred<string>();
      calls.push({ on, answer });
      return answer.promise;
    },
    settled: (on, answer) => settled.push([on, answer]),
    failed: (state) => failed.push(state),
  });
  return { toggle, calls, settled, failed };
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

describe("Toggle", () => {
  test("a wish is sent once and settles with the answer", async () => {
    const { toggle, calls, settled } = recorder(false);
    toggle.want(true);
    expect(calls.map((call) => call.on)).toEqual([true]);
    calls[0]?.answer.resolve("liked");
    await turn();
    expect(settled).toEqual([[true, "liked"]]);
    expect(toggle.isIdle).toBe(true);
  });

  test("wishes during a request collapse to the last one", async () => {
    const { toggle, calls, settled } = recorder(false);
    for (const on of [true, false, true, false, true]) toggle.want(on);
    calls[0]?.answer.resolve("liked");
    await turn();
    expect(calls.map((call) => call.on)).toEqual([true]);
    expect(settled).toEqual([[true, "liked"]]);
  });

  test("a wish taken back is told to the server after the first answer", async () => {
    const { toggle, calls, settled } = recorder(false);
    toggle.want(true);
    toggle.want(false);
    calls[0]?.answer.resolve("liked");
    await turn();
    expect(calls.map((call) => call.on)).toEqual([true, false]);
    calls[1]?.answer.resolve("unliked");
    await turn();
    expect(settled).toEqual([[false, "unliked"]]);
  });

  test("a failure rolls back to what the server holds and the next wish is sent again", async () => {
    const { toggle, calls, failed, settled } = recorder(false);
    toggle.want(true);
    calls[0]?.answer.reject(new Error("offline"));
    await turn();
    expect(failed).toEqual([false]);
    toggle.want(true);
    calls[1]?.answer.resolve("liked");
    await turn();
    expect(settled).toEqual([[true, "liked"]]);
  });

  test("a wish for what already holds sends nothing", () => {
    const { toggle, calls } = recorder(true);
    toggle.want(true);
    expect(calls).toEqual([]);
    expect(toggle.isIdle).toBe(true);
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Edit, UNTOUCHED } from "../edit/edit";
import { Draft } from "./draft";
import { progressOf } from "./items";
import { describeLeft } from "./rules";
import { FakeServer, file, MemoryStorage, media, RULES, toolsFor } from "./testing";

const ADA = "1";
const FILTERED: Edit = { ...UNTOUCHED, filter: "dusk" };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** All that waits, and the pause before the draft is kept. */
const settle = () => vi.advanceTimersByTimeAsync(500);

function setUp(storage = new MemoryStorage(), found = {}) {
  const server = new FakeServer();
  const tools = toolsFor(server, storage, found);
  const draft = new Draft(ADA, RULES, tools);
  const names = () => draft.items.get().map((item) => item.file.name);
  const keyOf = (name: string) =>
    draft.items.get().find((item) => item.file.name === name)?.key ?? "";
  return { server, storage, tools, draft, names, keyOf };
}

async function withPictures(...pictures: string[]) {
  const all = setUp();
  all.draft.add(pictures.map((name) => file(name)));
  await settle();
  all.server.sent.forEach((sent, at) => {
    sent.arrive(media(`${at + 1}`));
  });
  await settle();
  return all;
}

describe("choosing files", () => {
  test("each file that is not taken is named with its reason, and the rest goes on", async () => {
    const { draft, server, names } = setUp();
    draft.add([
      file("notes.pdf", 10, "application/pdf"),
      file("huge.jpg", 1001),
      file("empty.jpg", 0),
      file("one.jpg"),
      file("two.jpg"),
      file("phone.HEIC", 10, ""),
      file("four.jpg"),
    ]);
    await settle();
    expect(draft.refusals.get()).toEqual([
      { name: "notes.pdf", reason: "This kind of file cannot be shared here." },
      { name: "huge.jpg", reason: "It has 2 kB; the limit is 1 kB." },
      { name: "empty.jpg", reason: "The file is empty." },
      { name: "four.jpg", reason: "A post has at most 3." },
    ]);
    expect(names()).toEqual(["one.jpg", "two.jpg", "phone.HEIC"]);
    expect(server.names).toEqual(["one.jpg", "two.jpg"]);
  });

  test("what is more than the person may still add is not taken, with what is left", async () => {
    const left = { bytes: 100, maxBytes: 2_000_000_000, files: 2, maxFiles: 1000 };
    const { draft, names } = setUp();
    draft.rules = { ...RULES, left };
    draft.add([file("one.jpg", 60), file("two.jpg", 41), file("three.jpg", 40), file("four.jpg")]);
    await settle();
    expect(names()).toEqual(["one.jpg", "three.jpg"]);
    draft.dismissRefusals();
    draft.rules = { ...RULES, left: { ...left, bytes: 0 } };
    draft.add([file("five.jpg", 1)]);
    expect(draft.refusals.get()).toEqual([
      { name: "five.jpg", reason: "Your 2 GB are full. Delete something first." },
    ]);
  });

  test("what is left is told beforehand", () => {
    const left = { bytes: 19_950_000_000, maxBytes: 20_000_000_000, files: 1, maxFiles: 1000 };
    const told = (more: object) => describeLeft({ ...left, ...more });
    expect(told({})).toEqual({ text: "You have 19.9 GB left, and 1 upload today.", isNone: false });
    expect(told({ bytes: -5 }).text).toBe("Your 20 GB are full. Delete something first.");
    expect(told({ files: 0 })).toEqual({
      text: "You can add 1000 files in 24 hours, and you have. Go on tomorrow.",
      isNone: true,
    });
  });

  test("what is wrong inside of a file is told before a byte is sent", async () => {
    const { draft, server } = setUp(new MemoryStorage(), {
      "long.mp4": { durationMs: 61_000 },
      "minute.mp4": { durationMs: 60_400 },
      "wall.jpg": { size: { width: 10_000, height: 6000 } },
      "wall.webp": { size: { width: 6000, height: 4000 } },
    });
    draft.add([file("long.mp4", 10, "video/mp4"), file("wall.jpg")]);
    await settle();
    draft.add([file("wall.webp", 10, "image/webp"), file("minute.mp4", 10, "video/mp4")]);
    await settle();
    expect(draft.refusals.get()).toEqual([
      { name: "long.mp4", reason: "It plays 61 seconds; the limit is 60." },
      { name: "wall.jpg", reason: "It has 60 megapixels; the limit is 50 megapixels." },
      { name: "wall.webp", reason: "It has 24 megapixels; the limit is 20 megapixels." },
    ]);
    expect(server.names).toEqual(["minute.mp4"]);
  });

  test("the very file that was chosen is what is sent", async () => {
    const { draft, server } = setUp();
    const original = file("shot.jpg");
    draft.add([original]);
    await settle();
    expect(server.sent[0]?.file).toBe(original);
  });

  test("what this browser cannot open goes as it is", async () => {
    const { draft, server } = setUp(new MemoryStorage(), {
      "phone.heic": { size: null, preview: null },
    });
    const original = file("phone.heic", 10, "image/heic");
    draft.add([original]);
    await settle();
    expect(server.sent[0]?.file).toBe(original);
    expect(draft.items.get()[0]?.preview).toBeNull();
  });
});

describe("editing", () => {
  test("replaces what was sent by the new picture, under a new key", async () => {
    const { draft, server, keyOf } = await withPictures("a.png");
    draft.edit(keyOf("a.png"), FILTERED);
    expect(draft.items.get()[0]?.work).toBe("editing");
    await settle();
    expect(server.removed).toEqual(["1"]);
    expect(server.names).toEqual(["a.png", "a.jpg"]);
    expect(await server.sent[1]?.file.text()).toBe("dusk");
    expect(server.sent[1]?.key).not.toBe(server.sent[0]?.key);
  });

  test("taken back, the original bytes are sent again", async () => {
    const { draft, server, keyOf } = await withPictures("a.jpg");
    const key = keyOf("a.jpg");
    draft.edit(key, FILTERED);
    await settle();
    draft.edit(key, UNTOUCHED);
    await settle();
    expect(server.sent[1]?.isCancelled).toBe(true);
    expect(server.sent[2]?.file).toBe(server.sent[0]?.file);
  });

  test("that this browser cannot draw leaves the picture as it was", async () => {
    const { draft, server, tools, keyOf } = await withPictures("a.jpg");
    vi.spyOn(tools, "render").mockRejectedValue(new Error("no canvas of this size"));
    draft.edit(keyOf("a.jpg"), FILTERED);
    await settle();
    expect(draft.items.get()[0]).toMatchObject({ edit: UNTOUCHED, work: null });
    expect(server.sent[1]?.file).toBe(server.sent[0]?.file);
  });

  test("twice in a row sends the last one only", async () => {
    const { draft, server, keyOf } = await withPictures("a.jpg");
    const key = keyOf("a.jpg");
    draft.edit(key, FILTERED);
    draft.edit(key, { ...UNTOUCHED, filter: "ink" });
    await settle();
    expect(server.sent.length).toBe(2);
    expect(await server.sent[1]?.file.text()).toBe("ink");
  });
});

describe("order", () => {
  test("moves one, and a place that does not exist moves nothing", async () => {
    const { draft, names } = await withPictures("a.jpg", "b.jpg", "c.jpg");
    draft.move(0, 2);
    expect(names()).toEqual(["b.jpg", "c.jpg", "a.jpg"]);
    draft.move(2, 0);
    draft.move(0, 3);
    draft.move(0, -1);
    expect(names()).toEqual(["a.jpg", "b.jpg", "c.jpg"]);
  });
});

describe("sharing", () => {
  test("sends the words once, the pictures in their order, and only new descriptions", async () => {
    const { draft, server, keyOf } = await withPictures("a.jpg", "b.jpg");
    draft.move(1, 0);
    draft.setAlt(keyOf("a.jpg"), " A gull ");
    draft.setWords({ caption: " Evening ", audience: "followers", sensitive: true });
    await draft.publish();
    await draft.publish();
    expect(server.described).toEqual([
      ["1", "A gull"],
      ["1", "A gull"],
    ]);
    expect(server.posts[0]?.post).toEqual({
      media_ids: ["2", "1"],
      caption: "Evening",
      audience: "followers",
      comments_policy: "everyone",
      hide_like_count: false,
      sensitive: true,
    });
    expect(server.posts[1]?.key).toBe(server.posts[0]?.key);
  });

  test("waits for every file", async () => {
    const { draft, server } = setUp();
    draft.add([file("a.jpg")]);
    await settle();
    await expect(draft.publish()).rejects.toThrow("not ready");
    expect(server.posts).toEqual([]);
  });

  test("how far all of it is goes by bytes", async () => {
    const { draft, server } = setUp();
    draft.add([file("small.jpg", 100), file("large.jpg", 300)]);
    await settle();
    server.sent[0]?.arrive(media("1"));
    server.sent[1]?.options.onProgress?.(0.5);
    await settle();
    const progress = progressOf(draft.items.get());
    expect(progress).toEqual({ share: 0.625, done: 1, total: 2, held: null });
  });
});

describe("kept on the device", () => {
  test("words, order, descriptions and edits come back, and nothing is sent twice", async () => {
    const first = await withPictures("a.jpg", "b.jpg");
    first.draft.move(1, 0);
    first.draft.setAlt(first.keyOf("b.jpg"), "A pier");
    first.draft.setWords({ caption: "Evening" });
    await settle();

    const second = setUp(first.storage);
    second.server.known.set("1", media("1"));
    second.server.known.set("2", media("2"));
    await second.draft.restore();
    await settle();
    expect(second.names()).toEqual(["b.jpg", "a.jpg"]);
    expect(second.draft.items.get()[0]).toMatchObject({ alt: "A pier" });
    expect(second.draft.words.get().caption).toBe("Evening");
    expect(second.draft.restoredFrom.get()).not.toBeNull();
    expect(second.server.sent).toEqual([]);
    await second.draft.publish();
    expect(second.server.posts[0]?.post.media_ids).toEqual(["2", "1"]);
  });

  test("an edit that had not arrived is made again from the original", async () => {
    const first = await withPictures("a.jpg");
    first.draft.edit(first.keyOf("a.jpg"), FILTERED);
    await settle();
    const key = first.server.sent[1]?.key;

    const second = setUp(first.storage);
    second.server.known.set("1", media("1")); // the unedited one could not be deleted
    await second.draft.restore();
    await settle();
    expect(second.server.sent.map((sent) => sent.key)).toEqual([key]);
    expect(await second.server.sent[0]?.file.text()).toBe("dusk");
  });

  test("somebody else finds nothing of it", async () => {
    const { storage } = await withPictures("a.jpg");
    const server = new FakeServer();
    const other = new Draft("2", RULES, toolsFor(server, storage));
    await other.restore();
    expect([other.items.get(), other.isOpen.get()]).toEqual([[], true]);
  });

  test("shared or thrown away, nothing of it is left", async () => {
    const shared = await withPictures("a.jpg");
    await shared.draft.finish();
    expect([shared.storage.drafts.size, shared.storage.files.size]).toEqual([0, 0]);
    expect(shared.server.removed).toEqual([]);

    const thrown = await withPictures("a.jpg");
    thrown.draft.clear();
    await settle();
    expect([thrown.storage.drafts.size, thrown.storage.files.size]).toEqual([0, 0]);
    expect(thrown.server.removed).toEqual(["1"]);
    expect(thrown.tools.released.length).toBe(1);
  });

  test("what was written last is kept when the page goes on before the pause is over", async () => {
    const { draft, storage } = await withPictures("a.jpg");
    draft.setWords({ caption: "Last words" });
    draft.leave();
    await settle();
    expect(storage.drafts.get(ADA)?.words.caption).toBe("Last words");
    expect(storage.drafts.get(ADA)?.items.length).toBe(1);
  });

  test("a device without room says so", async () => {
    const storage = new MemoryStorage();
    storage.isFull = true;
    const { draft } = setUp(storage);
    expect(draft.isKept.get()).toBe(true);
    draft.add([file("a.jpg")]);
    await settle();
    expect(draft.isKept.get()).toBe(false);
  });
});

// What the built client may weigh, and what its page may not contain.
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { beforeAll, expect, test } from "vitest";

type File = Rolldown.OutputChunk | Rolldown.OutputAsset;

const KB = 1024;
let files: File[] = [];

function isChunk(file: File): file is Rolldown.OutputChunk {
  return file.type === "chunk";
}

function sourceOf(file: File): string | Uint8Array {
  return isChunk(file) ? file.code : file.source;
}

function withImports(chunk: Rolldown.OutputChunk, seen = new Set<string>()): Set<string> {
  seen.add(chunk.fileName);
  for (const name of chunk.imports) {
    const next = files.find((file) => file.fileName === name);
    if (next && isChunk(next) && !seen.has(name)) withImports(next, seen);
  }
  return seen;
}

/** What is there already wherever this page is asked for: the first page, or the page it is part of. */
function loadedBefore(page: Rolldown.OutputChunk): Set<string> {
  const askers = files.filter(isChunk).filter((it) => it.dynamicImports.includes(page.fileName));
  const [first = new Set<string>(), ...others] = askers.map((it) => withImports(it));
  const common = [...first].filter((name) => others.every((other) => other.has(name)));
  return withImports(entry(), new Set(common));
}

const brotli = (file: File) => brotliCompressSync(sourceOf(file)).length;
const total = (names: Iterable<string>) =>
  [...names].reduce((sum, name) => {
    const file = files.find((other) => other.fileName === name);
    return sum + (file ? brotli(file) : 0);
  }, 0);

const html = () => String(sourceOf(files.find((file) => file.fileName === "index.html") as File));

beforeAll(async () => {
  process.env.NODE_ENV = "production"; // else React's slow twin is built in
  const built = await build({ logLevel: "silent", mode: "production", build: { write: false } });
  files = (built as Rolldown.RolldownOutput).output;
}, 60_000);

const entry = () => files.filter(isChunk).find((chunk) => chunk.isEntry) as Rolldown.OutputChunk;

test("the scripts of the first page are at most 120 kB", () => {
  const size = total(withImports(entry()));
  expect(size).toBeGreaterThan(50 * KB);
  expect(size).toBeLessThanOrEqual(120 * KB);
});

test("no page adds more than 20 kB of script", () => {
  for (const page of files.filter(isChunk).filter((chunk) => chunk.isDynamicEntry)) {
    const before = loadedBefore(page);
    const own = [...withImports(page)].filter((name) => !before.has(name));
    expect([page.name, total(own) <= 20 * KB]).toEqual([page.name, true]);
  }
});

test("the style sheets of the first page are at most 12 kB", () => {
  const linked = [...html().matchAll(/rel="stylesheet"[^>]* href="\/([^"]+)"/g)].map((m) => m[1]);
  const sheets = files.filter((file) => linked.includes(file.fileName));
  expect(sheets.length).toBeGreaterThan(0);
  const size = sheets.reduce((sum, sheet) => sum + gzipSync(sourceOf(sheet)).length, 0);
  expect(size).toBeLessThanOrEqual(12 * KB);
});

test("the page asks for at most eight files before the first picture", () => {
  expect(html().match(/ (?:src|href)="\/(?:assets\/|boot)[^"]*"/g)?.length).toBeLessThanOrEqual(8);
});

test("the page holds nothing that the content security policy forbids", () => {
  expect(html()).not.toMatch(/<style|style="|<script(?![^>]* src=)|javascript:|\son\w+="/);
  const styles = files
    .filter((file) => file.fileName.endsWith(".css"))
    .map(sourceOf)
    .join("");
  expect(styles).not.toMatch(/data:|url\(["']?https?:/);
});

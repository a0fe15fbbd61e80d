import { expect, test } from "vitest";
import { runsOf } from "./rich";

const found = (text: string) =>
  runsOf(text)
    .filter(({ kind }) => kind !== "text")
    .map((run) => run.text);

test("names and tags are found, and nothing of the text is lost", () => {
  const text = "With @maya.chen at the #Sea, no. 5 #海#sky.";
  expect(found(text)).toEqual(["@maya.chen", "#Sea", "#海", "#sky"]);
  expect(
    runsOf(text)
      .map((run) => run.text)
      .join(""),
  ).toBe(text);
});

test("a sign inside a word or an address names nothing", () => {
  expect(found("a#b me@maya.org https://x.org/#top &#39; C# @maya@example.org")).toEqual([]);
});

test("a tag has a letter", () => {
  expect(found("#1 #_ #2026 #2026a ##twice")).toEqual(["#2026a", "#twice"]);
});

test("a long row of signs is read in no time", () => {
  const start = performance.now();
  for (const piece of ["#", "@", "#a", "@a."]) runsOf(piece.repeat(20_000));
  expect(performance.now() - start).toBeLessThan(1000);
});

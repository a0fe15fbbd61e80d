import { expect, test } from "vitest";
import type { Pages } from "@/api/queryClient";
import { reordered } from "./order";

const data: Pages<string> = {
  pages: [
    { results: ["a", "b"], next: "/?cursor=1", previous: null },
    { results: ["c"], next: null, previous: null },
  ],
  pageParams: [undefined, "1"],
};

test("another order goes over the pages, and each keeps its length and what follows it", () => {
  expect(reordered(data, ["c", "a", "b"])?.pages).toEqual([
    { results: ["c", "a"], next: "/?cursor=1", previous: null },
    { results: ["b"], next: null, previous: null },
  ]);
});

test("what was not asked for yet stays so", () => {
  expect(reordered(undefined, ["a"])).toBeUndefined();
});

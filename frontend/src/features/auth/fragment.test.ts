import { expect, test } from "vitest";
import { tokenIn } from "./fragment";

test("a token is read from the fragment alone", () => {
  expect(tokenIn("#token=12.Ab_c-d")).toBe("12.Ab_c-d");
  expect(tokenIn("#a=1&token=x")).toBe("x");
  expect(tokenIn("#token=")).toBeNull();
  expect(tokenIn("#main")).toBeNull();
  expect(tokenIn("")).toBeNull();
});

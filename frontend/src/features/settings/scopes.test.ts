import { expect, test } from "vitest";
import { scopesInWords } from "./scopes";

test("scopes are told in a fixed order", () => {
  expect(scopesInWords(["read"])).toBe("Read");
  expect(scopesInWords(["write", "messages", "read"])).toBe("Read, write, and messages");
});

import { expect, test } from "vitest";
import { digitsOf } from "./CodeField";

test("a pasted code loses what is around its digits", () => {
  expect(digitsOf(" 123 456\n")).toBe("123456");
  expect(digitsOf("Your code: 123-456.")).toBe("123456");
  expect(digitsOf("12345678")).toBe("123456");
  expect(digitsOf("no digits")).toBe("");
});

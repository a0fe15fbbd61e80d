import { expect, test } from "vitest";
import { ApiError } from "@/api/problem";
import { placed } from "./submit";

const has =
  (...names: string[]) =>
  (name: string) =>
    names.includes(name);

test("field errors stand at the fields that the form has", () => {
  const error = new ApiError(400, "invalid", "Some fields.", { email: "No address.", other: "x" });
  expect(placed(error, has("email", "password"))).toEqual({
    error,
    fields: { email: "No address." },
    rest: null,
  });
});

test("an error of a field that the form lacks is told over the form", () => {
  const error = new ApiError(400, "invalid", "Some fields.", { other: "x" });
  expect(placed(error, has("email"))).toEqual({ error, fields: {}, rest: "Some fields." });
});

test("a wrong password stands at the field that asked for it", () => {
  const error = new ApiError(403, "wrong_password", "Not yours.");
  const change = has("old_password", "password");
  expect(placed(error, change).fields).toEqual({ old_password: "Not yours." });
  expect(placed(error, has("password")).fields).toEqual({ password: "Not yours." });
  expect(placed(error, has("code"))).toMatchObject({ fields: {}, rest: "Not yours." });
});

test("a wrong code stands at the code", () => {
  for (const code of ["bad_code", "wrong_code"]) {
    const error = new ApiError(400, code, "Not right.");
    expect(placed(error, has("code")).fields).toEqual({ code: "Not right." });
  }
});

test("what nobody can mend in a field is told over the form", () => {
  const error = new ApiError(429, "rate_limited", "Try again in 5 min.");
  expect(placed(error, has("password"))).toMatchObject({ fields: {}, rest: "Try again in 5 min." });
});

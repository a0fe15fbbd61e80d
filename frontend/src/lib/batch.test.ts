import { expect, test } from "vitest";
import { batched } from "./batch";

function asker(most = 3) {
  const asked: (readonly string[])[] = [];
  const one = batched(async (ids) => {
    asked.push(ids);
    return Object.fromEntries(ids.filter((id) => id !== "gone").map((id) => [id, `<${id}>`]));
  }, most);
  return { asked, one };
}

test("what is wanted in one moment is asked once, each id once", async () => {
  const { asked, one } = asker();
  expect(await Promise.all([one("1"), one("2"), one("1")])).toEqual(["<1>", "<2>", "<1>"]);
  expect(asked).toEqual([["1", "2"]]);
  expect(await one("1")).toBe("<1>");
  expect(asked).toHaveLength(2);
});

test("who is not in the answer is null", async () => {
  const { one } = asker();
  expect(await Promise.all([one("gone"), one("1")])).toEqual([null, "<1>"]);
});

test("more than fits are asked in parts", async () => {
  const { asked, one } = asker(2);
  await Promise.all(["1", "2", "3"].map(one));
  expect(asked).toEqual([["1", "2"], ["3"]]);
});

test("a failure reaches everybody, and the next question is asked anew", async () => {
  let fails = true;
  const one = batched<string>(async () => {
    if (fails) throw new Error("away");
    return { 1: "here" };
  }, 9);
  const answers = await Promise.allSettled([one("1"), one("2")]);
  expect(answers.map((answer) => answer.status)).toEqual(["rejected", "rejected"]);
  fails = false;
  expect(await one("1")).toBe("here");
});

import { expect, test } from "vitest";
import { grouped, imageOf, recoveryFile } from "./totp";

test("an inline SVG becomes an image of its own", () => {
  const address = imageOf('<svg class="qr" width="9"><path d="M0 0"/></svg>');
  const [head, body] = address.split(",");
  expect(head).toBe("data:image/svg+xml");
  expect(decodeURIComponent(body ?? "")).toBe(
    '<svg xmlns="http://www.w3.org/2000/svg" class="qr" width="9"><path d="M0 0"/></svg>',
  );
});

test("an SVG with its name space is left as it is", () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';
  expect(decodeURIComponent(imageOf(svg))).toContain(svg);
});

test("a secret is grouped, and a file says whose codes these are", () => {
  expect(grouped("ABCDEFGHIJ")).toBe("ABCD EFGH IJ");
  expect(recoveryFile("Jyoti", "ada", ["aaaa-bbbb", "cccc-dddd"])).toBe(
    "Recovery codes of ada at Jyoti. Each works once.\n\naaaa-bbbb\ncccc-dddd\n",
  );
});

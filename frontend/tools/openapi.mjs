// `npm run openapi [-- schema.json [out.d.ts]]`: types of the API client from the server's OpenAPI document.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installed, run } from "./installed.mjs";

const out = process.argv[3] ?? "src/api/schema.d.ts";
const scratch = mkdtempSync(join(tmpdir(), "openapi-"));
try {
  const schema = process.argv[2] ?? join(scratch, "schema.json");
  if (!process.argv[2]) {
    run("python", ["../manage.py", "spectacular", "--format", "openapi-json", "--file", schema]);
  }
  run(installed("openapi", "openapi-typescript"), [
    schema,
    "--output",
    out,
    "--default-non-nullable",
    "false",
  ]);
  const head =
    "// Made by `npm run openapi` from the server's OpenAPI document; not edited by hand.\n";
  writeFileSync(out, head + readFileSync(out, "utf8"));
} finally {
  rmSync(scratch, { recursive: true });
}

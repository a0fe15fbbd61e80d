// Installs the packages of one tool folder when they are missing, and gives the path of a program in it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;

/** Path of `program` in `tools/<folder>`, installed at its pinned version first if need be. */
export function installed(folder, program) {
  const cwd = join(here, folder);
  const path = join(cwd, "node_modules", ".bin", program);
  if (!existsSync(path)) {
    const verb = existsSync(join(cwd, "package-lock.json")) ? "ci" : "install";
    const run = spawnSync("npm", [verb], { cwd, stdio: "inherit" });
    if (run.status !== 0) process.exit(run.status ?? 1);
  }
  return path;
}

/** Runs a program to its end in `frontend/` and ends this process when it fails. */
export function run(program, args, options = {}) {
  const done = spawnSync(program, args, { cwd: join(here, ".."), stdio: "inherit", ...options });
  if (done.status !== 0) process.exit(done.status ?? 1);
}

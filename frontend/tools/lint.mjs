// `npm run lint` and `npm run fmt`: biome over the whole client.
import { installed, run } from "./installed.mjs";

run(installed("lint", "biome"), ["check", ...process.argv.slice(2), "."]);

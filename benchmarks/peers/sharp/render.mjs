// Reads one path a line; makes the widths 320, 640 and 1080 and a BlurHash; answers one JSON a line.
import { createInterface } from "node:readline";
import { encode } from "blurhash";
import sharp from "sharp";

const WIDTHS = [320, 640, 1080];
sharp.cache(false);
// One thread, as the decoder of Jyoti has.
sharp.concurrency(1);

async function render(path) {
  const began = performance.now();
  const master = await sharp(path)
    .rotate()
    .resize({ width: WIDTHS.at(-1), withoutEnlargement: true })
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = master.info;
  const picture = () => sharp(master.data, { raw: { width, height, channels } });
  const files = [];
  for (const wanted of WIDTHS) {
    files.push(await picture().resize({ width: wanted }).webp({ quality: 80, effort: 2 }).toBuffer());
  }
  const tiny = await picture()
    .resize({ width: 32, height: 32, fit: "inside" })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const hash = encode(new Uint8ClampedArray(tiny.data), tiny.info.width, tiny.info.height, 4, 3);
  return {
    ms: performance.now() - began,
    bytes: files.map((file) => file.length),
    hash,
    rss_mb: process.resourceUsage().maxRSS / 1024,
  };
}

for await (const path of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await render(path))}\n`);
}

// The crop drawn in full size, filtered in strips, and written as a file. Runs in the worker.
import { type Region, regionOf, type Size, turned } from "./crop";
import type { Edit } from "./edit";
import { applyLook, compileLook, type Look } from "./looks";

export interface RenderOrder {
  readonly file: Blob;
  readonly edit: Edit;
  /** What the server takes. A picture that would have more is made smaller. */
  readonly maxPixels: number;
  readonly maxBytes: number;
}

const JPEG_QUALITY = 0.95;
const STRIP_ROWS = 256;
/** What every browser of today can draw at once; some phones refuse more. */
const SURE_PIXELS = 16_000_000;

function isEmpty(pixels: Uint8ClampedArray): boolean {
  for (let i = 3; i < pixels.length; i += 4) if (pixels[i] !== 0) return false;
  return true;
}

function isOpaque(pixels: Uint8ClampedArray): boolean {
  for (let i = 3; i < pixels.length; i += 4) if (pixels[i] !== 255) return false;
  return true;
}

type Context = OffscreenCanvasRenderingContext2D;

function drawPart(context: Context, bitmap: ImageBitmap, edit: Edit, part: Region, scale: number) {
  const whole = turned(bitmap, edit.turns);
  context.imageSmoothingQuality = "high";
  context.scale(scale, scale);
  context.translate(whole.width / 2 - part.x, whole.height / 2 - part.y);
  context.rotate((edit.turns * Math.PI) / 2);
  context.drawImage(bitmap, -bitmap.width / 2, -bitmap.height / 2);
}

interface Seen {
  readonly isEmpty: boolean;
  readonly isOpaque: boolean;
}

/** Filters strip by strip, so that only one strip is held twice. */
function filterStrips(context: Context, { width, height }: Size, look: Look): Seen {
  let empty = true;
  let opaque = true;
  for (let y = 0; y < height; y += STRIP_ROWS) {
    const strip = context.getImageData(0, y, width, Math.min(STRIP_ROWS, height - y));
    empty &&= isEmpty(strip.data);
    opaque &&= isOpaque(strip.data);
    if (look.length === 0) continue;
    applyLook(strip.data, look);
    context.putImageData(strip, 0, y);
  }
  return { isEmpty: empty, isOpaque: opaque };
}

/** Lossless stays lossless, and so does what can be seen through; all else is a JPEG. */
async function encode(canvas: OffscreenCanvas, order: RenderOrder, seen: Seen): Promise<Blob> {
  if (order.file.type === "image/png" || !seen.isOpaque) {
    const lossless = await canvas.convertToBlob({ type: "image/png" });
    if (lossless.size <= order.maxBytes) return lossless;
  }
  return canvas.convertToBlob({ type: "image/jpeg", quality: JPEG_QUALITY });
}

async function drawn(bitmap: ImageBitmap, order: RenderOrder, maxPixels: number): Promise<Blob> {
  const part = regionOf(order.edit, bitmap);
  const scale = Math.min(1, Math.sqrt(maxPixels / (part.width * part.height)));
  const size = {
    width: Math.max(1, Math.floor(part.width * scale)),
    height: Math.max(1, Math.floor(part.height * scale)),
  };
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas of this size");
  drawPart(context, bitmap, order.edit, part, scale);
  const seen = filterStrips(context, size, compileLook(order.edit));
  // A canvas that is too large for a phone stays empty without a word.
  if (seen.isEmpty && order.file.type === "image/jpeg") throw new Error("nothing was drawn");
  return encode(canvas, order, seen);
}

/** The edited picture. Throws when the browser cannot read or draw it. */
export async function render(order: RenderOrder): Promise<Blob> {
  const bitmap = await createImageBitmap(order.file);
  try {
    return await drawn(bitmap, order, order.maxPixels).catch(() =>
      drawn(bitmap, order, Math.min(order.maxPixels, SURE_PIXELS)),
    );
  } finally {
    bitmap.close();
  }
}

export interface Preview extends Size {
  /** A small picture of it. */
  readonly blob: Blob;
}

/** A small picture and the true measures. Throws when the browser cannot read it. */
export async function preview(file: Blob, side: number): Promise<Preview> {
  const bitmap = await createImageBitmap(file);
  const { width, height } = bitmap;
  const scale = Math.min(1, side / Math.max(width, height));
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(width * scale)),
    Math.max(1, Math.round(height * scale)),
  );
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const mayBeClear = /png|gif|webp|avif/.test(file.type);
  const type = mayBeClear ? "image/webp" : "image/jpeg"; // who cannot write WebP writes PNG
  return { blob: await canvas.convertToBlob({ type, quality: 0.85 }), width, height };
}

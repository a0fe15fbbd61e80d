// The geometry of a crop. A picture is turned first; the crop is a part of the turned picture.

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A part of the turned picture, in its pixels. */
export interface Region extends Size {
  readonly x: number;
  readonly y: number;
}

export const RATIOS = ["original", "1:1", "4:5", "16:9"] as const;
export type Ratio = (typeof RATIOS)[number];

export interface Crop {
  readonly ratio: Ratio;
  /** Quarter turns clockwise. */
  readonly turns: 0 | 1 | 2 | 3;
  /** 1 is the largest part of this ratio. */
  readonly zoom: number;
  /** The middle of the part, as shares of the turned picture. */
  readonly x: number;
  readonly y: number;
}

export const UNCROPPED: Crop = { ratio: "original", turns: 0, zoom: 1, x: 0.5, y: 0.5 };

/** No part is smaller than this, so that nobody shares a blur. */
export const SMALLEST_SIDE = 320;
const MOST_ZOOM = 8;
const NUMBERS: Record<Exclude<Ratio, "original">, number> = {
  "1:1": 1,
  "4:5": 4 / 5,
  "16:9": 16 / 9,
};

const within = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);

export function turned({ width, height }: Size, turns: number): Size {
  return turns % 2 === 0 ? { width, height } : { width: height, height: width };
}

/** Width by height of the part. */
export function ratioOf(crop: Crop, size: Size): number {
  if (crop.ratio !== "original") return NUMBERS[crop.ratio];
  const { width, height } = turned(size, crop.turns);
  return width / height;
}

/** The largest part of this ratio, in pixels of the turned picture. */
function largest(crop: Crop, size: Size): Size {
  const whole = turned(size, crop.turns);
  const ratio = ratioOf(crop, size);
  const width = Math.min(whole.width, whole.height * ratio);
  return { width, height: width / ratio };
}

export function maxZoom(crop: Crop, size: Size): number {
  const { width, height } = largest(crop, size);
  return within(Math.min(width, height) / SMALLEST_SIDE, 1, MOST_ZOOM);
}

/** The nearest crop that lies within the picture. */
export function contained(crop: Crop, size: Size): Crop {
  const whole = turned(size, crop.turns);
  const most = largest(crop, size);
  const zoom = within(crop.zoom, 1, maxZoom(crop, size));
  const halfX = most.width / zoom / whole.width / 2;
  const halfY = most.height / zoom / whole.height / 2;
  return {
    ...crop,
    zoom,
    x: within(crop.x, halfX, 1 - halfX),
    y: within(crop.y, halfY, 1 - halfY),
  };
}

/** The part with fractions of pixels, for drawing on the screen. */
export function exactRegion(crop: Crop, size: Size): Region {
  const whole = turned(size, crop.turns);
  const most = largest(crop, size);
  const width = most.width / crop.zoom;
  const height = most.height / crop.zoom;
  return {
    x: crop.x * whole.width - width / 2,
    y: crop.y * whole.height - height / 2,
    width,
    height,
  };
}

/** The part in whole pixels, never beyond an edge. */
export function regionOf(crop: Crop, size: Size): Region {
  const whole = turned(size, crop.turns);
  const exact = exactRegion(crop, size);
  const width = within(Math.round(exact.width), 1, whole.width);
  const height = within(Math.round(exact.height), 1, whole.height);
  return {
    x: within(Math.round(exact.x), 0, whole.width - width),
    y: within(Math.round(exact.y), 0, whole.height - height),
    width,
    height,
  };
}

/** Whether the shared picture has another outline than the file. */
export function isCropped(crop: Crop, size: Size): boolean {
  if (crop.turns !== 0) return true;
  const { width, height } = regionOf(crop, size);
  return width !== size.width || height !== size.height;
}

/** Moves the part by shares of its own width and height. */
export function panned(crop: Crop, size: Size, byX: number, byY: number): Crop {
  const whole = turned(size, crop.turns);
  const part = exactRegion(crop, size);
  return contained(
    {
      ...crop,
      x: crop.x + (byX * part.width) / whole.width,
      y: crop.y + (byY * part.height) / whole.height,
    },
    size,
  );
}

/** Zooms so that what is under the point stays there; the point is a share of the frame. */
export function zoomedAt(crop: Crop, size: Size, zoom: number, atX = 0.5, atY = 0.5): Crop {
  const whole = turned(size, crop.turns);
  const before = exactRegion(crop, size);
  const next = { ...crop, zoom: within(zoom, 1, maxZoom(crop, size)) };
  const after = exactRegion(next, size);
  return contained(
    {
      ...next,
      x: crop.x + ((atX - 0.5) * (before.width - after.width)) / whole.width,
      y: crop.y + ((atY - 0.5) * (before.height - after.height)) / whole.height,
    },
    size,
  );
}

/** A quarter turn clockwise around the middle of the part. */
export function rotated(crop: Crop, size: Size): Crop {
  const turns = ((crop.turns + 1) % 4) as Crop["turns"];
  return contained({ ...crop, turns, x: 1 - crop.y, y: crop.x }, size);
}

/** Another ratio, as much of the picture as it allows. */
export function reshaped(crop: Crop, size: Size, ratio: Ratio): Crop {
  return contained({ ...crop, ratio, zoom: 1 }, size);
}

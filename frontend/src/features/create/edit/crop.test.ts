import { describe, expect, test } from "vitest";
import {
  contained,
  exactRegion,
  isCropped,
  maxZoom,
  panned,
  regionOf,
  reshaped,
  rotated,
  UNCROPPED,
  zoomedAt,
} from "./crop";

const WIDE = { width: 4000, height: 3000 };
const TALL = { width: 3000, height: 4000 };

describe("the part that is shared", () => {
  test("is the whole picture until somebody crops it", () => {
    expect(regionOf(UNCROPPED, WIDE)).toEqual({ x: 0, y: 0, width: 4000, height: 3000 });
    expect(isCropped(UNCROPPED, WIDE)).toBe(false);
  });

  test("keeps the shape of the picture in odd measures, to the pixel", () => {
    const odd = { width: 4031, height: 3021 };
    expect(regionOf(UNCROPPED, odd)).toEqual({ x: 0, y: 0, ...odd });
    expect(isCropped(UNCROPPED, odd)).toBe(false);
  });

  test.each([
    ["1:1", WIDE, { x: 500, y: 0, width: 3000, height: 3000 }],
    ["4:5", WIDE, { x: 800, y: 0, width: 2400, height: 3000 }],
    ["16:9", WIDE, { x: 0, y: 375, width: 4000, height: 2250 }],
    ["4:5", TALL, { x: 0, y: 125, width: 3000, height: 3750 }],
  ] as const)("is the largest one of the shape %s", (ratio, size, part) => {
    expect(regionOf(reshaped(UNCROPPED, size, ratio), size)).toEqual(part);
  });

  test("never leaves the picture", () => {
    const far = contained({ ...UNCROPPED, zoom: 2, x: 9, y: -9 }, WIDE);
    expect(regionOf(far, WIDE)).toEqual({ x: 2000, y: 0, width: 2000, height: 1500 });
  });

  test("a square crop of a square picture is no crop", () => {
    const square = { width: 800, height: 800 };
    expect(isCropped(reshaped(UNCROPPED, square, "1:1"), square)).toBe(false);
  });
});

describe("zoom", () => {
  test("keeps what is under the pointer where it is", () => {
    const corner = zoomedAt(UNCROPPED, WIDE, 2, 0.25, 0.75);
    const { x, y, width, height } = exactRegion(corner, WIDE);
    expect([x + 0.25 * width, y + 0.75 * height]).toEqual([1000, 2250]);
  });

  test("stops before the part is too small to be sharp", () => {
    expect(maxZoom(UNCROPPED, { width: 960, height: 640 })).toBe(2);
    expect(maxZoom(UNCROPPED, { width: 200, height: 200 })).toBe(1);
    expect(maxZoom(UNCROPPED, { width: 12_000, height: 12_000 })).toBe(8);
    expect(zoomedAt(UNCROPPED, { width: 960, height: 640 }, 99).zoom).toBe(2);
  });

  test("goes back to the whole, wherever one was", () => {
    const near = panned(zoomedAt(UNCROPPED, WIDE, 3), WIDE, 1, -1);
    expect(isCropped(zoomedAt(near, WIDE, 1), WIDE)).toBe(false);
  });
});

describe("moving and turning", () => {
  test("a drag by half of the frame moves by half of the part", () => {
    const half = panned({ ...UNCROPPED, zoom: 2 }, WIDE, 0.25, 0);
    expect(regionOf(half, WIDE)).toEqual({ x: 1500, y: 750, width: 2000, height: 1500 });
  });

  test("a quarter turn keeps what is in the middle there", () => {
    const right = contained({ ...UNCROPPED, zoom: 4, x: 0.75, y: 0.25 }, WIDE);
    const once = rotated(right, WIDE);
    expect([once.turns, once.x, once.y]).toEqual([1, 0.75, 0.75]);
    expect(isCropped(rotated(UNCROPPED, WIDE), WIDE)).toBe(true);
  });

  test("four quarter turns are none", () => {
    let crop = contained({ ...UNCROPPED, ratio: "4:5", zoom: 2, x: 0.6, y: 0.4 }, WIDE);
    const before = regionOf(crop, WIDE);
    for (let turn = 0; turn < 4; turn += 1) crop = rotated(crop, WIDE);
    expect(crop.turns).toBe(0);
    expect(regionOf(crop, WIDE)).toEqual(before);
  });

  test("the original shape turns with the picture", () => {
    expect(regionOf(rotated(UNCROPPED, WIDE), WIDE)).toEqual({ x: 0, y: 0, ...TALL });
  });
});

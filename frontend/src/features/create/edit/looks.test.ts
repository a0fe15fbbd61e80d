import { describe, expect, test } from "vitest";
import { applyLook, compileLook, FILTERS, type FilterName, UNADJUSTED } from "./looks";

/** Grey ramp, primaries and skin, the last one half transparent. */
const COLOURS = [
  [0, 0, 0, 255],
  [64, 64, 64, 255],
  [128, 128, 128, 255],
  [255, 255, 255, 255],
  [220, 40, 30, 255],
  [30, 90, 200, 255],
  [224, 172, 140, 128],
] as const;

function looked(change: Partial<Parameters<typeof compileLook>[0]>): number[][] {
  const pixels = new Uint8ClampedArray(COLOURS.flat());
  applyLook(pixels, compileLook({ ...UNADJUSTED, filter: "original", strength: 1, ...change }));
  return COLOURS.map((_, at) => [...pixels.slice(at * 4, at * 4 + 4)]);
}

const PLAIN = COLOURS.map((colour) => [...colour]);
const light = ([r = 0, g = 0, b = 0]: readonly number[]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

test("there are a dozen filters and more, and the original", () => {
  expect(FILTERS.length).toBeGreaterThanOrEqual(13);
  expect(FILTERS[0]).toBe("original");
});

test("no filter and no adjustment changes no pixel", () => {
  expect(compileLook({ ...UNADJUSTED, filter: "original", strength: 1 })).toEqual([]);
  expect(looked({})).toEqual(PLAIN);
});

describe.each(FILTERS.filter((name) => name !== "original"))("%s", (filter: FilterName) => {
  test("changes the picture at full strength, and not at none", () => {
    expect(looked({ filter })).not.toEqual(PLAIN);
    expect(looked({ filter, strength: 0 })).toEqual(PLAIN);
  });

  test("keeps light above dark, and what is transparent so", () => {
    const [black, dark, middle, white] = looked({ filter }).map(light);
    expect(black).toBeLessThan(dark as number);
    expect(dark).toBeLessThan(middle as number);
    expect(middle).toBeLessThan(white as number);
    expect(white).toBeGreaterThan(215);
    expect(looked({ filter }).map((pixel) => pixel[3])).toEqual(PLAIN.map((pixel) => pixel[3]));
  });

  test("half of it lies half way", () => {
    const [whole, half] = [looked({ filter }), looked({ filter, strength: 0.5 })];
    PLAIN.forEach((pixel, at) => {
      pixel.forEach((value, channel) => {
        const middle = (value + (whole[at]?.[channel] ?? 0)) / 2;
        expect(Math.abs((half[at]?.[channel] ?? 0) - middle)).toBeLessThanOrEqual(1);
      });
    });
  });
});

test("ink and graphite have no colour", () => {
  for (const filter of ["ink", "graphite"] as const) {
    for (const [r, g, b] of looked({ filter })) expect([r, g]).toEqual([g, b]);
  }
});

test("each adjustment does what it says", () => {
  const at = (pixels: number[][], index: number) => pixels[index] as number[];
  expect(light(at(looked({ brightness: 0.5 }), 2))).toBeGreaterThan(150);
  expect(light(at(looked({ brightness: -0.5 }), 2))).toBeLessThan(105);
  expect(light(at(looked({ contrast: 1 }), 1))).toBeLessThan(50);
  expect(light(at(looked({ contrast: -1 }), 1))).toBeGreaterThan(90);
  const [r, , b] = at(looked({ warmth: 1 }), 2) as [number, number, number];
  expect(r - b).toBeGreaterThan(40);
  expect(new Set(at(looked({ saturation: -1 }), 4).slice(0, 3)).size).toBe(1);
  expect(at(looked({ brightness: 1, contrast: 1, warmth: 1 }), 0).slice(0, 3)).toEqual([0, 0, 0]);
});

// Filters and adjustments. Preview and upload go through the same arithmetic, so that one shares what one sees.

export const ADJUSTMENTS = ["brightness", "contrast", "warmth", "saturation"] as const;

/** Each from -1 to 1; 0 leaves the picture alone. */
export type Adjustments = Readonly<Record<(typeof ADJUSTMENTS)[number], number>>;

export const UNADJUSTED: Adjustments = { brightness: 0, contrast: 0, warmth: 0, saturation: 0 };

type Rgb = readonly [number, number, number];

interface Recipe extends Partial<Adjustments> {
  /** How far black is lifted, 0 to 1. */
  readonly fade?: number;
  /** Added to the dark and to the light end of each channel. */
  readonly shadows?: Rgb;
  readonly highlights?: Rgb;
}

const RECIPES = {
  original: {},
  dawn: {
    brightness: 0.14,
    warmth: 0.22,
    saturation: 0.06,
    fade: 0.2,
    highlights: [0.02, 0, 0.01],
  },
  noon: { brightness: 0.08, contrast: 0.3, saturation: 0.16 },
  marigold: { warmth: 0.5, saturation: 0.18, contrast: 0.12, highlights: [0.03, 0.02, -0.03] },
  terracotta: { warmth: 0.34, contrast: 0.16, saturation: -0.08, shadows: [0.05, 0, -0.03] },
  dusk: {
    brightness: -0.06,
    contrast: 0.14,
    shadows: [0.03, -0.02, 0.07],
    highlights: [0.05, 0.01, -0.03],
  },
  monsoon: {
    warmth: -0.26,
    saturation: -0.3,
    contrast: 0.1,
    shadows: [-0.02, 0.02, 0.05],
    fade: 0.14,
  },
  indigo: { warmth: -0.3, contrast: 0.2, shadows: [-0.03, -0.01, 0.1], saturation: -0.06 },
  fern: {
    saturation: -0.14,
    contrast: 0.1,
    shadows: [-0.02, 0.05, 0.01],
    highlights: [0.03, 0.02, -0.04],
    fade: 0.18,
  },
  silk: { brightness: 0.1, contrast: -0.3, saturation: -0.12, warmth: 0.08 },
  salt: { brightness: 0.3, contrast: 0.06, saturation: -0.24, fade: 0.1 },
  sepia: {
    saturation: -1,
    contrast: 0.06,
    fade: 0.14,
    shadows: [0.06, 0.02, -0.04],
    highlights: [0.03, 0.01, -0.06],
  },
  graphite: { saturation: -1, contrast: -0.06, fade: 0.22 },
  ink: { saturation: -1, contrast: 0.5, brightness: -0.04 },
} as const satisfies Record<string, Recipe>;

export type FilterName = keyof typeof RECIPES;
export const FILTERS = Object.keys(RECIPES) as FilterName[];

interface Stage {
  /** -1 grey, 0 as it is. */
  readonly saturation: number;
  /** Four steps for each of 0 to 255, one table for each channel. */
  readonly curves: readonly [Float32Array, Float32Array, Float32Array];
  readonly mix: number;
}

/** A compiled look; an empty list changes nothing. */
export type Look = readonly Stage[];

const STEPS = 4;
const LAST = 255 * STEPS;
// How bright each channel looks (Rec. 709).
const RED = 0.2126;
const GREEN = 0.7152;
const BLUE = 0.0722;

// Warmth brightens red and darkens blue.
const WARMTH: Rgb = [-0.35, -0.05, 0.4];

/** An S for more contrast, a flatter line for less; the middle stays. */
function contrasted(value: number, by: number): number {
  if (by < 0) return 0.5 + (value - 0.5) * (1 + by * 0.6);
  const steep = value * value * (3 - 2 * value);
  return value + (steep - value) * by * 1.4;
}

function curve(recipe: Recipe, channel: 0 | 1 | 2): Float32Array {
  const { brightness = 0, contrast = 0, warmth = 0, fade = 0 } = recipe;
  const dark = recipe.shadows?.[channel] ?? 0;
  const light = recipe.highlights?.[channel] ?? 0;
  // Powers move the middle and leave black and white where they are.
  const power = 2 ** (warmth * WARMTH[channel] - brightness);
  return Float32Array.from({ length: LAST + 1 }, (_, at) => {
    let value = contrasted((at / LAST) ** power, contrast);
    value = value * (1 - fade * 0.22) + fade * 0.12;
    value += dark * (1 - value) ** 2 + light * value ** 2;
    return Math.min(Math.max(value, 0), 1) * 255;
  });
}

function stage(recipe: Recipe, mix: number): Stage {
  const curves = [curve(recipe, 0), curve(recipe, 1), curve(recipe, 2)] as const;
  return { saturation: recipe.saturation ?? 0, curves, mix };
}

interface LookInput extends Adjustments {
  readonly filter: FilterName;
  readonly strength: number;
}

export function compileLook(input: LookInput): Look {
  const stages: Stage[] = [];
  if (input.filter !== "original" && input.strength > 0) {
    stages.push(stage(RECIPES[input.filter], input.strength));
  }
  if (ADJUSTMENTS.some((name) => input[name] !== 0)) stages.push(stage(input, 1));
  return stages;
}

function at(table: Float32Array, value: number): number {
  const index = (value * STEPS + 0.5) | 0;
  return table[Math.min(Math.max(index, 0), LAST)] as number;
}

/** Changes RGBA pixels in place; transparency stays. */
export function applyLook(pixels: Uint8ClampedArray, look: Look): void {
  for (const { saturation, curves, mix } of look) {
    const [reds, greens, blues] = curves;
    const more = 1 + saturation;
    for (let i = 0; i < pixels.length; i += 4) {
      const r = pixels[i] as number;
      const g = pixels[i + 1] as number;
      const b = pixels[i + 2] as number;
      const grey = (r * RED + g * GREEN + b * BLUE) * -saturation;
      pixels[i] = r + (at(reds, r * more + grey) - r) * mix;
      pixels[i + 1] = g + (at(greens, g * more + grey) - g) * mix;
      pixels[i + 2] = b + (at(blues, b * more + grey) - b) * mix;
    }
  }
}

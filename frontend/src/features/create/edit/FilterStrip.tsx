// Every filter, shown on the picture itself.
import { useEffect, useRef } from "react";
import { classes } from "@/ui/classes";
import styles from "./FilterStrip.module.css";
import { applyLook, compileLook, FILTERS, type FilterName, UNADJUSTED } from "./looks";

const SIDE = 96;

/** The middle of the turned picture, small. */
function drawSmall(canvas: HTMLCanvasElement, bitmap: ImageBitmap, turns: number): void {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return;
  const side = Math.min(bitmap.width, bitmap.height);
  context.setTransform(1, 0, 0, 1, SIDE / 2, SIDE / 2);
  context.rotate((turns * Math.PI) / 2);
  context.imageSmoothingQuality = "high";
  const left = (bitmap.width - side) / 2;
  const top = (bitmap.height - side) / 2;
  context.drawImage(bitmap, left, top, side, side, -SIDE / 2, -SIDE / 2, SIDE, SIDE);
}

interface SampleProps {
  readonly bitmap: ImageBitmap | null;
  readonly turns: number;
  readonly filter: FilterName;
}

function Sample({ bitmap, turns, filter }: SampleProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext("2d", { willReadFrequently: true });
    if (!canvas || !context || !bitmap) return;
    drawSmall(canvas, bitmap, turns);
    const pixels = context.getImageData(0, 0, SIDE, SIDE);
    applyLook(pixels.data, compileLook({ ...UNADJUSTED, filter, strength: 1 }));
    context.putImageData(pixels, 0, 0);
  }, [bitmap, turns, filter]);
  return <canvas ref={ref} width={SIDE} height={SIDE} className={styles.sample} />;
}

const nameOf = (filter: FilterName) => filter.charAt(0).toUpperCase() + filter.slice(1);

interface FilterStripProps extends Omit<SampleProps, "filter"> {
  readonly value: FilterName;
  readonly onChoose: (filter: FilterName) => void;
}

export function FilterStrip({ value, onChoose, ...sample }: FilterStripProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a row of buttons, not a fieldset
    <div className={styles.strip} role="group" aria-label="Filters">
      {FILTERS.map((filter) => (
        <button
          key={filter}
          type="button"
          className={classes(styles.filter, filter === value && styles.chosen)}
          aria-pressed={filter === value}
          onClick={() => onChoose(filter)}
        >
          <Sample {...sample} filter={filter} />
          {nameOf(filter)}
        </button>
      ))}
    </div>
  );
}

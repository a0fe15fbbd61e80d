// Crop, filter and adjust one picture. Nothing is changed before "Done".
import { Crop as CropIcon, RotateCw, SlidersHorizontal, Sparkles } from "lucide-react";
import { useCallback, useEffect, useId, useRef, useState } from "react";
import { announce } from "@/lib/announce";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import {
  maxZoom,
  RATIOS,
  type Ratio,
  ratioOf,
  reshaped,
  rotated,
  type Size,
  zoomedAt,
} from "./crop";
import styles from "./Editor.module.css";
import { type Edit, isUntouched, UNTOUCHED } from "./edit";
import { FilterStrip } from "./FilterStrip";
import { ADJUSTMENTS, type Adjustments, applyLook, compileLook } from "./looks";
import { Slider } from "./Slider";
import { Stage } from "./Stage";

const PREVIEW_SIDE = 1440;

const TABS = [
  { name: "crop", label: "Crop", icon: CropIcon },
  { name: "filter", label: "Filter", icon: Sparkles },
  { name: "adjust", label: "Adjust", icon: SlidersHorizontal },
] as const;
type Tab = (typeof TABS)[number]["name"];

const RATIO_LABELS: Record<Ratio, string> = {
  original: "Original",
  "1:1": "Square",
  "4:5": "4:5",
  "16:9": "16:9",
};

const ADJUSTMENT_LABELS: Record<keyof Adjustments, string> = {
  brightness: "Brightness",
  contrast: "Contrast",
  warmth: "Warmth",
  saturation: "Saturation",
};

const OUTLINE_PX = 26;

/** The outline of a shape, within a small square. */
function outlineOf(ratio: number) {
  return {
    width: Math.round(OUTLINE_PX * Math.min(1, ratio)),
    height: Math.round(OUTLINE_PX * Math.min(1, 1 / ratio)),
  };
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** The picture in a size for the screen. Null until it is read. */
function useBitmap(file: Blob, size: Size): ImageBitmap | null {
  const [bitmap, setBitmap] = useState<ImageBitmap | null>(null);
  useEffect(() => {
    const scale = Math.min(1, PREVIEW_SIDE / Math.max(size.width, size.height));
    let opened: ImageBitmap | null = null;
    let isGone = false;
    void createImageBitmap(file, {
      resizeWidth: Math.max(1, Math.round(size.width * scale)),
      resizeHeight: Math.max(1, Math.round(size.height * scale)),
      resizeQuality: "medium",
    }).then((made) => {
      opened = made;
      if (isGone) made.close();
      else setBitmap(made);
    });
    return () => {
      isGone = true;
      opened?.close();
    };
  }, [file, size]);
  return bitmap;
}

/** The pixels of the turned picture, before any look. */
function turnedPixels(bitmap: ImageBitmap, turns: number): ImageData | null {
  const [width, height] =
    turns % 2 === 0 ? [bitmap.width, bitmap.height] : [bitmap.height, bitmap.width];
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) return null;
  context.translate(width / 2, height / 2);
  context.rotate((turns * Math.PI) / 2);
  context.drawImage(bitmap, -bitmap.width / 2, -bitmap.height / 2);
  return context.getImageData(0, 0, width, height);
}

function usePainter(bitmap: ImageBitmap | null, edit: Edit) {
  const [pixels, setPixels] = useState<ImageData | null>(null);
  useEffect(() => {
    setPixels(bitmap && turnedPixels(bitmap, edit.turns));
  }, [bitmap, edit.turns]);

  const { filter, strength, brightness, contrast, warmth, saturation } = edit;
  return useCallback(
    (canvas: HTMLCanvasElement) => {
      if (!pixels) return;
      const look = { filter, strength, brightness, contrast, warmth, saturation };
      const painted = new ImageData(pixels.data.slice(), pixels.width, pixels.height);
      applyLook(painted.data, compileLook(look));
      canvas.width = pixels.width;
      canvas.height = pixels.height;
      canvas.getContext("2d")?.putImageData(painted, 0, 0);
    },
    [pixels, filter, strength, brightness, contrast, warmth, saturation],
  );
}

interface PaneProps {
  readonly edit: Edit;
  readonly size: Size;
  readonly onChange: (edit: Edit) => void;
}

function CropPane({ edit, size, onChange }: PaneProps) {
  const most = maxZoom(edit, size);
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a row of buttons, not a fieldset */}
      <div className={styles.ratios} role="group" aria-label="Shape">
        {RATIOS.map((ratio) => (
          <button
            key={ratio}
            type="button"
            className={styles.ratio}
            aria-pressed={edit.ratio === ratio}
            onClick={() => onChange({ ...edit, ...reshaped(edit, size, ratio) })}
          >
            <span
              className={styles.shape}
              style={outlineOf(ratioOf({ ...edit, ratio }, size))}
              aria-hidden="true"
            />
            {RATIO_LABELS[ratio]}
          </button>
        ))}
        <button
          type="button"
          className={styles.ratio}
          onClick={() => {
            const next = { ...edit, ...rotated(edit, size) };
            onChange(next);
            announce(`Turned by ${next.turns * 90} degrees.`);
          }}
        >
          <RotateCw size={22} aria-hidden="true" />
          Rotate
        </button>
      </div>
      <Slider
        label="Zoom"
        min={1}
        max={most}
        step={0.01}
        value={edit.zoom}
        disabled={most === 1}
        text={percent(edit.zoom)}
        onChange={(zoom) => onChange({ ...edit, ...zoomedAt(edit, size, zoom) })}
      />
    </>
  );
}

function AdjustPane({ edit, onChange }: PaneProps) {
  return ADJUSTMENTS.map((name) => (
    <Slider
      key={name}
      label={ADJUSTMENT_LABELS[name]}
      min={-1}
      max={1}
      step={0.02}
      value={edit[name]}
      text={`${edit[name] > 0 ? "+" : ""}${Math.round(edit[name] * 100)}`}
      onChange={(value) => onChange({ ...edit, [name]: value })}
      onReset={() => onChange({ ...edit, [name]: 0 })}
    />
  ));
}

function FilterPane({ edit, bitmap, onChange }: PaneProps & { bitmap: ImageBitmap | null }) {
  return (
    <>
      <FilterStrip
        bitmap={bitmap}
        turns={edit.turns}
        value={edit.filter}
        onChoose={(filter) => onChange({ ...edit, filter, strength: 1 })}
      />
      <Slider
        label="Strength"
        min={0}
        max={1}
        step={0.01}
        value={edit.strength}
        disabled={edit.filter === "original"}
        text={percent(edit.strength)}
        onChange={(strength) => onChange({ ...edit, strength })}
      />
    </>
  );
}

interface TabsProps {
  readonly id: string;
  readonly value: Tab;
  readonly onChoose: (tab: Tab) => void;
}

function Tabs({ id, value, onChoose }: TabsProps) {
  const ref = useRef<HTMLDivElement>(null);
  const step = (by: number) => {
    const at = TABS.findIndex(({ name }) => name === value);
    const next = (at + by + TABS.length) % TABS.length;
    onChoose(TABS[next]?.name ?? "crop");
    ref.current?.querySelectorAll("button")[next]?.focus();
  };
  return (
    <div ref={ref} className={styles.tabs} role="tablist" aria-label="Tools">
      {TABS.map(({ name, label, icon: Icon }) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`${id}-${name}`}
          aria-controls={`${id}-pane`}
          aria-selected={value === name}
          tabIndex={value === name ? 0 : -1}
          className={classes(styles.tab, value === name && styles.chosen)}
          onClick={() => onChoose(name)}
          onKeyDown={({ key }) => {
            if (key === "ArrowRight") step(1);
            if (key === "ArrowLeft") step(-1);
          }}
        >
          <Icon size={18} aria-hidden="true" />
          {label}
        </button>
      ))}
    </div>
  );
}

interface EditorProps {
  readonly file: Blob;
  readonly size: Size;
  readonly edit: Edit;
  readonly onChange: (edit: Edit) => void;
}

export default function Editor({ file, size, edit, onChange }: EditorProps) {
  const id = useId();
  const [tab, setTab] = useState<Tab>("crop");
  const bitmap = useBitmap(file, size);
  const paint = usePainter(bitmap, edit);
  const pane = { edit, size, onChange };
  return (
    <div className={styles.editor}>
      <Stage
        paint={paint}
        crop={edit}
        size={size}
        isCropping={tab === "crop"}
        onCrop={(crop) => onChange({ ...edit, ...crop })}
      />
      <div className={styles.tools}>
        <Tabs id={id} value={tab} onChoose={setTab} />
        <div
          id={`${id}-pane`}
          role="tabpanel"
          aria-labelledby={`${id}-${tab}`}
          className={styles.pane}
        >
          {tab === "crop" && <CropPane {...pane} />}
          {tab === "filter" && <FilterPane {...pane} bitmap={bitmap} />}
          {tab === "adjust" && <AdjustPane {...pane} />}
        </div>
        <div className={styles.foot}>
          <Button
            size="small"
            variant="text"
            disabled={isUntouched(edit, size)}
            onClick={() => onChange(UNTOUCHED)}
          >
            Back to the original
          </Button>
        </div>
      </div>
    </div>
  );
}

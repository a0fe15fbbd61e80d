// The picture behind the frame of its crop: dragged, pinched, wheeled and moved by keys.
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { classes } from "@/ui/classes";
import { type Crop, exactRegion, panned, type Size, turned, zoomedAt } from "./crop";
import styles from "./Stage.module.css";

const KEY_STEP = 0.05;
const ZOOM_STEP = 1.1;
const WHEEL = 0.0015;
const MARGIN_PX = 20;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The size of the frame on the screen: the part, as large as there is room. */
function frameIn(room: Size, part: Size): Size {
  const width = Math.max(1, room.width - 2 * MARGIN_PX);
  const height = Math.max(1, room.height - 2 * MARGIN_PX);
  const scale = Math.min(width / part.width, height / part.height);
  return { width: part.width * scale, height: part.height * scale };
}

function useRoom() {
  const ref = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const box = ref.current;
    if (!box) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setRoom(entry.contentRect);
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  return { ref, room };
}

/** One finger or the mouse moves the picture, two fingers zoom it around their middle. */
function usePointers(crop: Crop, size: Size, frame: Size, onCrop: (crop: Crop) => void) {
  const pointers = useRef(new Map<number, Point>());
  const [isHeld, setHeld] = useState(false);

  const move = (event: PointerEvent<HTMLElement>) => {
    const before = pointers.current.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    pointers.current.set(event.pointerId, now);
    const share = other ? 0.5 : 1; // of two fingers each moves the middle by half
    let next = panned(
      crop,
      size,
      ((before.x - now.x) * share) / frame.width,
      ((before.y - now.y) * share) / frame.height,
    );
    if (other) {
      const spread = Math.hypot(before.x - other.x, before.y - other.y);
      const wider = Math.hypot(now.x - other.x, now.y - other.y);
      if (spread > 0) next = zoomedAt(next, size, (next.zoom * wider) / spread);
    }
    onCrop(next);
  };
  const end = (event: PointerEvent<HTMLElement>) => {
    pointers.current.delete(event.pointerId);
    setHeld(pointers.current.size > 0);
  };
  return {
    isHeld,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
        setHeld(true);
      },
      onPointerMove: move,
      onPointerUp: end,
      onPointerCancel: end,
    },
  };
}

/** React listens to wheels passively, so that it could not keep the page from scrolling. */
function useWheel(ref: { current: HTMLElement | null }, zoom: (event: WheelEvent) => void) {
  const latest = useRef(zoom);
  useEffect(() => {
    latest.current = zoom;
  });
  useEffect(() => {
    const box = ref.current;
    const listen = (event: WheelEvent) => {
      event.preventDefault();
      latest.current(event);
    };
    box?.addEventListener("wheel", listen, { passive: false });
    return () => box?.removeEventListener("wheel", listen);
  }, [ref]);
}

function keyed(event: KeyboardEvent, crop: Crop, size: Size): Crop | null {
  const steps: Record<string, readonly [number, number]> = {
    ArrowLeft: [-KEY_STEP, 0],
    ArrowRight: [KEY_STEP, 0],
    ArrowUp: [0, -KEY_STEP],
    ArrowDown: [0, KEY_STEP],
  };
  const step = steps[event.key];
  if (step) return panned(crop, size, ...step);
  if (event.key === "+" || event.key === "=") return zoomedAt(crop, size, crop.zoom * ZOOM_STEP);
  if (event.key === "-") return zoomedAt(crop, size, crop.zoom / ZOOM_STEP);
  return null;
}

interface StageProps {
  /** The turned picture as it looks now. */
  readonly paint: (canvas: HTMLCanvasElement) => void;
  readonly crop: Crop;
  readonly size: Size;
  /** Whether the crop can be changed; else the frame shows nothing of what lies outside. */
  readonly isCropping: boolean;
  readonly onCrop: (crop: Crop) => void;
}

export function Stage({ paint, crop, size, isCropping, onCrop }: StageProps) {
  const { ref, room } = useRoom();
  const canvas = useRef<HTMLCanvasElement>(null);
  const whole = turned(size, crop.turns);
  const part = exactRegion(crop, size);
  const frame = frameIn(room, part);
  const scale = frame.width / part.width;
  const { isHeld, handlers } = usePointers(crop, size, frame, onCrop);

  useEffect(() => {
    if (canvas.current) paint(canvas.current);
  }, [paint]);
  useWheel(ref, (event) => {
    if (!isCropping) return;
    const box = ref.current?.getBoundingClientRect();
    if (!box) return;
    const atX = (event.clientX - box.left - (box.width - frame.width) / 2) / frame.width;
    const atY = (event.clientY - box.top - (box.height - frame.height) / 2) / frame.height;
    onCrop(zoomedAt(crop, size, crop.zoom * Math.exp(-event.deltaY * WHEEL), atX, atY));
  });

  return (
    <div
      ref={ref}
      className={classes(styles.stage, isCropping && styles.cropping)}
      {...(isCropping && {
        ...handlers,
        role: "application",
        "aria-roledescription": "crop",
        "aria-label": "Part of the picture. Arrow keys move it, plus and minus zoom.",
        tabIndex: 0,
        onKeyDown: (event: KeyboardEvent) => {
          const next = keyed(event, crop, size);
          if (!next) return;
          event.preventDefault();
          onCrop(next);
        },
      })}
    >
      <canvas
        ref={canvas}
        className={styles.picture}
        style={{
          width: whole.width * scale,
          height: whole.height * scale,
          translate: `${(room.width - frame.width) / 2 - part.x * scale}px ${
            (room.height - frame.height) / 2 - part.y * scale
          }px`,
        }}
      />
      <div
        className={classes(styles.frame, isHeld && styles.held)}
        style={{ width: frame.width, height: frame.height }}
      >
        <span />
        <span />
        <span />
        <span />
      </div>
    </div>
  );
}

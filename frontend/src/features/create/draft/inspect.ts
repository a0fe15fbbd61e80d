// Opens a chosen file on the device: its measures, its length and a small picture of it.
import { studio } from "../edit/studio";
import { type Inspected, kindOf } from "./rules";

const UNKNOWN: Inspected = { size: null, durationMs: null, preview: null };
const PREVIEW_SIDE = 1080;
/** A browser that cannot play a file may say nothing at all. */
const PATIENCE_MS = 8000;
/** The very first frame is often black. */
const POSTER_AT_S = 0.1;

function happened(video: HTMLVideoElement, name: "loadeddata" | "seeked"): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("too slow")), PATIENCE_MS);
    const done = (act: () => void) => () => {
      clearTimeout(timer);
      act();
    };
    video.addEventListener(name, done(resolve), { once: true });
    video.addEventListener(
      "error",
      done(() => reject(new Error("not playable"))),
      { once: true },
    );
  });
}

async function posterOf(video: HTMLVideoElement): Promise<Blob> {
  const { videoWidth: width, videoHeight: height } = video;
  const scale = Math.min(1, PREVIEW_SIDE / Math.max(width, height));
  const canvas = new OffscreenCanvas(Math.round(width * scale), Math.round(height * scale));
  canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
}

/** Recordings of browsers name no length until they have been played to their end. */
async function durationOf(video: HTMLVideoElement): Promise<number | null> {
  if (Number.isFinite(video.duration)) return video.duration * 1000;
  video.currentTime = Number.MAX_SAFE_INTEGER;
  await happened(video, "seeked");
  return Number.isFinite(video.duration) ? video.duration * 1000 : video.currentTime * 1000;
}

async function inspectVideo(file: File): Promise<Inspected> {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.preload = "auto";
  const address = URL.createObjectURL(file);
  try {
    video.src = address;
    await happened(video, "loadeddata");
    const durationMs = await durationOf(video);
    video.currentTime = Math.min(POSTER_AT_S, (durationMs ?? 0) / 2000);
    await happened(video, "seeked");
    const size = { width: video.videoWidth, height: video.videoHeight };
    return { size, durationMs, preview: await posterOf(video) };
  } finally {
    video.removeAttribute("src");
    URL.revokeObjectURL(address);
  }
}

async function inspectPicture(file: File): Promise<Inspected> {
  const work = studio.preview(file, PREVIEW_SIDE);
  const { blob, width, height } = await inTime(work, PICTURE_PATIENCE_MS);
  return { size: { width, height }, durationMs: null, preview: blob };
}

/** A worker whose script cannot be fetched may not answer at all. */
const PICTURE_PATIENCE_MS = 30_000;

function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("too slow")), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** What can be found out here; all null for what this browser cannot open (the server may). */
export function inspect(file: File): Promise<Inspected> {
  const look = kindOf(file) === "video" ? inspectVideo : inspectPicture;
  return look(file).catch(() => UNKNOWN);
}

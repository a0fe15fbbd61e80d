// Videos on a page: one plays at a time, sound is asked for once, and nobody is played at who does not want it.
import { useMediaQuery } from "./media";
import { Store } from "./store";

/** Whether videos of this visit are heard. Browsers and people alike want it off at first. */
export const soundOn = new Store(false);

let playing: HTMLVideoElement | null = null;

/** Pauses what played before. */
export function takeTurn(video: HTMLVideoElement): void {
  if (playing !== video) playing?.pause();
  playing = video;
}

interface Connection {
  readonly saveData?: boolean;
}

function savesData(): boolean {
  return (navigator as { connection?: Connection }).connection?.saveData === true;
}

/** Whether videos may begin by themselves. */
export function useAutoplay(): boolean {
  const isCalm = useMediaQuery("(prefers-reduced-motion: reduce)");
  const isThrifty = useMediaQuery("(prefers-reduced-data: reduce)");
  return !isCalm && !isThrifty && !savesData();
}

/** Begins to play; silently where the browser allows no sound yet. */
export async function play(video: HTMLVideoElement): Promise<void> {
  takeTurn(video);
  try {
    await video.play();
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== "NotAllowedError" || video.muted) return;
    soundOn.set(false);
    video.muted = true;
    await video.play().catch(() => undefined);
  }
}

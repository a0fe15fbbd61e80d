// A video: its still picture first; it plays muted while it is mostly in view, and pauses outside.
import { Pause, Play, Volume2, VolumeX } from "lucide-react";
import { type ComponentProps, type RefObject, useEffect, useRef, useState } from "react";
import { renewAddresses } from "@/api/queryClient";
import type { Media } from "@/api/types";
import { play, soundOn, useAutoplay } from "@/lib/playback";
import { useStore } from "@/lib/store";
import { playTime } from "@/lib/time";
import { IconButton } from "./Button";
import { classes } from "./classes";
import { Picture } from "./Picture";
import styles from "./Video.module.css";

const MOSTLY = 0.6;
/** A second tap within this time is a like, not a pause. */
const DOUBLE_TAP_MS = 280;

function isVideoFile({ type }: { type: string }): boolean {
  return type.startsWith("video/");
}

export function isPlayable(media: Media): boolean {
  return media.kind === "video" && media.variants.some(isVideoFile);
}

/** The address that was given first: a fresher one of the same file must not start it anew. */
function useSource(media: Media, failed: boolean): string | undefined {
  const now = media.variants.find(isVideoFile)?.url;
  const [kept, setKept] = useState({ id: media.id, url: now });
  if (kept.id !== media.id || (failed && kept.url !== now)) setKept({ id: media.id, url: now });
  return kept.url;
}

function useIsInView(ref: RefObject<HTMLElement | null>): boolean {
  const [inView, setInView] = useState(false);
  useEffect(() => {
    const box = ref.current;
    if (!box) return undefined;
    const observer = new IntersectionObserver(
      ([entry]) => setInView((entry?.intersectionRatio ?? 0) >= MOSTLY && !document.hidden),
      { threshold: [0, MOSTLY] },
    );
    const look = () => {
      observer.unobserve(box);
      observer.observe(box); // tells at once how it stands
    };
    observer.observe(box);
    document.addEventListener("visibilitychange", look);
    return () => {
      observer.disconnect();
      document.removeEventListener("visibilitychange", look);
    };
  }, [ref]);
  return inView;
}

/** One tap, once it is sure that no second one follows. */
function useSingleTap(act: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (event: { detail: number }) => {
    clearTimeout(timer.current);
    if (event.detail === 1) timer.current = setTimeout(act, DOUBLE_TAP_MS);
  };
}

type VideoProps = Omit<ComponentProps<typeof Picture>, "fit"> & {
  readonly fit?: "cover" | "contain";
};

export function Video({ media, className, fit = "cover", ...picture }: VideoProps) {
  const frame = useRef<HTMLDivElement>(null);
  const ref = useRef<HTMLVideoElement>(null);
  const mayBegin = useAutoplay();
  const isInView = useIsInView(frame);
  const hasSound = useStore(soundOn);
  const [wish, setWish] = useState<"none" | "play" | "pause">("none");
  const [isPlaying, setPlaying] = useState(false);
  const [hasBegun, setBegun] = useState(false);
  const [failed, setFailed] = useState(false);
  const [time, setTime] = useState(0);
  const source = useSource(media, failed);
  const length = (media.duration_ms ?? 0) / 1000;
  const wanted = isInView && (wish === "play" || (wish === "none" && mayBegin));

  useEffect(() => {
    const video = ref.current;
    if (!video || !source) return;
    if (wanted) void play(video);
    else video.pause();
  }, [wanted, source]);

  const toggle = () => {
    const video = ref.current;
    if (!video) return;
    setWish(isPlaying ? "pause" : "play");
    // Another video may have paused this one: the wish is the same, the turn is not.
    if (!isPlaying) void play(video);
  };
  const onTap = useSingleTap(toggle);

  return (
    <div ref={frame} className={classes(styles.frame, className)}>
      <Picture {...picture} media={media} fit={fit} className={styles.poster} />
      {/* A tap is for fingers; the button below does the same by keys. */}
      <video
        ref={ref}
        className={classes(
          styles.video,
          fit === "contain" && styles.contain,
          hasBegun && styles.on,
        )}
        src={source}
        muted={!hasSound}
        loop
        playsInline
        preload="none"
        disablePictureInPicture
        tabIndex={-1}
        aria-label={picture.alt ?? media.alt_text}
        onClick={onTap}
        onPlaying={() => {
          setPlaying(true);
          setBegun(true);
          setFailed(false);
        }}
        onPause={() => setPlaying(false)}
        onTimeUpdate={(event) => setTime(event.currentTarget.currentTime)}
        onError={() => {
          setFailed(true);
          setPlaying(false);
          renewAddresses();
        }}
      />
      {!isPlaying && (
        <span className={styles.big} aria-hidden="true">
          <Play size={30} />
        </span>
      )}
      {failed && (
        <p className={styles.problem} role="alert">
          This video could not be played.
        </p>
      )}
      <div className={styles.controls}>
        {length > 0 && (
          <span className={styles.time}>{playTime(isPlaying ? length - time : length)}</span>
        )}
        <IconButton tone="over" label={isPlaying ? "Pause" : "Play"} onClick={toggle}>
          {isPlaying ? <Pause size={20} /> : <Play size={20} />}
        </IconButton>
        <IconButton
          tone="over"
          label={hasSound ? "Sound off" : "Sound on"}
          onClick={() => soundOn.set(!hasSound)}
        >
          {hasSound ? <Volume2 size={20} /> : <VolumeX size={20} />}
        </IconButton>
      </div>
      {length > 0 && (
        <span
          className={styles.bar}
          style={{ scale: `${Math.min(1, time / length)} 1` }}
          aria-hidden="true"
        />
      )}
    </div>
  );
}

/** A picture, or a video where there is one to play. */
export function Shot(props: VideoProps) {
  return isPlayable(props.media) ? <Video {...props} /> : <Picture {...props} />;
}

// The pictures of a post: swipe, arrows, keys and dots; double tap likes; alt text on request.
import { ChevronLeft, ChevronRight, Heart } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import type { Media, Post } from "@/api/types";
import { shots } from "@/lib/text";
import { IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Shot } from "@/ui/Video";
import styles from "./Carousel.module.css";
import { PeopleInPicture } from "./PeopleInPicture";
import { useIsVeiled } from "./sensitive";
import { Veil } from "./Veil";

const TALLEST = 3 / 4;
const WIDEST = 3;
const DOUBLE_TAP_MS = 300;
const DOUBLE_TAP_PX = 30;

/** Width by height of the frame: the first picture's, within what a column can bear. */
export function frameRatio(media: readonly Media[]): number {
  const first = media[0];
  if (!first?.width || !first.height) return 1;
  return Math.min(WIDEST, Math.max(TALLEST, first.width / first.height));
}

const nounOf = ({ kind }: Media) => (kind === "video" ? "Video" : "Picture");

function useDoubleTap(act: (() => void) | undefined) {
  const last = useRef({ at: 0, x: 0, y: 0 });
  return (event: PointerEvent) => {
    if (!act || (event.target as Element).closest("button")) return;
    const { timeStamp: at, clientX: x, clientY: y } = event;
    const near = Math.hypot(x - last.current.x, y - last.current.y) < DOUBLE_TAP_PX;
    const isSecond = near && at - last.current.at < DOUBLE_TAP_MS;
    last.current = isSecond ? { at: 0, x: 0, y: 0 } : { at, x, y };
    if (isSecond) act();
  };
}

function AltText({ text }: { text: string }) {
  const [shown, setShown] = useState(false);
  return (
    <div className={styles.alt}>
      {shown && <p className={styles.altText}>{text}</p>}
      <button
        type="button"
        className={styles.altButton}
        aria-expanded={shown}
        aria-label="ALT, description"
        onClick={() => setShown(!shown)}
      >
        <span>ALT</span>
      </button>
    </div>
  );
}

interface CarouselProps {
  readonly post: Post;
  readonly sizes: string;
  /** In view when the page opens. */
  readonly eager?: boolean;
  /** Fills its place instead of having the first picture's shape. */
  readonly fill?: boolean;
  readonly onDoubleTap?: () => void;
}

function People({ post, media }: { post: Post; media: Media }) {
  const tags = post.people_tags.filter(({ media_id }) => media_id === media.id);
  return tags.length > 0 && <PeopleInPicture media={media} tags={tags} />;
}

/** The pictures, or the veil before those that are sensitive. */
export function Carousel(props: CarouselProps) {
  const { post, fill = false } = props;
  if (!useIsVeiled(post)) return <Pictures {...props} />;
  return (
    <div
      className={classes(styles.frame, fill && styles.fill)}
      style={fill ? undefined : { aspectRatio: frameRatio(post.media) }}
    >
      <Veil post={post} />
    </div>
  );
}

function Pictures({ post, sizes, eager = false, fill = false, onDoubleTap }: CarouselProps) {
  const stripRef = useRef<HTMLDivElement>(null);
  const [index, setIndex] = useState(0);
  const [bursts, setBursts] = useState(0);
  const { media } = post;
  const onPointerUp = useDoubleTap(
    onDoubleTap &&
      (() => {
        setBursts((n) => n + 1);
        onDoubleTap();
      }),
  );

  const goTo = (wanted: number) => {
    const strip = stripRef.current;
    const slide = strip?.children[Math.min(Math.max(wanted, 0), media.length - 1)];
    if (!strip || !(slide instanceof HTMLElement)) return;
    strip.scrollTo({ left: slide.offsetLeft, behavior: "smooth" });
  };

  const onKey = (event: KeyboardEvent) => {
    const wanted = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: media.length - 1 }[
      event.key
    ];
    // Beyond its ends the keys are for whoever else wants them.
    if (wanted === undefined || media.length < 2 || !media[wanted]) return;
    event.preventDefault();
    goTo(wanted);
  };

  const many = media.length > 1;
  const current = media[index];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys for the strip and the buttons in it
    <div
      className={classes(styles.frame, fill && styles.fill)}
      style={fill ? undefined : { aspectRatio: frameRatio(media) }}
      onKeyDown={onKey}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a carousel is a group, not a fieldset */}
      <div
        ref={stripRef}
        className={styles.strip}
        role="group"
        aria-roledescription={many ? "carousel" : undefined}
        aria-label={
          many ? `${shots(media)} by ${post.author.username}` : media[0] && nounOf(media[0])
        }
        tabIndex={many ? 0 : undefined}
        onPointerUp={onPointerUp}
        onScroll={(event) => {
          const { scrollLeft, clientWidth } = event.currentTarget;
          setIndex(Math.round(Math.abs(scrollLeft) / clientWidth));
        }}
      >
        {media.map((item, at) => (
          // biome-ignore lint/a11y/useSemanticElements: a slide is a group, not a fieldset
          <div
            key={item.id}
            className={styles.slide}
            role="group"
            aria-roledescription={many ? "slide" : undefined}
            aria-label={many ? `${at + 1} of ${media.length}` : undefined}
          >
            <Shot
              media={item}
              sizes={sizes}
              fit="contain"
              eager={eager && at === 0}
              className={styles.picture}
              alt={item.alt_text || `${nounOf(item)} by ${post.author.username}`}
            />
            <People post={post} media={item} />
          </div>
        ))}
      </div>
      {many && (
        <>
          <span className={styles.counter} aria-hidden="true">
            {index + 1}/{media.length}
          </span>
          <div className={styles.dots} aria-hidden="true">
            {media.map((item, at) => (
              <span key={item.id} className={classes(styles.dot, at === index && styles.on)} />
            ))}
          </div>
          {index > 0 && (
            <IconButton
              tone="over"
              label="Previous picture"
              className={classes(styles.arrow, styles.previous)}
              onClick={() => goTo(index - 1)}
            >
              <ChevronLeft size={22} />
            </IconButton>
          )}
          {index < media.length - 1 && (
            <IconButton
              tone="over"
              label="Next picture"
              className={classes(styles.arrow, styles.next)}
              onClick={() => goTo(index + 1)}
            >
              <ChevronRight size={22} />
            </IconButton>
          )}
        </>
      )}
      {current?.alt_text && <AltText key={current.id} text={current.alt_text} />}
      {bursts > 0 && <Heart key={bursts} className={styles.burst} aria-hidden="true" />}
    </div>
  );
}

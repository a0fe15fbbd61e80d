// A picture: its blurred promise first, then the size that fits, described by its alt text.
import { decode } from "blurhash";
import { useEffect, useRef, useState } from "react";
import { renewAddresses } from "@/api/queryClient";
import type { Media, Variant } from "@/api/types";
import { classes } from "./classes";
import styles from "./Picture.module.css";

const HASH_SIDE = 32;

function srcSet(variants: readonly Variant[]): string {
  return variants.map((variant) => `${variant.url} ${variant.width}w`).join(", ");
}

function useBlurhash(hash: string | null, wanted: boolean) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = wanted && hash ? ref.current?.getContext("2d") : null;
    if (!context || !hash) return;
    const image = context.createImageData(HASH_SIDE, HASH_SIDE);
    try {
      image.data.set(decode(hash, HASH_SIDE, HASH_SIDE));
    } catch {
      return; // not a hash this library knows: the plain ground stays
    }
    context.putImageData(image, 0, 0);
  }, [hash, wanted]);
  return ref;
}

/** The blurred promise alone, for a picture that is not to be seen unasked. */
export function Blur({ hash, className }: { hash: string | null; className?: string | undefined }) {
  const ref = useBlurhash(hash, true);
  return (
    <div className={classes(styles.frame, className)}>
      <canvas ref={ref} className={styles.blur} width={HASH_SIDE} height={HASH_SIDE} />
    </div>
  );
}

/** What stands in place of something that cannot be shown yet, or never. */
function missingText({ kind, state, error }: Media): string {
  const what = kind === "video" ? "This video" : "This picture";
  if (state === "failed") return error?.message ?? `${what} could not be read.`;
  return `${what} is being prepared.`;
}

interface PictureProps {
  readonly media: Media;
  readonly sizes: string;
  /** `cover` fills the frame, `contain` shows all of the picture over its own blur. */
  readonly fit?: "cover" | "contain";
  /** The first picture of a page: at once, and without a decoded blur before it. */
  readonly eager?: boolean;
  /** Instead of the alt text; "" for a picture that only decorates. */
  readonly alt?: string;
  readonly className?: string | undefined;
}

export function Picture({
  media,
  sizes,
  fit = "cover",
  eager = false,
  alt,
  className,
}: PictureProps) {
  const [loaded, setLoaded] = useState(false);
  const imageRef = useRef<HTMLImageElement>(null);
  const canvasRef = useBlurhash(media.blurhash, !eager || loaded);
  const base = media.variants.filter(({ type }) => /^image\/(?!avif)/.test(type));
  const avif = media.variants.filter((variant) => variant.type === "image/avif");
  const largest = base.at(-1) ?? avif.at(-1);

  useEffect(() => {
    if (imageRef.current?.complete) setLoaded(true);
  }, []);

  if (!largest) {
    return (
      <div className={classes(styles.frame, className)}>
        <canvas ref={canvasRef} className={styles.blur} width={HASH_SIDE} height={HASH_SIDE} />
        <p className={styles.missing}>{missingText(media)}</p>
      </div>
    );
  }
  return (
    <div className={classes(styles.frame, className)}>
      <canvas
        ref={canvasRef}
        className={classes(styles.blur, fit === "contain" && styles.ambient)}
        width={HASH_SIDE}
        height={HASH_SIDE}
      />
      <picture>
        {avif.length > 0 && <source type="image/avif" srcSet={srcSet(avif)} sizes={sizes} />}
        <img
          ref={imageRef}
          className={classes(
            styles.image,
            fit === "contain" && styles.contain,
            loaded && styles.loaded,
          )}
          src={largest.url}
          srcSet={srcSet(base)}
          sizes={sizes}
          width={media.width ?? undefined}
          height={media.height ?? undefined}
          alt={alt ?? media.alt_text}
          loading={eager ? "eager" : "lazy"}
          fetchPriority={eager ? "high" : "auto"}
          decoding="async"
          draggable={false}
          onLoad={() => setLoaded(true)}
          onError={renewAddresses}
        />
      </picture>
    </div>
  );
}

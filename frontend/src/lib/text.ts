// Words and numbers as people read them.
const compact = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const plain = new Intl.NumberFormat();

/** 1,234 below ten thousand, then 12.3K. */
export function count(value: number): string {
  return value < 10_000 ? plain.format(value) : compact.format(value);
}

/** "1 like", "2 likes". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** "2 pictures", "1 video", "2 pictures and 1 video". */
export function shots(media: readonly { readonly kind: string }[]): string {
  const videos = media.filter(({ kind }) => kind === "video").length;
  const pictures = media.length - videos;
  const parts = [
    ...(pictures > 0 ? [plural(pictures, "picture")] : []),
    ...(videos > 0 ? [plural(videos, "video")] : []),
  ];
  return parts.join(" and ");
}

export function bytes(value: number): string {
  const megabytes = value / 1_000_000;
  if (megabytes < 1) return `${Math.ceil(value / 1000)} kB`;
  if (megabytes < 1000) return `${megabytes.toFixed(1).replace(/\.0$/, "")} MB`;
  return `${(megabytes / 1000).toFixed(1).replace(/\.0$/, "")} GB`;
}

/** Characters as the server counts them: code points, not UTF-16 units. */
export function length(text: string): number {
  return Array.from(text).length;
}

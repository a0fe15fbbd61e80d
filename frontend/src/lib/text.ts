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

export function bytes(value: number): string {
  const megabytes = value / 1_000_000;
  if (megabytes < 1) return `${Math.ceil(value / 1000)} kB`;
  return `${megabytes.toFixed(1).replace(/\.0$/, "")} MB`;
}

/** Characters as the server counts them: code points, not UTF-16 units. */
export function length(text: string): number {
  return Array.from(text).length;
}

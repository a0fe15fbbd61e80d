// A person's round picture; without one, the first letter on a warm ground that is always the same for them.
import { useState } from "react";
import type { UserSummary } from "@/api/types";
import styles from "./Avatar.module.css";

type Person = Pick<UserSummary, "username" | "display_name" | "avatar_url">;

const HUES = [25, 45, 65, 95, 150, 200, 250, 330] as const;

function hueOf(name: string): number {
  let sum = 0;
  for (const char of name) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973;
  return HUES[sum % HUES.length] ?? 45;
}

/** Decorative: the name always stands beside it. `size` in px. */
export function Avatar({ person, size = 40 }: { person: Person; size?: number }) {
  const [broken, setBroken] = useState<string | null>(null);
  const url = person.avatar_url;
  if (url && url !== broken) {
    return (
      <img
        className={styles.avatar}
        src={url}
        alt=""
        width={size}
        height={size}
        style={{ ["--size" as string]: `${size}px` }}
        loading="lazy"
        decoding="async"
        onError={() => setBroken(url)}
      />
    );
  }
  const letter = Array.from(person.display_name || person.username)[0] ?? "?";
  return (
    <span
      className={styles.letter}
      aria-hidden="true"
      style={{
        ["--size" as string]: `${size}px`,
        ["--hue" as string]: hueOf(person.username),
      }}
    >
      {letter.toUpperCase()}
    </span>
  );
}

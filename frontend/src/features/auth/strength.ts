// How hard a password is to guess, roughly.
export const STRENGTHS = ["too short", "fair", "good", "strong", "very strong"] as const;

/** 0 to 4: length counts most, then variety. */
export function strength(password: string): 0 | 1 | 2 | 3 | 4 {
  if (password.length < 8) return 0;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) =>
    kind.test(password),
  ).length;
  const steps = 1 + Math.floor((password.length - 8) / 4) + (kinds > 2 ? 1 : 0);
  return Math.min(4, steps) as 1 | 2 | 3 | 4;
}

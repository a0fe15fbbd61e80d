// What a personal token may do, in plain words.
import type { TokenDays, TokenScope } from "@/api/types";

export interface Scope {
  readonly value: TokenScope;
  readonly label: string;
  readonly text: string;
  readonly isForAdmins?: boolean;
}

export const SCOPES: readonly Scope[] = [
  { value: "read", label: "Read", text: "See what you see: posts, profiles, notifications." },
  {
    value: "write",
    label: "Write",
    text: "Post, comment, like, follow and change your profile in your name.",
  },
  { value: "messages", label: "Messages", text: "Read your conversations and write in your name." },
  {
    value: "admin",
    label: "Administer",
    text: "Do what you may do as one who runs this place.",
    isForAdmins: true,
  },
];

export const DAYS: readonly { readonly value: TokenDays; readonly label: string }[] = [
  { value: 7, label: "A week" },
  { value: 30, label: "30 days" },
  { value: 90, label: "90 days" },
  { value: 365, label: "A year" },
];

/** "Read, write and messages" */
export function scopesInWords(scopes: readonly string[]): string {
  const words = SCOPES.filter((scope) => scopes.includes(scope.value)).map((scope) =>
    scope.label.toLowerCase(),
  );
  const list = new Intl.ListFormat("en", { type: "conjunction" }).format(words);
  return list.charAt(0).toUpperCase() + list.slice(1);
}

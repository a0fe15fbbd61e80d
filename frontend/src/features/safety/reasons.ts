// Reports in plain words: why, of what, and what became of it.
import type { Report, ReportReason } from "@/api/queries/safety";

export type ReportKind = "post" | "comment" | "message" | "user";

interface Words {
  readonly label: string;
  readonly hint?: string;
}

/** In the order in which they are offered. */
export const REASONS: Readonly<Record<ReportReason, Words>> = {
  spam: { label: "Spam or a scam" },
  harassment: { label: "Bullying or harassment" },
  hate: { label: "Hate against a group of people" },
  nudity: { label: "Nudity or sexual pictures" },
  violence: { label: "Violence or threats" },
  self_harm: {
    label: "Suicide or self-harm",
    hint: "If somebody is in danger now, call the emergency number first.",
  },
  impersonation: { label: "Somebody pretends to be another person" },
  copyright: { label: "A work of mine, used without asking" },
  illegal: { label: "Against the law in another way" },
  other: { label: "Something else", hint: "A few words help us to understand it." },
};

const KINDS: Readonly<Record<ReportKind, string>> = {
  post: "post",
  comment: "comment",
  message: "message",
  user: "profile",
};

/** "post", "profile": also for a kind that this version does not know. */
export function kindInWords(kind: string): string {
  return KINDS[kind as ReportKind] ?? "report";
}

interface Outcome {
  readonly label: string;
  readonly text: string;
}

export const OUTCOMES: Readonly<Record<Report["state"], Outcome>> = {
  open: { label: "Waiting", text: "A moderator will look at it." },
  acted: { label: "Acted on", text: "You were right: something was done about it." },
  dismissed: { label: "Looked at", text: "A moderator looked at it and left it as it is." },
};

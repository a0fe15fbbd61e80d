// Every section of the settings: its address, its place in the left column, and what it shows.
// A new one is a line here and a component whose content stands under the heading that the page draws.
import {
  Eye,
  Flag,
  Hash,
  KeyRound,
  Laptop,
  Lock,
  type LucideIcon,
  Palette,
  ShieldCheck,
  UserRound,
} from "lucide-react";
import { type ComponentType, lazy } from "react";

export interface Section {
  /** What follows `/settings/` in the address. */
  readonly slug: string;
  /** The heading of the page, and the entry in the column. */
  readonly label: string;
  readonly body: ComponentType;
  /** The group in the column; a section without one is reached from its parent. */
  readonly group?: (typeof GROUPS)[number];
  readonly icon?: LucideIcon;
  /** The section that leads here: "Back" goes there, and the column marks it. */
  readonly parent?: string;
}

export const GROUPS = ["You", "Security", "Privacy and safety", "This browser"] as const;

export const sections: readonly Section[] = [
  {
    slug: "profile",
    label: "Edit profile",
    body: lazy(() => import("./ProfileSection")),
    group: "You",
    icon: UserRound,
  },
  {
    slug: "account",
    label: "Account",
    body: lazy(() => import("./AccountSection")),
    group: "You",
    icon: KeyRound,
  },
  {
    slug: "username",
    label: "Username",
    body: lazy(() => import("./UsernameSection")),
    parent: "account",
  },
  {
    slug: "hashtags",
    label: "Followed hashtags",
    body: lazy(() => import("./FollowedTagsSection")),
    group: "You",
    icon: Hash,
  },
  {
    slug: "security",
    label: "Second factor",
    body: lazy(() => import("./SecuritySection")),
    group: "Security",
    icon: ShieldCheck,
  },
  {
    slug: "sessions",
    label: "Devices",
    body: lazy(() => import("./SessionsSection")),
    group: "Security",
    icon: Laptop,
  },
  {
    slug: "tokens",
    label: "Access tokens",
    body: lazy(() => import("./TokensSection")),
    group: "Security",
    icon: Lock,
  },
  {
    slug: "privacy",
    label: "Privacy",
    body: lazy(() => import("./PrivacySection")),
    group: "Privacy and safety",
    icon: Eye,
  },
  {
    slug: "close-friends",
    label: "Close friends",
    body: lazy(() => import("./CloseFriendsSection")),
    parent: "privacy",
  },
  {
    slug: "muted",
    label: "Muted accounts",
    body: lazy(() => import("./MutedSection")),
    parent: "privacy",
  },
  {
    slug: "restricted",
    label: "Restricted accounts",
    body: lazy(() => import("./RestrictedSection")),
    parent: "privacy",
  },
  {
    slug: "blocked",
    label: "Blocked accounts",
    body: lazy(() => import("./BlockedSection")),
    parent: "privacy",
  },
  {
    slug: "hidden-words",
    label: "Hidden words",
    body: lazy(() => import("./HiddenWordsSection")),
    parent: "privacy",
  },
  {
    slug: "muted-tags",
    label: "Muted tags",
    body: lazy(() => import("./MutedTagsSection")),
    parent: "privacy",
  },
  {
    slug: "reports",
    label: "My reports",
    body: lazy(() => import("./ReportsSection")),
    group: "Privacy and safety",
    icon: Flag,
  },
  {
    slug: "appearance",
    label: "Appearance and keys",
    body: lazy(() => import("./AppearanceSection")),
    group: "This browser",
    icon: Palette,
  },
];

export function sectionOf(slug: string): Section | undefined {
  return sections.find((section) => section.slug === slug);
}

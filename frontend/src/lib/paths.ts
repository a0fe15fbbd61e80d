// Every address of the client, in one place.
export const paths = {
  home: "/",
  login: "/login",
  signup: "/signup",
  verify: "/verify",
  forgot: "/forgot",
  reset: "/reset",
  search: "/search",
  create: "/create",
  messages: "/messages",
  conversation: (id: string) => `/messages/${id}`,
  notifications: "/notifications",
  settings: "/settings",
  /** A section by its slug in `features/settings/sections.tsx`. */
  settingsSection: (slug: string) => `/settings/${slug}`,
  editProfile: "/settings/profile",
  blocked: "/settings/blocked",
  requests: "/notifications/requests",
  reports: "/settings/reports",
  /** People one may know: the step after signing up, and for later. */
  welcome: "/welcome",
  contact: "/contact",
  appeal: "/appeal",
  saved: "/saved",
  collection: (id: string) => `/saved/${id}`,
  /** One's own lists by name: drafts, scheduled, archive, liked, bin. */
  own: (list: string) => `/your/${list}`,
  tag: (name: string) => `/tags/${encodeURIComponent(name)}`,
  place: (id: string) => `/places/${id}`,
  post: (shortcode: string) => `/p/${shortcode}`,
  profile: (username: string) => `/${username}`,
  tagged: (username: string) => `/${username}/tagged`,
  followers: (username: string) => `/${username}/followers`,
  following: (username: string) => `/${username}/following`,
  mutuals: (username: string) => `/${username}/mutuals`,
} as const;

/** The path to go to after log-in: only one of this very site. */
export function safeNext(next: string | null): string {
  if (!next?.startsWith("/") || next.startsWith("//") || next.includes("\\")) return paths.home;
  const url = new URL(next, location.origin);
  return url.origin === location.origin ? url.pathname + url.search : paths.home;
}

// The cache of server data, and how it is kept true after a change.
import { type InfiniteData, QueryClient } from "@tanstack/react-query";
import { ApiError } from "./problem";
import type { Media, Page, Post, User } from "./types";

const MINUTE_MS = 60_000;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 15 * MINUTE_MS,
      retry: (failures, error) => error instanceof ApiError && error.isTransient && failures < 2,
    },
  },
});

export type Pages<T> = InfiniteData<Page<T>, unknown>;

/** All entries of an infinite list, in order, each id once (a page may overlap after new entries came). */
export function entries<T extends { id: string }>(data: Pages<T> | undefined): T[] {
  const seen = new Set<string>();
  const all: T[] = [];
  for (const entry of data?.pages.flatMap((page) => page.results) ?? []) {
    if (!seen.has(entry.id)) all.push(entry);
    seen.add(entry.id);
  }
  return all;
}

/** `change` applied to the entries with this id; null takes them out. The same object when nothing changed. */
export function changePages<T extends { id: string }>(
  data: Pages<T> | undefined,
  id: string,
  change: (entry: T) => T | null,
): Pages<T> | undefined {
  if (!data?.pages.some((page) => page.results.some((entry) => entry.id === id))) return data;
  const pages = data.pages.map((page) => ({
    ...page,
    results: page.results.flatMap((entry) => (entry.id === id ? (change(entry) ?? []) : entry)),
  }));
  return { ...data, pages };
}

/** Puts an entry first. */
export function prependEntry<T>(data: Pages<T> | undefined, entry: T): Pages<T> | undefined {
  const [first, ...rest] = data?.pages ?? [];
  if (!data || !first) return data;
  return { ...data, pages: [{ ...first, results: [entry, ...first.results] }, ...rest] };
}

/** Changes a post wherever it is shown; null takes it away. */
export function changePost(id: string, change: (post: Post) => Post | null): void {
  queryClient.setQueriesData<Pages<Post>>({ queryKey: ["posts"] }, (data) =>
    changePages(data, id, change),
  );
  for (const [queryKey, post] of queryClient.getQueriesData<Post>({ queryKey: ["post"] })) {
    if (post?.id !== id) continue;
    const changed = change(post);
    if (changed) queryClient.setQueryData(queryKey, changed);
    else queryClient.removeQueries({ queryKey, exact: true });
  }
}

/** A picture or video that has been prepared, wherever a post shows it. */
export function changeMedia(media: Media): void {
  const change = (post: Post): Post =>
    post.media.some(({ id }) => id === media.id)
      ? { ...post, media: post.media.map((item) => (item.id === media.id ? media : item)) }
      : post;
  queryClient.setQueriesData<Pages<Post>>({ queryKey: ["posts"] }, (data) => {
    const isShown = data?.pages.some((page) => page.results.some((post) => change(post) !== post));
    if (!data || !isShown) return data;
    const pages = data.pages.map((page) => ({ ...page, results: page.results.map(change) }));
    return { ...data, pages };
  });
  queryClient.setQueriesData<Post>({ queryKey: ["post"] }, (post) => post && change(post));
}

const ADDRESS_PAUSE_MS = 20_000;
let lastRenewal = 0;

/** A picture did not come: the addresses of pictures that are not public end, so posts are asked for new ones. */
export function renewAddresses(): void {
  if (Date.now() - lastRenewal < ADDRESS_PAUSE_MS) return;
  lastRenewal = Date.now();
  void queryClient.invalidateQueries({ queryKey: ["posts"] });
  void queryClient.invalidateQueries({ queryKey: ["post"] });
}

/** Changes a profile wherever it is shown. */
export function changeUser(id: string, change: (user: User) => User): void {
  queryClient.setQueriesData<User>({ queryKey: ["user"] }, (user) =>
    user?.id === id ? change(user) : user,
  );
}

// The posts beside one that was opened over a grid.
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { matchPath, useLocation, useNavigate } from "react-router";
import { entries, type Pages } from "@/api/queryClient";
import type { Post } from "@/api/types";
import { announce } from "@/lib/announce";
import { paths } from "@/lib/paths";
import { Store, useStore } from "@/lib/store";

/** So many posts before the end of what has come, the next page is asked for. */
const AHEAD = 4;
const NONE: readonly Post[] = [];

interface Listing {
  readonly posts: readonly Post[];
  /** There is more to ask for, and nobody asks for it now. */
  readonly isWaiting: boolean;
  readonly failed: boolean;
  readonly load: () => void;
}

/** The grid of the page below. */
const listing = new Store<Listing | null>(null);

/** Lets a post that is opened over this list know its neighbours. */
export function useAsListing(query: UseInfiniteQueryResult<Pages<Post>>): void {
  const { data, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  useEffect(() => {
    listing.set({
      posts: entries(data),
      isWaiting: hasNextPage && !isFetchingNextPage,
      failed: isFetchNextPageError,
      load: () => void fetchNextPage(),
    });
    return () => listing.set(null);
  }, [data, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
}

interface Beside {
  /** Its place in the list, from 0; -1 where it never was in it. */
  readonly at: number;
  readonly previous: Post | undefined;
  readonly next: Post | undefined;
}

/** Who stands beside a post; one that left the list meanwhile keeps the place that it had. */
export function beside(posts: readonly Post[], shortcode: string, formerly: number): Beside {
  const found = posts.findIndex((post) => post.shortcode === shortcode);
  const at = found < 0 ? formerly : found;
  return { at, previous: posts[at - 1], next: at < 0 ? undefined : posts[found < 0 ? at : at + 1] };
}

interface Neighbours extends Beside {
  /** To the post before (-1) or behind (1); where that has not come yet, it is asked for. */
  readonly go: (step: -1 | 1) => void;
  /** There may be one behind the last that has come. */
  readonly hasMore: boolean;
}

/** The neighbours of the post at hand in the list below; a step takes its place in the history. */
export function useNeighbours(shortcode: string): Neighbours {
  const list = useStore(listing);
  const navigate = useNavigate();
  const { state } = useLocation();
  const posts = list?.posts ?? NONE;
  const [last, setLast] = useState({ shortcode, at: -1 });
  const found = beside(posts, shortcode, last.shortcode === shortcode ? last.at : -1);
  if (last.shortcode !== shortcode || last.at !== found.at) setLast({ shortcode, at: found.at });

  const isNearEnd = found.at >= 0 && found.at >= posts.length - AHEAD;
  useEffect(() => {
    if (isNearEnd && list?.isWaiting && !list.failed) list.load();
  }, [isNearEnd, list]);

  const go = (step: -1 | 1) => {
    // The address is ahead of what is shown when one step follows another at once.
    const now = matchPath(paths.post(":shortcode"), window.location.pathname)?.params.shortcode;
    const from = now && now !== shortcode ? beside(posts, now, -1) : found;
    const post = step < 0 ? from.previous : from.next;
    if (post) {
      navigate(paths.post(post.shortcode), { replace: true, state });
      announce(`Post ${posts.indexOf(post) + 1}, by ${post.author.username}`);
    } else if (step > 0 && list?.isWaiting) list.load();
  };
  return { ...found, go, hasMore: list?.isWaiting ?? false };
}

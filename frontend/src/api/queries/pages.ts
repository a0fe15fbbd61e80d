// Lists that come page by page.
import { infiniteQueryOptions } from "@tanstack/react-query";
import { cursorOf, pageQuery } from "../client";
import type { Page } from "../types";

const GRID_PAGE = 24;

export type PageQuery = ReturnType<typeof pageQuery>;

/** A list that goes on as one scrolls; `load` asks for one page of it. */
export const paged = <T>(
  queryKey: readonly unknown[],
  load: (query: PageQuery) => Promise<Page<T>>,
  limit = GRID_PAGE,
) =>
  infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam }) => load(pageQuery(limit, pageParam)),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: Page<T>) => cursorOf(page.next),
  });

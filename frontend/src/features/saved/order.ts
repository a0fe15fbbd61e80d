// Entries of a paged list in another order.
import type { Pages } from "@/api/queryClient";

/** The entries of these pages in another order, each page as long as it was. */
export function reordered<T>(
  data: Pages<T> | undefined,
  ordered: readonly T[],
): Pages<T> | undefined {
  if (!data) return data;
  let start = 0;
  const pages = data.pages.map((page) => {
    const end = start + page.results.length;
    const results = ordered.slice(start, end);
    start = end;
    return { ...page, results };
  });
  return { ...data, pages };
}

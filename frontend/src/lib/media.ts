// Media queries as values.
import { useSyncExternalStore } from "react";

export function useMediaQuery(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    () => matchMedia(query).matches,
  );
}

/** Room for a rail, and for dialogs over the page. */
export const useIsWide = () => useMediaQuery("(min-width: 768px)");

/** Room for two panes side by side. */
export const useHasTwoPanes = () => useMediaQuery("(min-width: 900px)");

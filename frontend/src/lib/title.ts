// The title of the page: what is shown, and how many messages and notifications wait.
import { useEffect } from "react";
import { Store, useStore } from "./store";

export const pageTitle = new Store("");
export const unreadTotal = new Store(0);

/** Names the route; the shell announces it and puts it in the tab. */
export function useTitle(title: string): void {
  useEffect(() => {
    pageTitle.set(title);
  }, [title]);
}

/** Keeps `document.title` equal to the present title and count. */
export function useDocumentTitle(siteName: string): void {
  const title = useStore(pageTitle);
  const unread = useStore(unreadTotal);
  useEffect(() => {
    const name = title ? `${title} · ${siteName}` : siteName;
    document.title = unread > 0 ? `(${unread}) ${name}` : name;
  }, [title, unread, siteName]);
}

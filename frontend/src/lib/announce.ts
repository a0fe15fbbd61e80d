// What screen readers are told outside the flow of the page, and the short messages everybody sees.
import { Store } from "./store";

/** The text of the polite live region; `Announcer` renders it. */
export const announcement = new Store("");

export function announce(text: string): void {
  // The same words twice must be read twice: a no-break space makes them differ.
  announcement.set(announcement.get() === text ? `${text}\u00a0` : text);
}

/** Open dialogs, the newest last: all outside of it is inert, so it needs a voice of its own. */
export const openDialogs = new Store<readonly string[]>([]);

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: "plain" | "error";
  readonly action?: { readonly label: string; readonly run: () => void };
}

export const toasts = new Store<readonly Toast[]>([]);
let lastToast = 0;

/** Shows a message for a few seconds; at most three are on the screen. */
export function toast(text: string, options: Partial<Pick<Toast, "tone" | "action">> = {}): void {
  lastToast += 1;
  const item: Toast = { id: lastToast, text, tone: "plain", ...options };
  toasts.set([...toasts.get().slice(-2), item]);
  setTimeout(() => dismissToast(item.id), item.action ? 8000 : 5000);
}

export function dismissToast(id: number): void {
  toasts.set(toasts.get().filter((item) => item.id !== id));
}

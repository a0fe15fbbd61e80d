// Files on their way into the draft: chosen, dropped on the window or pasted anywhere on the page.
import { Store } from "@/lib/store";

export const incoming = new Store<readonly File[]>([]);

export function receive(files: readonly File[]): void {
  if (files.length > 0) incoming.set([...incoming.get(), ...files]);
}

/** The files, which are nobody else's to take from now on. */
export function takeIncoming(): readonly File[] {
  const files = incoming.get();
  incoming.set([]);
  return files;
}

export function filesOf(data: DataTransfer | null): File[] {
  return Array.from(data?.files ?? []);
}

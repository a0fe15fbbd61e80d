// What the socket tells of uploads: who waits for one looks at it now instead of asking again and again.
import { changeMedia } from "./queryClient";
import type { Media } from "./types";

type Listener = (mediaId: string) => void;

export const heardOfMedia = new Set<Listener>();

/** Takes the data of `media.ready` and `media.failed`. */
export function hearOfMedia(data: object): void {
  const { media } = data as { media?: Media };
  if (!media) return;
  changeMedia(media);
  for (const listener of heardOfMedia) listener(media.id);
}

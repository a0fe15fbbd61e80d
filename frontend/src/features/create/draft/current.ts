// The draft that is open, with the real server, storage and worker behind it.
import { heardOfMedia } from "@/api/mediaNews";
import { deleteMedia, getMedia, setAltText, uploadMedia } from "@/api/queries/media";
import { createPost } from "@/api/queries/posts";
import { session } from "@/api/session";
import { studio } from "../edit/studio";
import { Draft } from "./draft";
import { inspect } from "./inspect";
import { typeOf, type UploadRules } from "./rules";
import { draftStorage } from "./storage";
import type { DraftTools } from "./tools";

const tools: DraftTools = {
  door: {
    send: (file, options) => uploadMedia(file, typeOf(file), options),
    look: getMedia,
    remove: deleteMedia,
    describe: setAltText,
    publish: createPost,
  },
  around: { isOnline: () => navigator.onLine, random: Math.random },
  storage: draftStorage,
  inspect,
  render: (file, edit, { imagePixels: maxPixels, imageBytes: maxBytes }) =>
    studio.render({ file, edit, maxPixels, maxBytes }),
  addressOf: (blob) => URL.createObjectURL(blob),
  release: (address) => URL.revokeObjectURL(address),
};

let current: { readonly userId: string; readonly draft: Draft } | null = null;

/** The draft of this person: it stays while its dialog is closed, until it is shared or discarded. */
export function currentDraft(userId: string, rules: UploadRules): Draft {
  if (current?.userId !== userId) {
    current?.draft.leave();
    current = { userId, draft: new Draft(userId, rules, tools) };
    void current.draft.restore();
  }
  return current.draft;
}

/** The draft is shared or thrown away: the next one begins empty. */
export function forgetDraft(): void {
  current = null;
}

// The next person must not find the pictures of the one before.
session.status.subscribe(() => {
  if (session.status.get() !== "signed-out") return;
  current?.draft.leave();
  forgetDraft();
});

addEventListener("online", () => current?.draft.wake());
heardOfMedia.add((mediaId) => current?.draft.hear(mediaId));

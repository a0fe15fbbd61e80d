// Passing a post on: the system's share sheet on a phone, the clipboard elsewhere.
import type { Post } from "@/api/types";
import { toast } from "@/lib/announce";
import { paths } from "@/lib/paths";

function addressOf(post: Post): string {
  return new URL(paths.post(post.shortcode), location.origin).href;
}

export async function copyLink(post: Post): Promise<void> {
  try {
    await navigator.clipboard.writeText(addressOf(post));
    toast("Link copied.");
  } catch {
    toast(addressOf(post)); // no clipboard on a plain http origin: show it to be copied by hand
  }
}

export async function sharePost(post: Post): Promise<void> {
  if (!navigator.share || !matchMedia("(pointer: coarse)").matches) return copyLink(post);
  try {
    await navigator.share({ url: addressOf(post), title: `Post by ${post.author.username}` });
  } catch {
    // The person closed the sheet.
  }
}

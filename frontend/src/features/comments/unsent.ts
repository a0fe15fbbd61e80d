// What was typed under a post and not sent: kept as long as the tab, over closing the post and reloading.
import { keepInTab, keptInTab } from "@/lib/tab";

const nameOf = (userId: string, postId: string) => `jyoti.comment.${userId}.${postId}`;

export function unsentText(userId: string, postId: string): string {
  return keptInTab(nameOf(userId, postId)) ?? "";
}

export function keepUnsent(userId: string, postId: string, text: string): void {
  keepInTab(nameOf(userId, postId), text);
}

// Putting posts into collections and taking them out; the lists that show them are asked anew.
import { keys } from "@/api/keys";
import { sentence } from "@/api/problem";
import { orderCollections, setCollected } from "@/api/queries/collections";
import { changePages, changePost, type Pages, queryClient } from "@/api/queryClient";
import type { Collection, Post } from "@/api/types";
import { toast } from "@/lib/announce";
import { reordered } from "./order";

export const NAME_MAX = 50;

export function collectionsChanged(): void {
  void queryClient.invalidateQueries({ queryKey: keys.collections });
}

export async function collect(post: Post, { id, name }: Collection): Promise<boolean> {
  try {
    await setCollected(id, post.id, true);
  } catch (error) {
    toast(`Not added. ${sentence(error)}`, { tone: "error" });
    return false;
  }
  changePost(post.id, (shown) => ({ ...shown, viewer: { ...shown.viewer, saved: true } }));
  collectionsChanged();
  void queryClient.invalidateQueries({ queryKey: keys.collectionPosts(id) });
  void queryClient.invalidateQueries({ queryKey: keys.saved, refetchType: "none" });
  toast(`Saved to ${name}.`, {
    action: { label: "Undo", run: () => void uncollect(post, id, name) },
  });
  return true;
}

/** Takes it out of this collection; it stays saved. */
export async function uncollect(post: Post, id: string, name: string): Promise<boolean> {
  try {
    await setCollected(id, post.id, false);
  } catch (error) {
    toast(`It stays in ${name}. ${sentence(error)}`, { tone: "error" });
    return false;
  }
  queryClient.setQueryData<Pages<Post>>(keys.collectionPosts(id), (data) =>
    changePages(data, post.id, () => null),
  );
  collectionsChanged();
  toast(`Not in ${name} any more. It is still saved.`);
  return true;
}

/** Puts a list in another order at once; the old one comes back when the server refuses. */
export async function reorder<T extends { id: string }>(
  queryKey: readonly unknown[],
  ordered: readonly T[],
  send: (ids: string[]) => Promise<unknown>,
): Promise<void> {
  const before = queryClient.getQueryData<Pages<T>>(queryKey);
  queryClient.setQueryData<Pages<T>>(queryKey, (data) => reordered(data, ordered));
  try {
    await send(ordered.map(({ id }) => id));
  } catch (error) {
    queryClient.setQueryData(queryKey, before);
    toast(`The order stays. ${sentence(error)}`, { tone: "error" });
  }
}

export const reorderCollections = (ordered: readonly Collection[]) =>
  reorder(keys.collections, ordered, orderCollections);

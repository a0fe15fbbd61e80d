// Sensitive posts of others stand behind a veil until somebody asks to see them; it stays lifted until a reload.
import type { Post } from "@/api/types";
import { Store, useStore } from "@/lib/store";

const lifted = new Store<ReadonlySet<string>>(new Set());

export const lift = (postId: string) => lifted.set(new Set([...lifted.get(), postId]));

export function useIsVeiled({ id, sensitive, viewer }: Post): boolean {
  const isLifted = useStore(lifted).has(id);
  return sensitive && !viewer.own && !isLifted;
}

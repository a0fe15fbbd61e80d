// "New posts": offered when there are some, never a jump by itself.
import { useQuery } from "@tanstack/react-query";
import { ArrowUp } from "lucide-react";
import { useEffect, useState } from "react";
import { sentence } from "@/api/problem";
import { feedQuery, newerQuery } from "@/api/queries/posts";
import { queryClient } from "@/api/queryClient";
import type { Post } from "@/api/types";
import { announce, toast } from "@/lib/announce";
import styles from "./NewPosts.module.css";

interface NewPostsProps {
  readonly newest: Post | undefined;
  readonly onShow: () => void;
}

/** The first page takes the place of all that was read. */
async function readAnew(): Promise<void> {
  await queryClient.fetchInfiniteQuery({ ...feedQuery, pages: 1, staleTime: 0 });
}

export function NewPosts({ newest, onShow }: NewPostsProps) {
  const since = newest?.published_at ?? null;
  const { data } = useQuery({ ...newerQuery(since ?? ""), enabled: since !== null });
  const [isBusy, setBusy] = useState(false);
  const hasNew = (data?.count ?? 0) > 0;
  useEffect(() => {
    if (hasNew) announce("There are new posts.");
  }, [hasNew]);
  if (!hasNew) return null;
  const show = async () => {
    setBusy(true);
    try {
      await readAnew();
      onShow();
      scrollTo({ top: 0 });
      // The button goes, and the focus would with it.
      document.querySelector<HTMLElement>("[data-post]")?.focus({ preventScroll: true });
    } catch (error) {
      toast(`New posts could not be loaded. ${sentence(error)}`, { tone: "error" });
    }
    setBusy(false);
  };
  return (
    <div className={styles.place}>
      <button
        type="button"
        className={styles.pill}
        aria-busy={isBusy || undefined}
        onClick={() => !isBusy && void show()}
      >
        <ArrowUp size={18} aria-hidden="true" /> New posts
      </button>
    </div>
  );
}

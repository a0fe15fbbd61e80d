// "New posts": offered when there are some, never a jump by itself.
import { useQuery } from "@tanstack/react-query";
import { ArrowUp } from "lucide-react";
import { feedQuery, newerQuery } from "@/api/queries/posts";
import { queryClient } from "@/api/queryClient";
import type { Post } from "@/api/types";
import styles from "./NewPosts.module.css";

export function NewPosts({ newest }: { newest: Post | undefined }) {
  const since = newest?.published_at ?? null;
  const { data } = useQuery({ ...newerQuery(since ?? ""), enabled: since !== null });
  if (!data || data.count === 0) return null;
  const show = async () => {
    scrollTo({ top: 0, behavior: "smooth" });
    await queryClient.resetQueries({ queryKey: feedQuery.queryKey });
  };
  return (
    <div className={styles.place}>
      <button type="button" className={styles.pill} onClick={() => void show()}>
        <ArrowUp size={18} aria-hidden="true" /> New posts
      </button>
    </div>
  );
}

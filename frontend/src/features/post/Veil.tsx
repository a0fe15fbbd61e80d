// What stands in place of a sensitive picture: nothing of it is loaded before somebody asks.
import { EyeOff } from "lucide-react";
import type { Post } from "@/api/types";
import { Button } from "@/ui/Button";
import { Blur } from "@/ui/Picture";
import { lift } from "./sensitive";
import styles from "./Veil.module.css";

export function Veil({ post }: { post: Post }) {
  return (
    <div className={styles.veil}>
      <Blur hash={post.media[0]?.blurhash ?? null} className={styles.ground} />
      <div className={styles.words}>
        <EyeOff size={30} aria-hidden="true" />
        <p className={styles.title}>Sensitive</p>
        <p>{post.author.username} marked this as something not everybody wants to see.</p>
        <Button onClick={() => lift(post.id)}>
          Show<span className="visually-hidden"> the post by {post.author.username}</span>
        </Button>
      </div>
    </div>
  );
}

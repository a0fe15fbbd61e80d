// Posts that show this person; one's own page also asks about those that wait for a yes.
import { useInfiniteQuery } from "@tanstack/react-query";
import { UserRound } from "lucide-react";
import { useRef } from "react";
import { Link } from "react-router";
import { taggedQuery } from "@/api/queries/discover";
import { entries } from "@/api/queryClient";
import type { Post, User } from "@/api/types";
import { PostThumb } from "@/features/post/PostThumb";
import { approve, leave } from "@/features/post/tagged";
import { useOverlayState } from "@/lib/overlay";
import { paths } from "@/lib/paths";
import { Button } from "@/ui/Button";
import { EmptyState } from "@/ui/States";
import { PostListing } from "./PostListing";
import styles from "./Tagged.module.css";

interface RequestProps {
  readonly post: Post;
  readonly userId: string;
  readonly onAnswered: () => void;
}

function Request({ post, userId, onAnswered }: RequestProps) {
  const overlay = useOverlayState();
  const tag = post.people_tags.find(({ user }) => user.id === userId);
  const { username } = post.author;
  if (!tag) return null;
  return (
    <li className={styles.request}>
      <Link to={paths.post(post.shortcode)} state={overlay} className={styles.post}>
        <PostThumb post={post} sizes="56px" className={styles.thumb} />
        <span>
          <strong>{username}</strong> tagged you in a post
        </span>
      </Link>
      <Button
        size="small"
        variant="primary"
        onClick={() => void approve(post, tag).then(onAnswered)}
      >
        Show<span className="visually-hidden"> the post by {username} on my profile</span>
      </Button>
      <Button size="small" onClick={() => void leave(post).then(onAnswered)}>
        Remove<span className="visually-hidden"> my tag from the post by {username}</span>
      </Button>
    </li>
  );
}

function Requests({ userId }: { userId: string }) {
  const ref = useRef<HTMLElement>(null);
  const posts = entries(useInfiniteQuery(taggedQuery(userId, "pending")).data);
  if (posts.length === 0) return null;
  return (
    <section ref={ref} tabIndex={-1} className={styles.requests} aria-label="Waiting for your yes">
      <h2 className={styles.heading}>Waiting for your yes</h2>
      <ul>
        {posts.map((post) => (
          <Request
            key={post.id}
            post={post}
            userId={userId}
            onAnswered={() => ref.current?.focus()}
          />
        ))}
      </ul>
    </section>
  );
}

export function Tagged({ user, isMe }: { user: User; isMe: boolean }) {
  return (
    <>
      {isMe && <Requests userId={user.id} />}
      <PostListing
        query={useInfiniteQuery(taggedQuery(user.id, "shown"))}
        label="Loading posts"
        empty={
          <EmptyState
            icon={<UserRound size={32} strokeWidth={1.6} />}
            title="No tagged posts"
            text={
              isMe
                ? "When people tag you in their pictures, the posts show up here."
                : `Posts that ${user.username} is tagged in will show up here.`
            }
          />
        }
      />
    </>
  );
}

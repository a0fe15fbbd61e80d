// Like, comment, share, save, and how many liked it.
import { Bookmark, Heart, MessageCircle, Send } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Post } from "@/api/types";
import { useMemberAction } from "@/features/auth/useMemberAction";
import { useHold } from "@/lib/hold";
import { plural } from "@/lib/text";
import { IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import type { useEngagement } from "./engagement";
import styles from "./PostActions.module.css";
import { sharePost } from "./share";

const LikersDialog = lazy(() => import("./LikersDialog"));
const SaveDialog = lazy(() => import("@/features/saved/SaveDialog"));

interface PostActionsProps {
  readonly post: Post;
  readonly engagement: ReturnType<typeof useEngagement>;
  readonly onComment: () => void;
}

export function PostActions({ post, engagement, onComment }: PostActionsProps) {
  const { liked, saved, likesCount, like, save } = engagement;
  const asMember = useMemberAction();
  const [showsLikers, setShowsLikers] = useState(false);
  const [isCollecting, setCollecting] = useState(false);
  const hold = useHold(() => asMember(() => setCollecting(true)));
  return (
    <div>
      <div className={styles.row}>
        <IconButton
          label="Like"
          aria-pressed={liked}
          className={liked ? styles.liked : undefined}
          onClick={() => asMember(() => like(!liked))}
        >
          <Heart size={26} />
        </IconButton>
        <IconButton label="Comment" onClick={onComment}>
          <MessageCircle size={26} />
        </IconButton>
        <IconButton label="Share" onClick={() => void sharePost(post)}>
          <Send size={25} />
        </IconButton>
        <IconButton
          label="Save"
          aria-pressed={saved}
          className={classes(styles.save, saved && styles.saved)}
          {...hold}
          onClick={() => asMember(() => save(!saved))}
        >
          <Bookmark size={26} />
        </IconButton>
      </div>
      {likesCount !== null && likesCount > 0 && (
        <button
          type="button"
          className={styles.likes}
          onClick={() => asMember(() => setShowsLikers(true))}
        >
          {plural(likesCount, "like")}
        </button>
      )}
      {isCollecting && (
        <Suspense fallback={null}>
          <SaveDialog post={post} onClose={() => setCollecting(false)} />
        </Suspense>
      )}
      {showsLikers && (
        <Suspense fallback={null}>
          <LikersDialog postId={post.id} onClose={() => setShowsLikers(false)} />
        </Suspense>
      )}
    </div>
  );
}

// The first picture of a post, small; a sensitive one stays behind its veil.
import type { Post } from "@/api/types";
import { Blur, Picture } from "@/ui/Picture";
import { useIsVeiled } from "./sensitive";

interface PostThumbProps {
  readonly post: Post;
  readonly sizes: string;
  readonly className?: string | undefined;
}

/** Decorative: the words beside it say which post it is. */
export function PostThumb({ post, sizes, className }: PostThumbProps) {
  const isVeiled = useIsVeiled(post);
  const first = post.media[0];
  if (!first) return <span className={className} />;
  if (isVeiled) return <Blur hash={first.blurhash} className={className} />;
  return <Picture media={first} sizes={sizes} alt="" className={className} />;
}

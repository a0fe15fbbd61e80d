// Follow a hashtag, or no more.
import type { Tag } from "@/api/types";
import { useMemberAction } from "@/features/auth/useMemberAction";
import { Button } from "@/ui/Button";
import { useTagFollow } from "./follow";

export function TagFollowButton({ tag }: { tag: Tag }) {
  const { isFollowed, follow } = useTagFollow(tag);
  const asMember = useMemberAction();
  return (
    <Button
      size="small"
      variant={isFollowed ? "secondary" : "primary"}
      onClick={() => asMember(() => follow(!isFollowed))}
    >
      {isFollowed ? "Following" : "Follow"}
      <span className="visually-hidden"> #{tag.name}</span>
    </Button>
  );
}

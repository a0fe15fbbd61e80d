// Who liked a post.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Heart } from "lucide-react";
import { likersQuery } from "@/api/queries/posts";
import { Dialog } from "@/ui/Dialog";
import { PeopleList } from "@/ui/PeopleList";

export default function LikersDialog({ postId, onClose }: { postId: string; onClose: () => void }) {
  return (
    <Dialog title="Likes" onClose={onClose}>
      <PeopleList
        query={useInfiniteQuery(likersQuery(postId))}
        emptyIcon={<Heart size={30} strokeWidth={1.6} />}
        empty="No likes yet"
        onOpen={onClose}
      />
    </Dialog>
  );
}

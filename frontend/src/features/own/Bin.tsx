// What one deleted: it can be taken back until its days are over.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { binQuery } from "@/api/queries/ownPosts";
import type { DeletedPost } from "@/api/types";
import { BIN_DAYS, purgePost, unbinPost } from "@/features/post/own";
import { daysLeft } from "@/lib/localTime";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/Dialog";
import { Menu } from "@/ui/Menu";
import { EmptyState } from "@/ui/States";
import { KeptList } from "./KeptList";
import { KeptRow, nameOf } from "./KeptRow";

function BinRow({ post, gone }: { post: DeletedPost; gone: () => void }) {
  const [asks, setAsks] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const restore = async () => {
    setBusy(true);
    if (await unbinPost(post)) gone();
    else setBusy(false);
  };
  const purge = async () => {
    if (await purgePost(post)) gone();
  };
  return (
    <KeptRow post={post} note={daysLeft(post.purge_at)}>
      <Button size="small" busy={isBusy} onClick={() => void restore()}>
        Restore<span className="visually-hidden"> {nameOf(post)}</span>
      </Button>
      <Menu
        label={`More for ${nameOf(post)}`}
        items={[
          {
            label: "Delete for good…",
            icon: <Trash2 size={20} />,
            danger: true,
            run: () => setAsks(true),
          },
        ]}
      />
      {asks && (
        <ConfirmDialog
          title="Delete for good?"
          text="Its pictures, likes and comments go with it. Nobody can bring it back."
          confirm="Delete for good"
          onConfirm={() => void purge()}
          onClose={() => setAsks(false)}
        />
      )}
    </KeptRow>
  );
}

export default function Bin() {
  return (
    <KeptList
      query={useInfiniteQuery(binQuery)}
      label="Deleted posts"
      row={(post, gone) => <BinRow key={post.id} post={post} gone={gone} />}
      empty={
        <EmptyState
          icon={<Trash2 size={32} strokeWidth={1.6} />}
          title="The bin is empty"
          text={`What you delete waits here for ${BIN_DAYS} days, in case you change your mind.`}
        />
      }
    />
  );
}

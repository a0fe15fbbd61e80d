// The one button that follows, asks, takes back and unfollows.
import { useState } from "react";
import type { User } from "@/api/types";
import { useMemberAction } from "@/features/auth/useMemberAction";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/Dialog";
import { type FollowState, useFollow } from "./follow";

const LABELS: Record<FollowState, string> = {
  none: "Follow",
  requested: "Requested",
  following: "Following",
};

export function FollowButton({ user, size = "medium" }: { user: User; size?: "small" | "medium" }) {
  const { state, isBusy, change } = useFollow(user);
  const asMember = useMemberAction();
  const [asks, setAsks] = useState(false);
  const press = () => {
    // To see a private account again one would have to be accepted again.
    if (state === "following" && user.is_private) setAsks(true);
    else asMember(() => !isBusy && void change(state === "none"));
  };
  const label = state === "none" && user.relationship?.followed_by ? "Follow back" : LABELS[state];
  return (
    <>
      <Button
        size={size}
        variant={state === "none" ? "primary" : "secondary"}
        aria-pressed={state !== "none"}
        onClick={press}
      >
        {label}
      </Button>
      {asks && (
        <ConfirmDialog
          title={`Unfollow ${user.username}?`}
          text="This account is private: to see its posts again you would have to ask again."
          confirm="Unfollow"
          onConfirm={() => void change(false)}
          onClose={() => setAsks(false)}
        />
      )}
    </>
  );
}

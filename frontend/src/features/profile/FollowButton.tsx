// The one button that follows, asks, takes back and unfollows.
import { useState } from "react";
import { useMemberAction } from "@/features/auth/useMemberAction";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/Dialog";
import { type Followable, type FollowState, useFollow } from "./follow";

const LABELS: Record<FollowState, string> = {
  none: "Follow",
  requested: "Requested",
  following: "Following",
};

interface FollowButtonProps {
  readonly user: Followable;
  readonly size?: "small" | "medium";
  /** Among others in a list: the name is read out as well. */
  readonly isNamed?: boolean;
}

export function FollowButton({ user, size = "medium", isNamed = false }: FollowButtonProps) {
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
        {isNamed && <span className="visually-hidden"> {user.username}</span>}
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

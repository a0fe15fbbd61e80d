// A profile: one's own or another person's.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Ban, Camera, Lock } from "lucide-react";
import { Navigate, NavLink, useParams } from "react-router";
import { ApiError } from "@/api/problem";
import { useMe } from "@/api/queries/me";
import { userPostsQuery } from "@/api/queries/posts";
import { userQuery } from "@/api/queries/users";
import type { User } from "@/api/types";
import { useIsWide } from "@/lib/media";
import { useOverlayState } from "@/lib/overlay";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { ButtonLink } from "@/ui/Button";
import { NotFound } from "@/ui/NotFound";
import { BackBar } from "@/ui/Page";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/ui/States";
import { PostGridSkeleton } from "./PostGrid";
import { PostListing } from "./PostListing";
import { ProfileHeader } from "./ProfileHeader";
import styles from "./ProfilePage.module.css";
import { Tagged } from "./Tagged";

function NoPosts({ isMe, username }: { isMe: boolean; username: string }) {
  const overlay = useOverlayState(true);
  if (!isMe) {
    return (
      <EmptyState
        icon={<Camera size={32} strokeWidth={1.6} />}
        title="No posts yet"
        text={`What ${username} shares will show up here.`}
      />
    );
  }
  return (
    <EmptyState
      icon={<Camera size={32} strokeWidth={1.6} />}
      title="Share your first photo"
      text="It will stand here, in the order you took the time to share it."
    >
      <ButtonLink variant="primary" to={paths.create} state={overlay}>
        Share a picture
      </ButtonLink>
    </EmptyState>
  );
}

function Posts({ user, isMe }: { user: User; isMe: boolean }) {
  const query = useInfiniteQuery(userPostsQuery(user.id));
  return (
    <PostListing
      query={query}
      label="Loading posts"
      showsPins
      empty={<NoPosts isMe={isMe} username={user.username} />}
    />
  );
}

function Closed({ user }: { user: User }) {
  if (user.relationship?.blocking) {
    return (
      <EmptyState
        icon={<Ban size={32} strokeWidth={1.6} />}
        title="You blocked this account"
        text="You do not see each other's posts."
      />
    );
  }
  return (
    <EmptyState
      icon={<Lock size={32} strokeWidth={1.6} />}
      title="This account is private"
      text={
        user.relationship?.requested
          ? "Your request waits for an answer."
          : `Follow ${user.username} to see the photographs.`
      }
    />
  );
}

function ProfileSkeleton() {
  return (
    <Loading label="Loading the profile">
      <div className={styles.skeleton}>
        <Skeleton className={styles.skeletonAvatar} />
        <div className={styles.skeletonText}>
          <Skeleton className={styles.skeletonName} />
          <Skeleton className={styles.skeletonLine} />
        </div>
      </div>
      <PostGridSkeleton />
    </Loading>
  );
}

function Tabs({ user, isMe }: { user: User; isMe: boolean }) {
  return (
    <nav className={styles.tabs} aria-label="Profile">
      <NavLink to={paths.profile(user.username)} end replace>
        Posts
      </NavLink>
      <NavLink to={paths.tagged(user.username)} replace>
        Tagged
      </NavLink>
      {isMe && (
        <>
          <NavLink to={paths.saved}>Saved</NavLink>
          <NavLink to={paths.own("drafts")}>Yours</NavLink>
        </>
      )}
    </nav>
  );
}

export default function ProfilePage({ tab = "posts" }: { tab?: "posts" | "tagged" }) {
  const { username = "" } = useParams();
  const me = useMe();
  const isWide = useIsWide();
  const { data: user, error, refetch } = useQuery(userQuery(username.toLowerCase()));
  useTitle(user?.display_name ? `${user.display_name} (${user.username})` : username);

  // Whom one has blocked is hidden from oneself, too; the page at hand keeps the way back.
  const isGone = error instanceof ApiError && error.isNotFound && !user?.relationship?.blocking;
  if (isGone) return <NotFound what="profile" />;
  if (error && !user) return <ErrorState error={error} retry={() => void refetch()} />;
  // A name that somebody had before leads to the one they have now.
  if (user && user.username !== username.toLowerCase()) {
    const to = tab === "tagged" ? paths.tagged : paths.profile;
    return <Navigate replace to={to(user.username)} />;
  }
  const isMe = user !== undefined && user.id === me?.id;
  const isBlocked = user?.relationship?.blocking ?? false;
  const isOpen =
    isMe || (!isBlocked && (!user?.is_private || (user.relationship?.following ?? false)));
  return (
    <div className={styles.page}>
      {!isWide && !isMe && me && <BackBar title={username} to={paths.home} />}
      {!user && <ProfileSkeleton />}
      {user && (
        <>
          <ProfileHeader user={user} isMe={isMe} isOpen={isOpen} />
          {isOpen && <Tabs user={user} isMe={isMe} />}
          {!isOpen && <Closed user={user} />}
          {isOpen && tab === "posts" && <Posts user={user} isMe={isMe} />}
          {isOpen && tab === "tagged" && <Tagged user={user} isMe={isMe} />}
        </>
      )}
    </div>
  );
}

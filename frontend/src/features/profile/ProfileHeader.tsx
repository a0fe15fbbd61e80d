// Who this is: picture, counts, words, and what can be done.
import { Link as LinkIcon, Lock } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Link, useNavigate } from "react-router";
import type { Relationship, User } from "@/api/types";
import { useMemberAction } from "@/features/auth/useMemberAction";
import { openConversation } from "@/features/messages/NewMessageDialog";
import { paths } from "@/lib/paths";
import { count, plural } from "@/lib/text";
import { Avatar } from "@/ui/Avatar";
import { Button, ButtonLink } from "@/ui/Button";
import { RichText } from "@/ui/RichText";
import { FollowButton } from "./FollowButton";
import { MutualsLine } from "./MutualsLine";
import styles from "./ProfileHeader.module.css";
import { ProfileMenu } from "./ProfileMenu";
import { setBlocked } from "./relations";

function MessageButton({ user }: { user: User }) {
  const navigate = useNavigate();
  const asMember = useMemberAction();
  const [isBusy, setBusy] = useState(false);
  const open = async () => {
    setBusy(true);
    const id = await openConversation(user.id);
    setBusy(false);
    if (id !== null) navigate(paths.conversation(id));
  };
  return (
    <Button busy={isBusy} onClick={() => asMember(() => void open())}>
      Message
    </Button>
  );
}

function OthersActions({ user }: { user: User }) {
  return (
    <>
      {user.relationship?.blocking ? (
        <Button onClick={() => void setBlocked(user, false)}>Unblock</Button>
      ) : (
        <>
          <FollowButton user={user} />
          <MessageButton user={user} />
        </>
      )}
      <ProfileMenu user={user} />
    </>
  );
}

/** How the two stand, as far as the viewer may know. */
function Standing({ relationship }: { relationship: Relationship }) {
  const words = [
    relationship.followed_by && "Follows you",
    relationship.close_friend && "Close friend",
    relationship.muting && "Muted",
    relationship.restricted && "Restricted",
  ].filter((word) => word !== false);
  if (words.length === 0) return null;
  return (
    <ul className={styles.standing} aria-label="Between you">
      {words.map((word) => (
        <li key={word}>{word}</li>
      ))}
    </ul>
  );
}

interface CountProps {
  readonly value: number;
  readonly one: string;
  readonly many?: string;
  readonly to?: string | false;
}

function Count({ value, one, many, to }: CountProps) {
  const label = plural(value, one, many).replace(count(value), "").trim();
  const content: ReactNode = (
    <>
      <strong>{count(value)}</strong> {label}
    </>
  );
  return to ? (
    <Link to={to} className={styles.count}>
      {content}
    </Link>
  ) : (
    <span className={styles.count}>{content}</span>
  );
}

function hostOf(link: string): string {
  try {
    return new URL(link).host.replace(/^www\./, "");
  } catch {
    return link;
  }
}

interface ProfileHeaderProps {
  readonly user: User;
  readonly isMe: boolean;
  /** Whether the viewer may see posts and lists. */
  readonly isOpen: boolean;
}

export function ProfileHeader({ user, isMe, isOpen }: ProfileHeaderProps) {
  return (
    <header className={styles.header}>
      <div className={styles.avatar}>
        <Avatar person={user} size={150} />
      </div>
      <div className={styles.top}>
        <h1 className={styles.username}>
          {user.username}
          {user.is_private && (
            <span title="Private account" className={styles.lock}>
              <Lock size={16} aria-hidden="true" />
              <span className="visually-hidden">Private account</span>
            </span>
          )}
        </h1>
        <div className={styles.actions}>
          {isMe ? (
            <>
              <ButtonLink to={paths.editProfile}>Edit profile</ButtonLink>
              <ButtonLink to={paths.settings}>Settings</ButtonLink>
            </>
          ) : (
            <OthersActions user={user} />
          )}
        </div>
      </div>
      <div className={styles.counts}>
        <Count value={user.posts_count} one="post" />
        <Count
          value={user.followers_count}
          one="follower"
          to={isOpen && paths.followers(user.username)}
        />
        <Count
          value={user.following_count}
          one="following"
          many="following"
          to={isOpen && paths.following(user.username)}
        />
      </div>
      <div className={styles.about}>
        <p>
          {user.display_name && <strong>{user.display_name}</strong>}{" "}
          {user.pronouns && <span className={styles.pronouns}>{user.pronouns}</span>}
        </p>
        {user.bio && (
          <p>
            <RichText text={user.bio} />
          </p>
        )}
        {user.links.length > 0 && (
          <ul className={styles.links}>
            {user.links.map((link) => (
              <li key={link}>
                <a href={link} rel="noopener noreferrer nofollow" target="_blank">
                  <LinkIcon size={15} aria-hidden="true" /> {hostOf(link)}
                </a>
              </li>
            ))}
          </ul>
        )}
        {isOpen && !isMe && user.relationship && <MutualsLine user={user} />}
        {user.relationship && <Standing relationship={user.relationship} />}
      </div>
    </header>
  );
}

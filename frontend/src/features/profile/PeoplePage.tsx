// Followers and following of a person, and whom of their followers one knows.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { EyeOff, Lock, UserMinus, Users } from "lucide-react";
import { type ReactNode, useState } from "react";
import { NavLink, useParams } from "react-router";
import { ApiError } from "@/api/problem";
import { useMe } from "@/api/queries/me";
import { mutualsQuery, useRelationship } from "@/api/queries/relations";
import { followersQuery, followingQuery, userQuery } from "@/api/queries/users";
import { entries } from "@/api/queryClient";
import type { User, UserSummary } from "@/api/types";
import { useDebounced } from "@/lib/debounce";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { ConfirmDialog } from "@/ui/Dialog";
import { Menu } from "@/ui/Menu";
import { NotFound } from "@/ui/NotFound";
import { Page } from "@/ui/Page";
import { PeopleList } from "@/ui/PeopleList";
import { SearchInput } from "@/ui/SearchInput";
import { EmptyState, ErrorState } from "@/ui/States";
import { FollowButton } from "./FollowButton";
import styles from "./PeoplePage.module.css";
import profile from "./ProfilePage.module.css";
import { dropFollower } from "./relations";

type List = "followers" | "following" | "mutuals";

const QUERIES = { followers: followersQuery, following: followingQuery, mutuals: mutualsQuery };
const TITLES: Record<List, string> = {
  followers: "Followers of",
  following: "Followed by",
  mutuals: "People you both know:",
};
const EMPTY: Record<List, string> = {
  followers: "No followers yet",
  following: "Follows nobody yet",
  mutuals: "You follow none of their followers",
};

/** Only they can bring it back, so it is asked for. */
function RemoveFollower({ person, myId }: { person: UserSummary; myId: string }) {
  const [asks, setAsks] = useState(false);
  return (
    <>
      <Menu
        label={`More for ${person.username}`}
        items={[
          {
            label: "Remove follower…",
            icon: <UserMinus size={20} />,
            run: () => setAsks(true),
          },
        ]}
      />
      {asks && (
        <ConfirmDialog
          title={`Remove ${person.username} from your followers?`}
          text="They are not told. Only they can bring this back, by following you again."
          confirm="Remove"
          onConfirm={() => void dropFollower(person, myId)}
          onClose={() => setAsks(false)}
        />
      )}
    </>
  );
}

function PersonActions({ person, isRemovable }: { person: UserSummary; isRemovable: boolean }) {
  const myId = useMe()?.id;
  const relationship = useRelationship(person.id, person.id !== myId);
  if (myId === undefined || person.id === myId) return null;
  return (
    <>
      {relationship && <FollowButton user={{ ...person, relationship }} size="small" isNamed />}
      {isRemovable && <RemoveFollower person={person} myId={myId} />}
    </>
  );
}

/** Why there is no list, in friendly words. */
function Closed({ user }: { user: User }) {
  const isPrivate = user.is_private && !user.relationship?.following;
  return isPrivate ? (
    <EmptyState
      icon={<Lock size={30} strokeWidth={1.6} />}
      title="This account is private"
      text={`Only people whom ${user.username} lets in see this list.`}
    />
  ) : (
    <EmptyState
      icon={<EyeOff size={30} strokeWidth={1.6} />}
      title={`${user.username} keeps this list to themselves`}
      text="Anybody can choose that under Settings, Privacy."
    />
  );
}

function PeopleOf({ user, list, isMe }: { user: User; list: List; isMe: boolean }) {
  const [text, setText] = useState("");
  const q = useDebounced(text.trim());
  const query = useInfiniteQuery({
    ...QUERIES[list](user.id, q),
    placeholderData: (before) => before,
  });
  if (query.error instanceof ApiError && query.error.isNotFound) return <Closed user={user} />;
  const isSearchable = q !== "" || text !== "" || entries(query.data).length > 0;
  return (
    <>
      {isSearchable && (
        <div className={styles.search}>
          <SearchInput
            label="Search in this list"
            placeholder="Search"
            value={text}
            onChange={setText}
          />
        </div>
      )}
      <PeopleList
        query={query}
        empty={q ? `Nobody here is called “${q}”` : EMPTY[list]}
        emptyIcon={<Users size={30} strokeWidth={1.6} />}
        action={(person) => (
          <PersonActions person={person} isRemovable={isMe && list === "followers"} />
        )}
      />
    </>
  );
}

function Tab({ to, children }: { to: string; children: ReactNode }) {
  return (
    <NavLink to={to} replace>
      {children}
    </NavLink>
  );
}

export default function PeoplePage({ list }: { list: List }) {
  const { username = "" } = useParams();
  const me = useMe();
  const { data: user, error, refetch } = useQuery(userQuery(username.toLowerCase()));
  const isMe = user !== undefined && user.id === me?.id;
  useTitle(`${TITLES[list]} ${username}`);
  if (error instanceof ApiError && error.isNotFound) return <NotFound what="profile" />;
  if (error && !user) return <ErrorState error={error} retry={() => void refetch()} />;
  return (
    <Page title={username} back={paths.profile(username)}>
      <nav className={profile.tabs} aria-label="People">
        <Tab to={paths.followers(username)}>Followers</Tab>
        <Tab to={paths.following(username)}>Following</Tab>
        {me && !isMe && <Tab to={paths.mutuals(username)}>Mutuals</Tab>}
      </nav>
      {user && <PeopleOf key={list} user={user} list={list} isMe={isMe} />}
    </Page>
  );
}

// Followers and following of a person.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Users } from "lucide-react";
import { NavLink, useParams } from "react-router";
import { ApiError } from "@/api/problem";
import { followersQuery, followingQuery, userQuery } from "@/api/queries/users";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { NotFound } from "@/ui/NotFound";
import { Page } from "@/ui/Page";
import { PeopleList } from "@/ui/PeopleList";
import { ErrorState } from "@/ui/States";
import styles from "./ProfilePage.module.css";

const EMPTY = { followers: "No followers yet", following: "Follows nobody yet" };

export default function PeoplePage({ list }: { list: "followers" | "following" }) {
  const { username = "" } = useParams();
  const { data: user, error, refetch } = useQuery(userQuery(username.toLowerCase()));
  const id = user?.id ?? "";
  const people = useInfiniteQuery({
    ...(list === "followers" ? followersQuery(id) : followingQuery(id)),
    enabled: user !== undefined,
  });
  useTitle(`${list === "followers" ? "Followers of" : "Followed by"} ${username}`);
  if (error instanceof ApiError && error.isNotFound) return <NotFound what="profile" />;
  if (error && !user) return <ErrorState error={error} retry={() => void refetch()} />;
  return (
    <Page title={username} back={paths.profile(username)}>
      <nav className={styles.tabs} aria-label="People">
        <NavLink to={paths.followers(username)} replace>
          Followers
        </NavLink>
        <NavLink to={paths.following(username)} replace>
          Following
        </NavLink>
      </nav>
      <PeopleList
        query={people}
        empty={EMPTY[list]}
        emptyIcon={<Users size={30} strokeWidth={1.6} />}
      />
    </Page>
  );
}

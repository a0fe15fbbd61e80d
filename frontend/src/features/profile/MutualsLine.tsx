// Followers of a person whom one follows: the line that says who this is.
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { useMe } from "@/api/queries/me";
import { someMutualsQuery } from "@/api/queries/relations";
import type { User } from "@/api/types";
import { paths } from "@/lib/paths";
import { Avatar } from "@/ui/Avatar";
import { knownBy } from "./known";
import styles from "./MutualsLine.module.css";

/** Nothing where nobody is shared, or where the person keeps the list to themselves. */
export function MutualsLine({ user }: { user: User }) {
  const me = useMe();
  const isPossible = user.followers_count > 0 && (me?.following_count ?? 0) > 0;
  const { data } = useQuery({ ...someMutualsQuery(user.id), enabled: isPossible });
  if (!data || data.results.length === 0) return null;
  const { named, rest } = knownBy(data.results, data.next ? null : data.results.length);
  return (
    <Link to={paths.mutuals(user.username)} className={styles.line}>
      <span className={styles.faces} aria-hidden="true">
        {data.results.slice(0, 3).map((person) => (
          <Avatar key={person.id} person={person} size={22} />
        ))}
      </span>
      <span>
        Followed by{" "}
        {named.map((name, at) => (
          <span key={name}>
            {at > 0 && (rest ? ", " : " and ")}
            <strong>{name}</strong>
          </span>
        ))}
        {rest}
      </span>
    </Link>
  );
}

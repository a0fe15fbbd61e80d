// Beside the feed where there is room: who else might be followed, and the way to those who run this place.
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { useSiteName } from "@/api/queries/instance";
import { useMe } from "@/api/queries/me";
import { suggestionsQuery } from "@/api/queries/relations";
import { paths } from "@/lib/paths";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { PersonRowSkeleton } from "@/ui/PersonRow";
import { Loading } from "@/ui/States";
import { useUndismissed } from "./dismiss";
import styles from "./HomeAside.module.css";
import { Suggestions } from "./Suggestions";

const SHOWN = 5;

function Suggested() {
  const query = useQuery(suggestionsQuery);
  const all = useUndismissed(query.data ?? []);
  if (query.isPending) {
    return (
      <Loading label="Loading suggestions">
        <PersonRowSkeleton />
        <PersonRowSkeleton />
        <PersonRowSkeleton />
      </Loading>
    );
  }
  if (query.isError && all.length === 0) {
    return (
      <p className={styles.failed} role="alert">
        Suggestions could not be loaded.{" "}
        <Button variant="text" size="small" onClick={() => void query.refetch()}>
          Try again
        </Button>
      </p>
    );
  }
  if (all.length === 0) return null;
  return (
    <section aria-labelledby="suggested">
      <div className={styles.head}>
        <h2 id="suggested" className={styles.heading}>
          People you may know
        </h2>
        {all.length > SHOWN && (
          <Link to={paths.welcome} className={styles.all}>
            See all
          </Link>
        )}
      </div>
      <Suggestions suggestions={all.slice(0, SHOWN)} />
    </section>
  );
}

export default function HomeAside() {
  const me = useMe();
  const name = useSiteName();
  return (
    <div className={styles.aside}>
      {me && (
        <Link to={paths.profile(me.username)} className={styles.me}>
          <Avatar person={me} size={52} />
          <span className={styles.names}>
            <strong>{me.username}</strong>
            {me.display_name && <span>{me.display_name}</span>}
          </span>
        </Link>
      )}
      <Suggested />
      <footer className={styles.foot}>
        <Link to={paths.contact}>Contact</Link>
        <span>{name}</span>
      </footer>
    </div>
  );
}

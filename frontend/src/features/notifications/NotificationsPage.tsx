// What happened: grouped by when, with what can be answered at once.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Bell, ChevronRight } from "lucide-react";
import { useEffect } from "react";
import { Link } from "react-router";
import { changeBadges, useBadges } from "@/api/queries/me";
import { markNotificationsSeen, notificationsQuery } from "@/api/queries/notifications";
import { userQuery } from "@/api/queries/users";
import { entries } from "@/api/queryClient";
import type { Notification, UserSummary } from "@/api/types";
import { FollowButton } from "@/features/profile/FollowButton";
import { useOverlayState } from "@/lib/overlay";
import { paths } from "@/lib/paths";
import { plural } from "@/lib/text";
import { ageGroup } from "@/lib/time";
import { useTitle } from "@/lib/title";
import { Avatar } from "@/ui/Avatar";
import { classes } from "@/ui/classes";
import { Page } from "@/ui/Page";
import { PersonRowSkeleton } from "@/ui/PersonRow";
import { EmptyState, ErrorState, Loading, LoadMore } from "@/ui/States";
import { Time } from "@/ui/Time";
import styles from "./NotificationsPage.module.css";
import { RequestButtons } from "./RequestButtons";
import { leadsTo, others, says } from "./sentences";

/** Follow back, for somebody who followed. */
function FollowBack({ person }: { person: UserSummary }) {
  const { data: user } = useQuery(userQuery(person.username));
  return user?.relationship ? <FollowButton user={user} size="small" /> : null;
}

function Row({ notification }: { notification: Notification }) {
  const overlay = useOverlayState();
  const { actors, target } = notification;
  const named = actors.slice(0, 2);
  const first = actors[0];
  const isPost = Boolean(target.shortcode);
  const rest = others(notification, named);
  return (
    <div className={classes(styles.row, !notification.seen && styles.unseen)}>
      <span className={styles.faces} aria-hidden="true">
        {actors.slice(0, 2).map((actor) => (
          <Avatar key={actor.id} person={actor} size={actors.length > 1 ? 34 : 44} />
        ))}
      </span>
      <Link to={leadsTo(notification)} state={isPost ? overlay : undefined} className={styles.text}>
        {!notification.seen && <span className="visually-hidden">New: </span>}
        {named.map((actor, at) => (
          <span key={actor.id}>
            {at > 0 && (rest ? ", " : " and ")}
            <strong>{actor.username}</strong>
          </span>
        ))}{" "}
        {rest} {says(notification)}
        {target.text ? <span className={styles.quote}>: “{target.text}”</span> : "."}{" "}
        <Time at={notification.updated_at} className={styles.time} />
      </Link>
      {notification.type === "follow" && first && notification.actors_count === 1 && (
        <FollowBack person={first} />
      )}
      {notification.type === "follow_request" && first && <RequestButtons person={first} />}
      {target.preview_url && (
        <img className={styles.preview} src={target.preview_url} alt="" loading="lazy" />
      )}
    </div>
  );
}

function Requests() {
  const waiting = useBadges()?.follow_requests ?? 0;
  if (waiting === 0) return null;
  return (
    <Link to={paths.requests} className={styles.requests}>
      <span>
        <strong>Follow requests</strong>
        <br />
        {plural(waiting, "request waits", "requests wait")} for an answer
      </span>
      <ChevronRight size={20} aria-hidden="true" />
    </Link>
  );
}

/** What is on the screen counts as seen. */
function useSeen(newest: Notification | undefined) {
  const upTo = newest && !newest.seen ? newest.updated_at : null;
  useEffect(() => {
    if (upTo === null) return;
    markNotificationsSeen(upTo)
      .then(({ unread }) => changeBadges(() => ({ notifications: unread })))
      .catch(() => undefined); // the next visit tries again
  }, [upTo]);
}

export default function NotificationsPage() {
  useTitle("Notifications");
  const query = useInfiniteQuery(notificationsQuery);
  const all = entries(query.data);
  useSeen(all[0]);
  const groups = Map.groupBy(all, (notification) => ageGroup(notification.updated_at));
  return (
    <Page title="Notifications" back={paths.home} isTop>
      <Requests />
      {query.isPending && (
        <Loading label="Loading notifications">
          {[1, 2, 3, 4, 5].map((row) => (
            <PersonRowSkeleton key={row} />
          ))}
        </Loading>
      )}
      {query.isError && all.length === 0 && (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      )}
      {query.isSuccess && all.length === 0 && (
        <EmptyState
          icon={<Bell size={32} strokeWidth={1.6} />}
          title="Nothing new"
          text="When somebody follows you, or likes or comments on a post of yours, you read it here."
        />
      )}
      {[...groups].map(([group, rows]) => (
        <section key={group} aria-labelledby={`group-${group}`}>
          <h2 id={`group-${group}`} className={styles.group}>
            {group}
          </h2>
          <ul>
            {rows.map((notification) => (
              <li key={notification.id}>
                <Row notification={notification} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      <LoadMore
        hasMore={query.hasNextPage}
        isLoading={query.isFetchingNextPage}
        failed={query.isFetchNextPageError}
        load={() => void query.fetchNextPage()}
      />
    </Page>
  );
}

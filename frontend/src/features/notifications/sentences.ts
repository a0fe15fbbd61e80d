// What a notification says, and where it leads.
import type { Notification, UserSummary } from "@/api/types";
import { paths } from "@/lib/paths";

const SAYS: Record<Notification["type"], string> = {
  follow: "started following you",
  follow_request: "wants to follow you",
  follow_accepted: "accepted your request",
  post_like: "liked your post",
  mention: "mentioned you in a post",
  people_tag: "tagged you in a post",
  comment: "commented",
  comment_reply: "replied to your comment",
  comment_mention: "mentioned you in a comment",
  comment_like: "liked your comment",
};

/** The words after the names. */
export function says(notification: Notification): string {
  return SAYS[notification.type];
}

/** "and 3 others", when there are more than are named. */
export function others(notification: Notification, named: readonly UserSummary[]): string {
  const more = notification.actors_count - named.length;
  if (more <= 0) return "";
  return more === 1 ? "and 1 other" : `and ${more} others`;
}

export function leadsTo(notification: Notification): string {
  const { target, actors, type } = notification;
  if (type === "follow_request") return paths.requests;
  if (target.shortcode) return paths.post(target.shortcode);
  const first = actors[0];
  return first ? paths.profile(first.username) : paths.notifications;
}

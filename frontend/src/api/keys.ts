// Query keys. The first word says what the entries are, so that one change finds every list that shows the thing.
export const keys = {
  me: ["me"],
  badges: ["badges"],
  instance: ["instance"],
  feed: ["posts", "feed"],
  newer: ["newer"],
  saved: ["posts", "saved"],
  userPosts: (userId: string) => ["posts", "user", userId],
  post: (shortcode: string) => ["post", shortcode],
  comments: (postId: string) => ["comments", postId],
  replies: (postId: string, rootId: string) => ["comments", postId, "replies", rootId],
  user: (username: string) => ["user", username],
  people: (list: string, id: string) => ["people", list, id],
  notifications: ["notifications"],
} as const;

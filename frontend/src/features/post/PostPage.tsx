// The page of one post, as a shared link opens it.
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "react-router";
import { ApiError } from "@/api/problem";
import { postQuery } from "@/api/queries/posts";
import { useIsWide } from "@/lib/media";
import { paths } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { NotFound } from "@/ui/NotFound";
import { PageHeader } from "@/ui/Page";
import { ErrorState, Loading } from "@/ui/States";
import { PostCardSkeleton } from "./PostCardSkeleton";
import { PostSplit, PostStack } from "./PostDetail";
import styles from "./PostPage.module.css";

export default function PostPage() {
  const { shortcode = "" } = useParams();
  const { data: post, error, refetch } = useQuery(postQuery(shortcode));
  const isWide = useIsWide();
  const navigate = useNavigate();
  useTitle(post ? `Post by ${post.author.username}` : "Post");

  if (error instanceof ApiError && error.isNotFound) return <NotFound what="post" />;
  if (error && !post) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!post) {
    return (
      <div className={styles.narrow}>
        <Loading label="Loading the post">
          <PostCardSkeleton />
        </Loading>
      </div>
    );
  }
  const onDeleted = () => navigate(paths.profile(post.author.username), { replace: true });
  if (isWide) {
    return (
      <div className={styles.wide}>
        <h1 className="visually-hidden">Post by {post.author.username}</h1>
        <div className={styles.frame}>
          <PostSplit key={post.id} post={post} onDeleted={onDeleted} />
        </div>
      </div>
    );
  }
  return (
    <>
      <PageHeader title="Post" back={paths.home} />
      <PostStack key={post.id} post={post} onDeleted={onDeleted} />
    </>
  );
}

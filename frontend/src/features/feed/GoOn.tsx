// The place of another device or an earlier visit: offered at the top of a feed that was just opened.
import { useQuery } from "@tanstack/react-query";
import { ArrowDown } from "lucide-react";
import { useEffect, useState } from "react";
import { markerQuery } from "@/api/queries/feed";
import type { Post } from "@/api/types";
import styles from "./NewPosts.module.css";
import { indexOfPlace, type Place } from "./place";

const NEAR = 3;

interface GoOnProps {
  readonly posts: readonly Post[];
  readonly onGo: (place: Place) => void;
}

/** The marker as a place, when it is not on the first screens anyway. */
function usePlace(posts: readonly Post[]): Place | null {
  const { data: marker } = useQuery(markerQuery);
  if (!marker) return null;
  const place = { postId: marker.post_id, at: marker.published_at, offset: 0 };
  const index = indexOfPlace(posts, place);
  return index < 0 || index >= NEAR ? place : null;
}

export function GoOn({ posts, onGo }: GoOnProps) {
  const place = usePlace(posts);
  const [isOver, setOver] = useState(false);
  // Whoever reads on from here has chosen.
  useEffect(() => {
    const end = () => scrollY > innerHeight / 2 && setOver(true);
    addEventListener("scroll", end, { passive: true });
    return () => removeEventListener("scroll", end);
  }, []);
  if (!place || isOver) return null;
  return (
    <div className={styles.place}>
      <button
        type="button"
        className={styles.quiet}
        onClick={() => {
          setOver(true);
          onGo(place);
        }}
      >
        <ArrowDown size={18} aria-hidden="true" /> Go on where you stopped
      </button>
    </div>
  );
}

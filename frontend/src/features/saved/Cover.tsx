// The picture that stands for a collection.
import { Bookmark } from "lucide-react";
import { renewAddresses } from "@/api/queryClient";
import type { Collection } from "@/api/types";
import { classes } from "@/ui/classes";
import styles from "./saved.module.css";

interface CoverProps {
  readonly collection: Collection;
  readonly className?: string | undefined;
}

export function Cover({ collection: { cover_url: url }, className }: CoverProps) {
  return (
    <span className={classes(styles.cover, className)}>
      {url ? (
        <img src={url} alt="" loading="lazy" decoding="async" onError={renewAddresses} />
      ) : (
        <Bookmark size={24} aria-hidden="true" />
      )}
    </span>
  );
}

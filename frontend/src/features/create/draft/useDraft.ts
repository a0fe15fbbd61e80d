// The draft of the signed-in person, with the rules of this server.
import { useEffect, useMemo, useState } from "react";
import { useAcceptedTypes, useLimits } from "@/api/queries/instance";
import { refreshAllowance, useAllowance } from "@/api/queries/media";
import { useStore } from "@/lib/store";
import { currentDraft } from "./current";
import type { Draft } from "./draft";
import type { UploadRules } from "./rules";

export function useUploadRules(): UploadRules {
  const limits = useLimits();
  const { images, videos } = useAcceptedTypes();
  const allowance = useAllowance();
  const types = [...images, "|", ...videos].join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the lists are new each time, their words are not
  return useMemo(
    () => ({
      imageTypes: images,
      videoTypes: videos,
      imageBytes: limits.picture_bytes,
      imagePixels: limits.picture_pixels,
      imageSide: limits.picture_side,
      pixelsOf: {
        "image/webp": limits.webp_pixels,
        "image/heic": limits.heic_pixels,
        "image/avif": limits.avif_pixels,
      },
      videoBytes: limits.video_bytes,
      videoSeconds: limits.video_seconds,
      maxCount: limits.media_per_post,
      left: allowance && {
        bytes: allowance.bytes_max - allowance.bytes_used,
        maxBytes: allowance.bytes_max,
        files: allowance.per_day_max - allowance.added_today,
        maxFiles: allowance.per_day_max,
      },
    }),
    [types, limits.picture_bytes, limits.video_bytes, limits.media_per_post, allowance],
  );
}

export function useDraft(userId: string, rules: UploadRules): Draft {
  const [draft] = useState(() => currentDraft(userId, rules));
  useEffect(() => {
    draft.rules = rules;
  }, [draft, rules]);
  const arrived = useStore(draft.items).filter((item) => item.upload.media !== null).length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each that arrives or goes there is less or more
  useEffect(() => {
    void refreshAllowance();
  }, [arrived]);
  return draft;
}

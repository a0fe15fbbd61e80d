// The draft of the signed-in person, with the rules of this server.
import { useEffect, useMemo, useState } from "react";
import { useAcceptedTypes, useLimits } from "@/api/queries/instance";
import { currentDraft } from "./current";
import type { Draft } from "./draft";
import type { UploadRules } from "./rules";

export function useUploadRules(): UploadRules {
  const limits = useLimits();
  const { images, videos } = useAcceptedTypes();
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
    }),
    [types, limits.picture_bytes, limits.video_bytes, limits.media_per_post],
  );
}

export function useDraft(userId: string, rules: UploadRules): Draft {
  const [draft] = useState(() => currentDraft(userId, rules));
  useEffect(() => {
    draft.rules = rules;
  }, [draft, rules]);
  return draft;
}

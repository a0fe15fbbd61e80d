// What this server is called and what it accepts.
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, take } from "../client";
import { keys } from "../keys";
import type { Instance } from "../types";

export const instanceQuery = queryOptions({
  queryKey: keys.instance,
  queryFn: () => take(api.GET("/api/v1/instance")),
  staleTime: Number.POSITIVE_INFINITY,
});

/** The limits that the forms tell beforehand; those of API.md until the server has answered. */
const LIMITS = {
  username_min: 3,
  username_max: 30,
  password_min: 8,
  password_max: 128,
  bio: 500,
  caption: 2200,
  media_per_post: 20,
  people_tags_per_post: 20,
  comment: 2200,
  pinned_comments: 3,
  hidden_words: 200,
  muted_tags: 200,
  message: 4000,
  alt_text: 1500,
  delete_grace_days: 30,
  picture_bytes: 50_000_000,
  picture_pixels: 50_000_000,
  picture_side: 12_000,
  webp_pixels: 20_000_000,
  heic_pixels: 25_000_000,
  avif_pixels: 25_000_000,
  video_bytes: 200_000_000,
  video_seconds: 60,
};

export type Limits = typeof LIMITS;

const IMAGE_TYPES = ["image/jpeg", "image/png", "image/webp", "image/gif"];

export function useLimits(): Limits {
  const limits = useQuery(instanceQuery).data?.limits as Partial<Limits> | undefined;
  return { ...LIMITS, ...limits };
}

/** What may be uploaded: the sure ones until the server has answered, and videos where it makes them. */
export function useAcceptedTypes(): { readonly images: string[]; readonly videos: string[] } {
  const instance = useQuery(instanceQuery).data;
  const types = instance?.accepted_types ?? IMAGE_TYPES;
  const startingWith = (start: string) => types.filter((type) => type.startsWith(start));
  return {
    images: startingWith("image/"),
    videos: instance?.features.video ? startingWith("video/") : [],
  };
}

/** Whether the server is still being asked: what it accepts is not to be told, or held against anybody, yet. */
export function useIsAsking(): boolean {
  const { isPending, fetchStatus } = useQuery(instanceQuery);
  return isPending && fetchStatus === "fetching";
}

/** Who may sign up: everybody until the server has answered. */
export function useRegistration(): Instance["registration"] {
  return useQuery(instanceQuery).data?.registration ?? "open";
}

export type LegalDocument = Instance["documents"][number];

const NO_DOCUMENTS: LegalDocument[] = [];

/** What people agree to here, as it stands now. */
export function useDocuments(): LegalDocument[] {
  return useQuery(instanceQuery).data?.documents ?? NO_DOCUMENTS;
}

export function useSiteName(): string {
  return useQuery(instanceQuery).data?.name || "Jyoti";
}

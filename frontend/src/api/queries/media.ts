// Pictures of the signed-in person.
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, take } from "../client";
import { NoDirectWayError, uploadDirectly } from "../direct";
import { keys } from "../keys";
import { queryClient } from "../queryClient";
import type { Allowance, Media } from "../types";
import { type Upload, type UploadOptions, upload } from "../upload";

const allowanceQuery = queryOptions({
  queryKey: keys.allowance,
  queryFn: () => take(api.GET("/api/v1/media/allowance")),
});

/** What one keeps here and may still add; null until the server has answered. */
export function useAllowance(): Allowance | null {
  return useQuery(allowanceQuery).data ?? null;
}

/** Something was added or removed. */
export const refreshAllowance = () => queryClient.invalidateQueries(allowanceQuery);

/** Above this a broken connection costs more than the two requests that a direct upload takes besides. */
const LARGE_BYTES = 16_000_000;

function uploadThroughServer(file: File, options: UploadOptions): Upload<Media> {
  const form = new FormData();
  form.append("file", file);
  return upload<Media>("POST", "/api/v1/media", form, options);
}

/** Large files go straight to the store, and through the server where that is no way. */
export function uploadMedia(file: File, type: string, options: UploadOptions): Upload<Media> {
  if (file.size <= LARGE_BYTES || !type) return uploadThroughServer(file, options);
  let current = uploadDirectly(file, type, options);
  const answer = current.answer.catch((error: unknown) => {
    if (!(error instanceof NoDirectWayError)) throw error;
    current = uploadThroughServer(file, options);
    return current.answer;
  });
  return { answer, cancel: () => current.cancel() };
}

const of = (mediaId: string) => ({ params: { path: { media_id: mediaId } } });

export const getMedia = (mediaId: string) => take(api.GET("/api/v1/media/{media_id}", of(mediaId)));

export const setAltText = (mediaId: string, altText: string) =>
  take(api.PATCH("/api/v1/media/{media_id}", { ...of(mediaId), body: { alt_text: altText } }));

export const deleteMedia = (mediaId: string) =>
  take(api.DELETE("/api/v1/media/{media_id}", of(mediaId)));

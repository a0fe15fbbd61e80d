// Pictures of the signed-in person.
import { api, take } from "../client";
import type { Media } from "../types";
import { type Upload, type UploadOptions, upload } from "../upload";

export function uploadMedia(file: File, options: UploadOptions): Upload<Media> {
  const form = new FormData();
  form.append("file", file);
  return upload<Media>("POST", "/api/v1/media", form, options);
}

const of = (mediaId: string) => ({ params: { path: { media_id: mediaId } } });

export const getMedia = (mediaId: string) => take(api.GET("/api/v1/media/{media_id}", of(mediaId)));

export const setAltText = (mediaId: string, altText: string) =>
  take(api.PATCH("/api/v1/media/{media_id}", { ...of(mediaId), body: { alt_text: altText } }));

export const deleteMedia = (mediaId: string) =>
  take(api.DELETE("/api/v1/media/{media_id}", of(mediaId)));

// What one agreed to, and agreeing to what has changed since.
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, take } from "../client";
import { keys } from "../keys";
import { queryClient } from "../queryClient";
import type { components } from "../schema";
import { type LegalDocument, useDocuments } from "./instance";
import { useMe } from "./me";

export type Consent = components["schemas"]["Consent"];

export const consentsQuery = queryOptions({
  queryKey: keys.consents,
  queryFn: () => take(api.GET("/api/v1/me/consents", { params: { query: { limit: 50 } } })),
  staleTime: Number.POSITIVE_INFINITY,
});

/** The documents that stand in a version to which this person has not agreed yet. */
export function useChangedDocuments(): LegalDocument[] {
  const documents = useDocuments();
  const isMember = Boolean(useMe());
  const given = useQuery({ ...consentsQuery, enabled: isMember && documents.length > 0 }).data;
  if (!given) return [];
  const has = new Set(given.results.map((consent) => `${consent.document} ${consent.version}`));
  return documents.filter(({ name, version }) => !has.has(`${name} ${version}`));
}

export async function agree(documents: readonly LegalDocument[]): Promise<void> {
  for (const { name, version } of documents) {
    await take(api.POST("/api/v1/me/consents", { body: { document: name, version } }));
  }
  await queryClient.invalidateQueries({ queryKey: keys.consents });
}

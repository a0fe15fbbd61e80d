// Reports and what became of them, objections to acts of moderators, letters to the operator.
import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, cursorOf, pageQuery, take } from "../client";
import { keys } from "../keys";
import { queryClient } from "../queryClient";
import type { components } from "../schema";

export type Report = components["schemas"]["Report"];
export type ReportForm = components["schemas"]["ReportFormRequest"];
export type ReportReason = ReportForm["reason"];
export type Letter = components["schemas"]["ContactFormRequest"];

export async function report(body: ReportForm): Promise<Report> {
  const made = await take(api.POST("/api/v1/reports", { body }));
  void queryClient.invalidateQueries({ queryKey: keys.reports });
  return made;
}

export const myReportsQuery = infiniteQueryOptions({
  queryKey: keys.reports,
  queryFn: ({ pageParam }) =>
    take(api.GET("/api/v1/reports/mine", { params: { query: pageQuery(20, pageParam) } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => cursorOf(page.next),
});

export const appeal = (token: string, text: string) =>
  take(api.POST("/api/v1/appeals", { body: { token, text } }));

export const writeToOperator = (body: Letter) => take(api.POST("/api/v1/contact", { body }));

// Conversations over HTTP: the truth that the socket only makes fast.
import { api, take } from "../client";
import type { Conversation, Message } from "../types";

const of = (conversationId: string) => ({
  params: { path: { conversation_id: conversationId } },
});

export interface Changes {
  readonly results: Message[];
  readonly conversation: Conversation;
  readonly rev: number;
  readonly has_more: boolean;
}

export interface NewMessage {
  readonly client_id: string;
  readonly body?: string;
  readonly media_ids?: string[];
  readonly post_id?: string;
  readonly reply_to_seq?: number;
}

export const messagesApi = {
  conversations: (cursor?: string) =>
    take(
      api.GET("/api/v1/conversations", {
        params: { query: cursor ? { limit: 30, cursor } : { limit: 30 } },
      }),
    ),

  conversation: (id: string) => take(api.GET("/api/v1/conversations/{conversation_id}", of(id))),

  /** The direct conversation with a person, made when there is none. */
  open: (userId: string) =>
    take(api.POST("/api/v1/conversations", { body: { user_ids: [userId] } })),

  history: (id: string, query: { before_seq?: number; limit: number }) =>
    take(
      api.GET("/api/v1/conversations/{conversation_id}/messages", {
        params: { path: { conversation_id: id }, query },
      }),
    ),

  changes: (id: string, afterRev: number): Promise<Changes> =>
    take(
      api.GET("/api/v1/conversations/{conversation_id}/changes", {
        params: { path: { conversation_id: id }, query: { after_rev: afterRev, limit: 50 } },
      }),
    ),

  send: (id: string, body: NewMessage): Promise<Message> =>
    take(api.POST("/api/v1/conversations/{conversation_id}/messages", { ...of(id), body })),

  markRead: (id: string, seq: number) =>
    take(api.PUT("/api/v1/conversations/{conversation_id}/read", { ...of(id), body: { seq } })),
};

export type MessagesApi = typeof messagesApi;

// What a draft needs of the world; tests give their own.
import type { NewPost } from "@/api/queries/posts";
import type { Post } from "@/api/types";
import type { Edit } from "../edit/edit";
import type { Surroundings, UploadDoor } from "./queue";
import type { Inspected, UploadRules } from "./rules";
import type { DraftStorage } from "./storage";

export interface DraftTools {
  readonly door: UploadDoor & {
    describe(mediaId: string, alt: string): Promise<unknown>;
    publish(post: NewPost, key: string): Promise<Post>;
  };
  readonly around: Surroundings;
  readonly storage: DraftStorage;
  readonly inspect: (file: File) => Promise<Inspected>;
  readonly render: (file: File, edit: Edit, rules: UploadRules) => Promise<Blob>;
  /** Addresses of blobs in this browser. */
  readonly addressOf: (blob: Blob) => string;
  readonly release: (address: string) => void;
}

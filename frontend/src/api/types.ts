// The nouns of the API under short names.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type UserSummary = Schemas["UserSummary"];
export type User = Schemas["User"];
export type Me = Schemas["Me"];
export type Relationship = NonNullable<User["relationship"]>;
export type Media = Schemas["Media"];
export type Allowance = Schemas["Allowance"];
export type Variant = Media["variants"][number];
export type Post = Schemas["Post"];
export type Audience = Post["audience"];
export type DeletedPost = Schemas["DeletedPost"];
export type Revision = Schemas["Revision"];
export type PeopleTag = Schemas["PeopleTag"];
export type Collection = Schemas["Collection"];
export type Tag = Schemas["Tag"];
export type Place = Schemas["Place"];
export type Comment = Schemas["Comment"];
export type Conversation = Schemas["Conversation"];
export type Message = Schemas["Message"];
export type Notification = Schemas["Notification"];
export type Badges = Schemas["Badges"];
export type Session = Schemas["Session"];
export type Token = Schemas["Token"];
export type NewToken = Schemas["NewToken"];
export type TokenScope = Schemas["TokenScopeEnum"];
export type TokenDays = Schemas["DaysEnum"];
export type Instance = Schemas["Instance"];
export type Problem = Schemas["Problem"];

export interface Page<T> {
  readonly results: T[];
  readonly next: string | null;
  readonly previous: string | null;
}

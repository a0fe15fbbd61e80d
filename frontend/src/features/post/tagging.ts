// Whom an author tags in the pictures of a post, and where.
import type { PeopleTag, UserSummary } from "@/api/types";

/** Shares of the width and height of the picture, 0 to 1, from the top left. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface PersonAt extends Spot {
  readonly user: UserSummary;
  /** The id of the picture; before it has one, its key in the draft. */
  readonly picture: string;
}

export const MIDDLE: Spot = { x: 0.5, y: 0.5 };

const DIGITS = 4;
const clamped = (share: number) => Number(Math.min(1, Math.max(0, share)).toFixed(DIGITS));

export function spotOf({ x, y }: Spot): Spot {
  return { x: clamped(x), y: clamped(y) };
}

type Tagged = Pick<PersonAt, "picture"> & { readonly user: Pick<UserSummary, "id"> };

const isSame = (one: Tagged, other: Tagged) =>
  one.user.id === other.user.id && one.picture === other.picture;

/** The list with this person there: who is in the picture already moves, and keeps the place in the list. */
export function withPerson(people: readonly PersonAt[], person: PersonAt): readonly PersonAt[] {
  const at = people.findIndex((other) => isSame(other, person));
  return at < 0 ? [...people, person] : people.with(at, person);
}

export function withoutPerson(people: readonly PersonAt[], person: Tagged): readonly PersonAt[] {
  return people.filter((other) => !isSame(other, person));
}

export function peopleOf(tags: readonly PeopleTag[]): readonly PersonAt[] {
  return tags.map(({ user, media_id, x, y }) => ({ user, picture: media_id, x, y }));
}

/** As the API takes them; who was in a picture that is gone is left out. */
export function tagsOf(people: readonly PersonAt[], idOf: (picture: string) => string | undefined) {
  return people.flatMap(({ user, picture, x, y }) => {
    const mediaId = idOf(picture);
    return mediaId ? [{ user_id: user.id, media_id: mediaId, x, y }] : [];
  });
}

// What is done to a picture before it is shared: a crop, a filter, adjustments. All of it can be taken back.
import { type Crop, isCropped, type Size, UNCROPPED } from "./crop";
import { ADJUSTMENTS, type Adjustments, type FilterName, UNADJUSTED } from "./looks";

export interface Edit extends Crop, Adjustments {
  readonly filter: FilterName;
  /** How much of the filter, 0 to 1. */
  readonly strength: number;
}

export const UNTOUCHED: Edit = { ...UNCROPPED, ...UNADJUSTED, filter: "original", strength: 1 };

export function hasLook(edit: Edit): boolean {
  const isFiltered = edit.filter !== "original" && edit.strength > 0;
  return isFiltered || ADJUSTMENTS.some((name) => edit[name] !== 0);
}

/** Whether the picture stays as it was shot, so that its own bytes are what is uploaded. */
export function isUntouched(edit: Edit, size: Size): boolean {
  return !hasLook(edit) && !isCropped(edit, size);
}

// The names of the documents that people agree to, each leading to its text, as part of a sentence.
import { Fragment } from "react";
import type { LegalDocument } from "@/api/queries/instance";

const NAMES: Record<string, string> = {
  terms: "terms of use",
  privacy: "privacy notice",
  rules: "house rules",
};

export const documentName = (name: string) => NAMES[name] ?? name;

function between(index: number, length: number): string {
  if (index === 0) return "";
  return index === length - 1 ? " and the " : ", the ";
}

export function LegalLinks({ documents }: { documents: readonly LegalDocument[] }) {
  return documents.map(({ name, url }, index) => (
    <Fragment key={name}>
      {between(index, documents.length)}
      <a href={url} target="_blank" rel="noreferrer">
        {documentName(name)}
      </a>
    </Fragment>
  ));
}

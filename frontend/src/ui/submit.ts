// Sending a form: one request at a time, and each error at the field that it is about.
import { type FormEvent, useState } from "react";
import { type ApiError, asApiError } from "@/api/problem";

/** Codes that name no field, and the field of a form that they are about. */
const FIELDS_OF_CODES: Readonly<Record<string, readonly string[]>> = {
  wrong_password: ["old_password", "password"],
  same_email: ["email"],
  bad_code: ["code"],
  wrong_code: ["code"],
  not_admin: ["scopes"],
};

export interface Failure {
  readonly error: ApiError;
  /** Message by the name of a field that this form has. */
  readonly fields: Readonly<Record<string, string>>;
  /** What is about no field of this form; null when all is told at the fields. */
  readonly rest: string | null;
}

/** Where each part of an error is told, in a form with fields of these names. */
export function placed(error: ApiError, has: (name: string) => boolean): Failure {
  const known = Object.entries(error.fields).filter(([name]) => has(name));
  if (known.length > 0) return { error, fields: Object.fromEntries(known), rest: null };
  const field = FIELDS_OF_CODES[error.code]?.find(has);
  if (field) return { error, fields: { [field]: error.message }, rest: null };
  return { error, fields: {}, rest: error.message };
}

interface Submission {
  readonly submit: (event: FormEvent<HTMLFormElement>) => Promise<void>;
  readonly isBusy: boolean;
  readonly failure: Failure | null;
  readonly forget: () => void;
}

/** `work` gets what is in the form by name; what it throws is told, and the field to type in again focused. */
export function useSubmit(
  work: (value: (name: string) => string, form: FormData) => Promise<unknown>,
): Submission {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    event.stopPropagation();
    if (isBusy) return;
    const form = event.currentTarget;
    const data = new FormData(form);
    setBusy(true);
    setFailure(null);
    try {
      await work((name) => String(data.get(name) ?? ""), data);
    } catch (problem) {
      const found = placed(asApiError(problem), (name) => form.elements.namedItem(name) !== null);
      setFailure(found);
      const named = (element: Element) => (element as HTMLInputElement).name;
      const all = Array.from(form.elements);
      const wrong =
        all.find((element) => named(element) in found.fields) ??
        all.find((element) => named(element) === "password");
      if (wrong instanceof HTMLElement) wrong.focus();
    } finally {
      setBusy(false);
    }
  };
  return { submit, isBusy, failure, forget: () => setFailure(null) };
}

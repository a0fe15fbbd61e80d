// Whether a user name is free, asked while it is typed.
import { useEffect, useState } from "react";
import { usernameAvailable } from "@/api/queries/auth";

export type UsernameCheck =
  | { readonly state: "idle" | "checking" | "free" }
  | { readonly state: "taken"; readonly message: string };

const DEBOUNCE_MS = 300;
const FORM = /^[a-z0-9._]{3,30}$/;

/** `own` is a name that needs no asking: one's present one. */
export function useUsernameCheck(username: string, own = ""): UsernameCheck {
  const [check, setCheck] = useState<UsernameCheck>({ state: "idle" });
  useEffect(() => {
    if (username === own || username.length < 3) {
      setCheck({ state: "idle" });
      return undefined;
    }
    if (!FORM.test(username)) {
      setCheck({ state: "taken", message: "Use 3 to 30 of a–z, 0–9, dot and underscore." });
      return undefined;
    }
    setCheck({ state: "checking" });
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const answer = await usernameAvailable(username, abort.signal);
        setCheck(
          answer.available ? { state: "free" } : { state: "taken", message: "This name is taken." },
        );
      } catch {
        if (!abort.signal.aborted) setCheck({ state: "idle" }); // the form itself will tell
      }
    }, DEBOUNCE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [username, own]);
  return check;
}

// The secret of a mailed link stands in the fragment of the address, which no server and no log ever sees.
import { useEffect, useState } from "react";
import { useLocation, useNavigate } from "react-router";

/** The token in `#token=…`, or null. */
export function tokenIn(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, "")).get("token") || null;
}

/** Takes the token out of the address bar and of the history, and keeps it for this page. */
export function useLinkToken(): string | null {
  const { hash, pathname, search } = useLocation();
  const navigate = useNavigate();
  const [token, setToken] = useState(() => tokenIn(hash));
  useEffect(() => {
    const found = tokenIn(hash);
    if (!found) return;
    setToken(found);
    navigate({ pathname, search, hash: "" }, { replace: true });
  }, [hash, pathname, search, navigate]);
  return token;
}

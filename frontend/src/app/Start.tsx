// Before the pages: the flame while the session is asked for, and what is said when nobody answers.

import { useEffect } from "react";
import { offline } from "@/api/problem";
import { session } from "@/api/session";
import { Flame } from "@/ui/Brand";
import { ErrorState } from "@/ui/States";

export function Splash() {
  return (
    <div className="splash" role="status" aria-label="Loading">
      <Flame size={72} />
    </div>
  );
}

const ask = () => void session.ask();

export function Unreachable() {
  useEffect(() => {
    addEventListener("online", ask);
    return () => removeEventListener("online", ask);
  }, []);
  return (
    <main className="splash">
      <ErrorState error={offline()} retry={ask} />
    </main>
  );
}

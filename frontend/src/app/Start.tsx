// Before the pages: the flame while the session is asked for, and what is said when nobody answers.

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

export function Unreachable() {
  return (
    <main className="splash">
      <ErrorState error={offline()} retry={() => void session.ask()} />
    </main>
  );
}

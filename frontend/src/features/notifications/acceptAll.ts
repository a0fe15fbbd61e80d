// "Accept all": every request that waits, also those further down than what is loaded.
import { ApiError } from "@/api/problem";

interface Steps {
  /** The ids of the newest page of what still waits. */
  readonly read: () => Promise<readonly string[]>;
  readonly accept: (userId: string) => Promise<unknown>;
}

/** Returns how many were let in. Somebody who took the request back meanwhile is passed over. */
export async function acceptAll({ read, accept }: Steps): Promise<number> {
  const seen = new Set<string>();
  let count = 0;
  for (;;) {
    const fresh = (await read()).filter((id) => !seen.has(id));
    if (fresh.length === 0) return count;
    for (const id of fresh) {
      seen.add(id);
      try {
        await accept(id);
        count += 1;
      } catch (error) {
        if (!(error instanceof ApiError && error.isNotFound)) throw error;
      }
    }
  }
}

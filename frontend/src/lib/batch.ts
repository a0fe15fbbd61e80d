// Many small questions of one moment, asked as one.

/** `ask` gets the ids that were wanted since the last turn, at most `most` at once; who is missing in its answer is null. */
export function batched<T>(
  ask: (ids: readonly string[]) => Promise<Readonly<Record<string, T>>>,
  most: number,
): (id: string) => Promise<T | null> {
  let waiting = new Map<string, PromiseWithResolvers<T | null>>();

  async function send(part: readonly [string, PromiseWithResolvers<T | null>][]): Promise<void> {
    try {
      const found = await ask(part.map(([id]) => id));
      for (const [id, { resolve }] of part) resolve(found[id] ?? null);
    } catch (error) {
      for (const [, { reject }] of part) reject(error);
    }
  }

  function sendAll(): void {
    const all = [...waiting];
    waiting = new Map();
    for (let at = 0; at < all.length; at += most) void send(all.slice(at, at + most));
  }

  return (id) => {
    if (waiting.size === 0) setTimeout(sendAll);
    const entry = waiting.get(id) ?? Promise.withResolvers<T | null>();
    waiting.set(id, entry);
    return entry.promise;
  };
}

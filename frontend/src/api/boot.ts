// Takes over what `public/boot.js` started before the bundle arrived.
interface Boot {
  session: Promise<{ access: string } | null> | null;
  readonly answers: Map<string, Promise<Response>>;
}

declare global {
  interface Window {
    jyotiBoot?: Boot;
  }
}

/** The refresh that is already under way, once. */
export function takeBootSession(): Promise<{ access: string } | null> | null {
  const session = window.jyotiBoot?.session ?? null;
  if (window.jyotiBoot) window.jyotiBoot.session = null;
  return session;
}

/** The answer to a GET that is already under way, once. */
export function takeBootAnswer(request: Request): Promise<Response> | null {
  if (request.method !== "GET") return null;
  const { pathname, search } = new URL(request.url);
  const answers = window.jyotiBoot?.answers;
  const answer = answers?.get(pathname + search) ?? null;
  answers?.delete(pathname + search);
  return answer;
}

// Runs before the bundle arrives: sets the theme, asks for the session and starts the first reads,
// so that the feed is on its way while the client still downloads. `src/api/boot.ts` takes over.
(() => {
  const stored = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };

  const theme = stored("jyoti.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;

  const boot = { session: null, answers: new Map() };
  window.jyotiBoot = boot;

  // Only where somebody was signed in is there anything to ask for.
  if (stored("jyoti.session") !== "in") return;

  const refresh = async () => {
    const response = await fetch("/api/v1/auth/refresh", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    });
    if (response.ok) return response.json();
    if (response.status === 401 || response.status === 403) return null;
    throw new Error(`auth/refresh answered ${response.status}`);
  };
  boot.session = navigator.locks ? navigator.locks.request("jyoti.refresh", refresh) : refresh();

  const read = (url, access) => {
    const answer = fetch(url, { headers: { Authorization: `Bearer ${access}` } });
    boot.answers.set(url, answer);
    return answer;
  };

  const preloadFirstPicture = async (answer) => {
    const response = (await answer).clone();
    if (!response.ok) return;
    const variants = (await response.json()).results[0]?.media[0]?.variants ?? [];
    const type = variants.some((v) => v.type === "image/avif") ? "image/avif" : variants[0]?.type;
    const chosen = variants.filter((v) => v.type === type);
    if (chosen.length === 0) return;
    const link = document.createElement("link");
    link.rel = "preload";
    link.as = "image";
    link.type = type;
    link.imageSrcset = chosen.map((v) => `${v.url} ${v.width}w`).join(", ");
    link.imageSizes = "(min-width: 768px) 470px, 100vw";
    link.fetchPriority = "high";
    document.head.append(link);
  };

  boot.session
    .then((session) => {
      if (!session) return;
      read("/api/v1/me", session.access);
      if (location.pathname === "/") {
        preloadFirstPicture(read("/api/v1/feed/home?limit=10", session.access)).catch(() => {});
      }
    })
    .catch(() => {});
})();

// Small values kept as long as this tab, over reloads; a browser that refuses storage keeps them for the visit only.
const visit = new Map<string, string>();

export function keptInTab(key: string): string | null {
  try {
    return sessionStorage.getItem(key) ?? visit.get(key) ?? null;
  } catch {
    return visit.get(key) ?? null;
  }
}

/** An empty value is forgotten. */
export function keepInTab(key: string, value: string): void {
  visit.set(key, value);
  try {
    if (value) sessionStorage.setItem(key, value);
    else sessionStorage.removeItem(key);
  } catch {
    // Storage is full or forbidden: the value lives as long as the page.
  }
  if (!value) visit.delete(key);
}

// What a person chose for this browser: theme and single-key shortcuts.

import { store, stored } from "./storage";
import { Store } from "./store";

export type Theme = "system" | "light" | "dark";

function storedTheme(): Theme {
  const value = stored("jyoti.theme");
  return value === "light" || value === "dark" ? value : "system";
}

export const theme = new Store<Theme>(storedTheme());
export const shortcutsOn = new Store(stored("jyoti.shortcuts") !== "off");

const THEME_COLOURS = { light: "#fdfbf8", dark: "#120e0b" } as const;

/** Applies the theme to the page and to the browser's own chrome. */
export function applyTheme(): void {
  const chosen = theme.get();
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  const dark = chosen === "dark" || (chosen === "system" && darkSystem().matches);
  document
    .querySelector('meta[name="theme-color"]')
    ?.setAttribute("content", THEME_COLOURS[dark ? "dark" : "light"]);
}

function darkSystem(): MediaQueryList {
  return matchMedia("(prefers-color-scheme: dark)");
}

export function chooseTheme(chosen: Theme): void {
  store("jyoti.theme", chosen);
  theme.set(chosen);
  applyTheme();
}

export function chooseShortcuts(on: boolean): void {
  store("jyoti.shortcuts", on ? "on" : "off");
  shortcutsOn.set(on);
}

/** Follows the system's theme while the page lives. */
export function followSystemTheme(): void {
  applyTheme();
  darkSystem().addEventListener("change", applyTheme);
}

// Dark or light: as the system has it, until the reader says otherwise; kept in this browser.

import { ownStorage } from "./stand_in.js";

const KEY = "faultlab:theme";

const kept = () => ownStorage()?.getItem(KEY);

/** Take over what was chosen; returns what turns it. */
export function themeSwitch() {
  const page = document.body;
  if (kept()) page.dataset.theme = kept();
  return () => {
    const dark = (page.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    page.dataset.theme = dark ? "light" : "dark";
    try { ownStorage()?.setItem(KEY, page.dataset.theme); } catch { /* a private window keeps nothing */ }
  };
}

// Dark or light: as the system has it, until the reader says otherwise; kept in this browser.

const KEY = "faultlab:theme";

function kept() {
  try { return localStorage.getItem(KEY); } catch { return null; }
}

/** Take over what was chosen; returns what turns it. */
export function themeSwitch() {
  const page = document.body;
  if (kept()) page.dataset.theme = kept();
  return () => {
    const dark = (page.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    page.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem(KEY, page.dataset.theme); } catch { /* a private window keeps nothing */ }
  };
}

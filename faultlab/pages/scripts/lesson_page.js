// A lesson as a page that needs no server: the parts of the reading mode, with a stand-in for the kernel.

import { fold, keepPlace, sealing, sections, slimBar } from "../../labextension/share/jupyter/labextensions/faultlab/static/page_parts.js";
import { Classroom } from "./classroom.js";
import { cellOf, explain, view } from "./page_view.js";
import { keepForOffline, keepsByPage, ofTheDisk, ownStorage } from "./stand_in.js";
import { themeSwitch } from "./theme.js";

const LATER = ["explorer", "fleet", "run", "figures", "ranges"]; // their data may still be on the way
const TELLS = ["page", "place"]; // of what is kept, and where

/**
 * Bring the page to life.
 * @param {Record<string, (mount: HTMLElement, here: Classroom) => void>} kinds by kind of widget, what fills its mount
 */
export function start(kinds) {
  const page = JSON.parse(document.getElementById("lesson").textContent);
  const cells = [...document.querySelectorAll(".jp-Cell")].map(cellOf);
  const all = () => cells;
  const code = cells.filter((cell) => cell.type === "code");
  code.forEach((cell) => cell.showCode(false));
  let shown = false;
  const parts = sections(all);
  const seal = sealing(view, all, parts, true);
  const bar = slimBar({
    name: page.name,
    parts,
    view,
    home: () => { location.href = "index.html"; },
    menu: [
      ["Show the code", (button) => {
        shown = !shown;
        code.forEach((cell) => cell.showCode(shown));
        button.textContent = shown ? "Fold the code" : "Show the code";
      }],
      ["My page", () => { location.href = "my_page.html"; }],
      ["My resume code", () => { location.href = "index.html#code"; }],
      ["Print", () => window.print()],
      ["Dark or light", themeSwitch()],
      ["Run the code yourself", () => { location.href = page.door; }],
    ],
  });
  document.querySelector(".faultlab-bar").replaceChildren(bar.element);
  for (const { label, href } of page.next) bar.follow({ label, go: () => { location.href = href; } });
  fold(all, () => true);
  const place = keepPlace(`faultlab:${page.lesson}`, view, all, parts, bar.tell);

  const here = new Classroom(page, ownStorage());
  const mounts = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".mount"))];
  const fill = (mount) => {
    if (TELLS.includes(mount.dataset.widget)) mount.before(...ofTheDisk());
    kinds[mount.dataset.widget](mount, here);
    mount.dataset.live = "true";
  };
  const isThere = (mount) => !LATER.includes(mount.dataset.widget) || document.getElementById(mount.dataset.of);
  const isFirst = (mount) => mount.dataset.widget === "explorer" && isThere(mount);
  mounts.slice(0, mounts.findIndex(isFirst) + 1).filter(isThere).forEach(fill);
  if (keepsByPage()) mounts.find((mount) => mount.dataset.widget === "bet")?.after(...ofTheDisk());
  performance.mark("first");
  document.addEventListener("DOMContentLoaded", async () => {
    await breath();
    mounts.filter((mount) => !mount.dataset.live && !LATER.includes(mount.dataset.widget)).forEach(fill);
    document.documentElement.classList.add("ready");
    seal.opened();
    for (const mount of mounts.filter((one) => !one.dataset.live)) {
      await breath();
      fill(mount);
    }
    place.back();
    explain(cells, page.glossary);
    performance.mark("ready");
    keepForOffline();
  });
}

/** Let the browser draw, and the reader act. */
const breath = () => new Promise((go) => { setTimeout(go); });

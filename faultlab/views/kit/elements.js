// What every widget's script begins with: making an element, and taking the place of a still picture.

import { MEASURED, node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";

// What stands above a widget is for those without a kernel; where there is one, the widget takes its place.
export function replaceStill(el) {
  requestAnimationFrame(() => {
    el.closest(".jp-OutputArea")?.querySelectorAll(".faultlab-still").forEach((still) => {
      (still.closest(".jp-OutputArea-child") ?? still).style.display = "none";
    });
  });
}

// A sentence in which a number stays with its unit.
export function sentenceOf(text) {
  return text.split(MEASURED).map((part, i) => (i % 2 ? node("span", { class: "nb" }, part) : part));
}

/** A widget's own heading, of the third level; of the second where it stands above the first section. */
export function widgetTitle(title) {
  const made = node("h3", {}, title);
  requestAnimationFrame(() => {
    const page = made.closest(".jp-Notebook") ?? document; // JupyterLab's side bars have headings of their own
    const isAbove = (other) => other.compareDocumentPosition(made) & other.DOCUMENT_POSITION_FOLLOWING;
    if (![...page.querySelectorAll("h2")].some(isAbove)) made.setAttribute("aria-level", "2");
  });
  return made;
}

import { explainFirstUses, readGlossary, showExplanations } from "../../labextension/share/jupyter/labextensions/faultlab/static/glossary.js";

// What the parts of a page know of a cell, and of the window.

export function cellOf(node) {
  const type = node.classList.contains("jp-CodeCell") ? "code" : "markdown";
  const input = node.querySelector(".jp-Cell-inputWrapper");
  let source;
  return {
    node,
    type,
    get source() { return (source ??= type === "code" ? sourceOf(node) : written(input.firstElementChild)); },
    showCode: (on) => { if (input) input.hidden = !on; if (on && input) input.querySelector("details").open = true; },
    whenDrawn: (then) => then(),
  };
}

/** The code of a cell; what a lab asks is code without being shown. */
function sourceOf(node) {
  return node.dataset.task ? `check.${node.dataset.task}.question()` : node.querySelector(".jp-Cell-inputWrapper code")?.textContent ?? "";
}

/** A text's first heading as it is written in Markdown, and its words. */
function written(text) {
  const first = text.firstElementChild;
  const [, level] = /^H([1-6])$/.exec(first?.tagName ?? "") ?? [];
  return `${level ? `${"#".repeat(Number(level))} ${first.textContent}\n\n` : ""}${text.textContent}`;
}

export const view = {
  root: document,
  querySelector: (wanted) => document.querySelector(wanted),
  top: () => document.querySelector(".bar").getBoundingClientRect().bottom,
  scroll: (by) => window.scrollBy({ top: by, behavior: "instant" }),
  atEnd: () => window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2,
  isShown: () => true,
  isGone: () => false,
};

/** The course's words: what the reader meets first comes first, then what is folded. */
export function explain(cells, glossary) {
  const texts = cells.filter((cell) => cell.type === "markdown").map(({ node }) => node);
  const folded = (text) => text.matches(".faultlab-tucked, .faultlab-hooded");
  const ordered = [...texts.filter((text) => !folded(text)), ...texts.filter(folded)];
  explainFirstUses(ordered.map((text) => text.querySelector(".jp-RenderedMarkdown")), readGlossary(glossary));
  showExplanations(document.querySelector("main"));
}

// The course's words, explained where a page uses each first: on hover, on focus and by touch.
// It needs no more than a document, so that a page without a server uses it too. How it looks is in look.css.

import { keepUnits } from "./node.js";

const LINE = /^([^#:][^:]*): (.+)$/;
const UNMARKED = "h1, h2, h3, h4, h5, h6, a, button, code, pre, summary, .term";
let named = 0;

/** The words of course/glossary.yaml: each with its forms, the longest first, and its sentence. */
export function readGlossary(text) {
  return text.split(/\r?\n/).map((line) => LINE.exec(line)).filter(Boolean).map(([, names, means]) => {
    const forms = names.split(", ");
    return { word: forms[0], forms, means };
  });
}

/**
 * Mark the first use of every word in elements that are given in reading order; what was marked before is marked anew.
 * Where the text itself defines a word, by setting it alone in emphasis, nothing is added.
 */
export function explainFirstUses(elements, words) {
  elements.forEach(keepUnits);
  if (!words.length) return;
  for (const old of elements.flatMap((element) => [...element.querySelectorAll(".term")])) {
    const parent = old.parentNode;
    old.nextElementSibling?.matches(".term-says") && old.nextElementSibling.remove();
    old.replaceWith(...old.childNodes);
    parent.normalize();
  }
  const known = formsOf(words), waiting = new Set(words);
  for (const element of elements) {
    for (const text of textsOf(element)) mark(text, known, waiting);
  }
}

/** Every form with its word, and one pattern for all, so that "fault tree" is never read as "fault". */
function formsOf(words) {
  const of = new Map(words.flatMap((entry) => entry.forms.map((form) => [form.toLowerCase(), { form, entry }])));
  const escaped = [...of.keys()].sort((a, b) => b.length - a.length).map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return { of, any: new RegExp(`(?<![\\w-])(${escaped.join("|")})(s?)(?![\\w-])`, "gi") };
}

function textsOf(element) {
  const texts = [];
  const walk = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const { parentElement: around } = walk.currentNode;
    const whole = around.closest("em")?.parentElement.textContent === around.textContent; // a line under the title
    if (!whole && !around.closest(UNMARKED)) texts.push(walk.currentNode);
  }
  return texts;
}

function mark(text, { of, any }, waiting) {
  let passed = 0; // letters of this text that are behind us
  for (const match of text.data.matchAll(any)) {
    const { form, entry } = of.get(match[1].toLowerCase());
    if (!waiting.has(entry)) continue;
    if (form === form.toUpperCase() && match[1] !== form) continue; // an acronym is written as one
    waiting.delete(entry);
    const around = text.parentElement, word = match[0];
    if (around.matches("em, strong") && around.textContent.trim().length === word.length) continue; // its definition
    const use = text.splitText(match.index - passed);
    text = use.splitText(word.length);
    passed = match.index + word.length;
    const name = `term-${(named += 1)}`;
    const made = make("span", { class: "term", tabindex: "0", role: "button", "aria-describedby": name });
    use.replaceWith(made);
    made.append(use);
    made.after(make("span", { class: "term-says", id: name, hidden: "" }, entry.means));
  }
}

function make(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, content] of Object.entries(attributes)) made.setAttribute(name, content);
  made.append(...children);
  return made;
}

/** Show, inside a root, what a marked word means: one box, that can be pointed at and goes with Escape. */
export function showExplanations(root) {
  const box = make("div", { class: "term-box", "aria-hidden": "true", popover: "manual" });
  root.append(box);
  let shown = null;
  const hide = () => {
    shown = null;
    if (box.matches(":popover-open")) box.hidePopover();
  };
  const show = (term) => {
    if (shown === term || !box.showPopover) return;
    shown = term;
    box.textContent = term.nextElementSibling?.textContent ?? "";
    if (!box.matches(":popover-open")) box.showPopover();
    const { left, top, bottom } = term.getClientRects()[0];
    const { width, height } = box.getBoundingClientRect();
    const edge = 8;
    const above = top - height - edge;
    box.style.left = `${Math.max(edge, Math.min(left, document.documentElement.clientWidth - width - edge))}px`;
    box.style.top = `${above > edge ? above : bottom + edge}px`;
  };
  const termOf = ({ target }) => target.closest?.(".term");
  root.addEventListener("pointerover", (event) => {
    const term = termOf(event);
    if (term) show(term);
    else if (shown && !box.contains(event.target) && document.activeElement !== shown) hide();
  });
  root.addEventListener("focusin", (event) => { if (termOf(event)) show(termOf(event)); });
  root.addEventListener("focusout", (event) => { if (termOf(event)) hide(); });
  root.addEventListener("click", (event) => { if (termOf(event)) show(termOf(event)); });
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    if (["Enter", " "].includes(event.key) && termOf(event)) { event.preventDefault(); show(termOf(event)); }
  });
  root.addEventListener("scroll", hide, { capture: true, passive: true });
}

// The parts of a page that need no JupyterLab: sections, seals, folds, the bar, and where the reader is.
// JupyterLab's reading mode and the pages without a server are both made of them.
//
// A cell is { node, type: "markdown" or "code", source, showCode(on), whenDrawn(then) }; `cells()` gives all, in order.
// A view is { root, top(), scroll(by), atEnd(), isShown(), isGone() }: where the page hears, and where it stands.

import { node } from "./node.js";

const WORDS_A_MINUTE = 200;
/** @type {[RegExp, number][]} */
const MINUTES_OF = [ // beside reading; a test holds the minutes that a lesson promises to these
  [/\.bet\(|\.reveal\(|\bfigure\(|\bshow_table\(|^deal\(/, 0.5],
  [/\bkeep_place\(|\.company\(|\.decision\(|\.monday\(|\.board_page\(/, 1],
  [/\bExplorer\(|\bFreeRatings\(|\bLongRun\(|\.quiz\(/, 2],
  [/\.ten_ranges\(/, 6],
  [/\bbefore_and_after\(\)/, 8], // one of the two forms: nobody answers both in one sitting
  [/\.own_system\(/, 25],
  [/\bwatch\(|\bEveningGame\(/, 3],
  [/\bGameDay\(/, 50],
  [/\bcheck\.\w+\.question\(/, 2], // a lab's task
  [/\bcheck\.\w+_function\.question\(/, 6], // and what it takes more to write one
];
const HOOD = /^(#{2,3}) ((?:Under the hood|For engineers|Functions).*)/; // a heading whose section is folded
const STIRRED = ["wheel", "keydown", "pointerdown", "touchstart"];
const SETTLES = 4000; // milliseconds
const SEALED = "The rest waits behind this card.";

/** The minutes that a cell's widgets take. */
const playing = (cell) => MINUTES_OF.reduce((sum, [kind, minutes]) => sum + (cell.type === "code" && kind.test(cell.source) ? minutes : 0), 0);

// The sections: a cell that begins with a heading of the second level begins one.

export function sections(cells) {
  const found = [];
  for (const cell of cells()) {
    const { source } = cell;
    const heading = cell.type === "markdown" && /^(#{1,2}) (.+)$/m.exec(source);
    if (heading && source.trimStart().startsWith(heading[0])) found.push({ title: heading[2], first: cell, minutes: 0, games: [] });
    const part = found.at(-1);
    if (!part) continue;
    const words = cell.type === "markdown" ? source.split(/\s+/).length / WORDS_A_MINUTE : 0;
    part.minutes += words + playing(cell);
    if (playing(cell)) part.games.push({ cell, minutes: playing(cell) });
  }
  const promised = Number(/(\d+) minutes/.exec(cells()[0]?.source ?? "")?.[1]);
  const sum = found.reduce((all, part) => all + part.minutes, 0) || 1;
  if (promised) for (const one of found.flatMap((part) => [part, ...part.games])) one.minutes *= promised / sum;
  return found;
}

/** The minutes from a section on, without those of a game that has been played to its end. */
export function minutesLeft(parts, from) {
  const played = (part) => part.games.reduce((sum, { cell, minutes }) => sum + (cell.node.querySelector("[data-played]") ? minutes : 0), 0);
  return parts.slice(from).reduce((sum, part) => sum + part.minutes - played(part), 0);
}

// Sealed: whatever stands below an answer that is covered. Nothing on the page gives a bet away.
// While a page is `running`, a card that isn't there yet counts as covered.

export function sealing(view, cells, parts, running) {
  const seal = node("p", { class: "faultlab-seal" }, SEALED);
  const covered = (cell) => {
    const card = cell.node.querySelector("[data-covered]");
    return card ? card.dataset.covered === "true" : running;
  };
  const look = () => {
    if (view.isGone()) return;
    let shut = false, before = null;
    for (const cell of cells()) {
      const slip = before;
      before = cell;
      cell.node.classList.toggle("faultlab-sealed", shut);
      if (shut || cell.type !== "code" || !/\.reveal\(/.test(cell.source)) continue;
      shut = covered(cell);
      if (slip?.type === "code" && /\.bet\(/.test(slip.source)) asOneCard(slip.node, cell.node, shut);
      if (shut) cell.node.append(seal);
    }
    if (!shut) seal.remove();
    parts.forEach((part) => { part.sealed = part.first.node.classList.contains("faultlab-sealed"); });
    view.root.dispatchEvent(new CustomEvent("faultlab-moved"));
  };
  view.root.addEventListener("faultlab-cover", look);
  look();
  return { opened: () => { running = false; look(); } };
}

/** A bet and its answer that follow each other are one card: its foot turns it, and then the answer's face is seen. */
function asOneCard(slip, answer, shut) {
  answer.classList.toggle("faultlab-foot", shut);
  slip.classList.toggle("faultlab-footed", shut);
  slip.classList.toggle("faultlab-turned", !shut);
}

// Under the hood: one line that says what is in it, and a click away the rest.

export function fold(cells, isPage) {
  const folds = [];
  let now = null;
  for (const cell of cells()) {
    const source = cell.type === "markdown" ? cell.source : "";
    const [, level] = /^(#{1,3}) /.exec(source) ?? [];
    if (now && level && level.length <= now.level) now = null;
    const hood = HOOD.exec(source);
    if (hood && !now) folds.push(now = { level: hood[1].length, title: hood[2], first: cell, cells: [], minutes: 0 });
    if (!now) continue;
    now.cells.push(cell);
    now.minutes += source ? source.split(/\s+/).length / WORDS_A_MINUTE : playing(cell) || 0.5;
  }
  folds.forEach((part) => {
    const minutes = Math.max(1, Math.round(part.minutes));
    const who = part.title.startsWith("Functions") ? "write" : "read";
    const title = part.title.replace(/^For engineers: (.)/, (_, letter) => letter.toUpperCase()).replace(" (for engineers)", "");
    const button = node("button", { type: "button" }, title,
      node("small", {}, `for those who ${who} code, ${minutes}\u00a0minute${minutes > 1 ? "s" : ""}`));
    const head = node("div", { class: "faultlab-hood" }, node(`h${part.level}`, {}, button));
    let open = false;
    const show = () => {
      button.setAttribute("aria-expanded", String(open));
      part.cells.forEach((cell) => cell.node.classList.toggle("faultlab-tucked", !open && isPage()));
      part.cells.filter((cell) => cell.type === "code").forEach((cell) => cell.showCode(open));
      part.first.node.classList.remove("faultlab-tucked");
      part.first.node.classList.toggle("faultlab-hooded", !open);
    };
    button.addEventListener("click", () => { open = !open; show(); });
    part.first.whenDrawn(() => part.first.node.prepend(head));
    show();
  });
}

// The bar. `menu` has pairs of a label and what it does; what comes after the last section is told by `follow`.

export function slimBar({ name, home, parts, menu, view }) {
  const start = node("a", { class: "bar-home", href: "#" }, name, node("span", {}, "Fault-tolerant systems"));
  start.addEventListener("click", (event) => { event.preventDefault(); home(); });
  const rail = node("ol", { class: "rail" });
  rail.hidden = parts.length < 2;
  const steps = parts.map((part, i) => {
    const link = node("a", { href: "#" }, node("span", {}, `${i + 1}. ${part.title}`));
    link.addEventListener("click", (event) => { event.preventDefault(); goTo(i); });
    const step = node("li", { style: `--minutes:${Math.max(1, part.minutes)}` }, link);
    rail.append(step);
    return { step, link };
  });
  const said = node("p");
  const next = node("a", { class: "bar-next", href: "#" }, node("span"));
  const more = node("details", { class: "more" }, node("summary", {}, "More"));
  const listed = node("div");
  more.append(listed);
  for (const [label, act] of menu) {
    const button = node("button", { type: "button" }, label);
    button.addEventListener("click", () => { more.open = false; act(button); });
    listed.append(button);
  }
  const bar = node("header", { class: "bar" }, start, node("nav", { "aria-label": "Sections" }, rail),
    node("div", { class: "bar-end" }, said, next, more));

  const goTo = (i) => {
    const part = parts[i];
    if (!part || part.sealed) {
      view.root.querySelector("[data-covered=true]")?.scrollIntoView({ block: "center" });
      return;
    }
    const heading = part.first.node.querySelector("h1, h2") ?? part.first.node;
    view.scroll(part.first.node.getBoundingClientRect().top - view.top() - 8);
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  };
  let at = 0;
  let after = { label: "", go: () => {} };
  next.addEventListener("click", (event) => {
    event.preventDefault();
    if (at + 1 < parts.length) goTo(at + 1);
    else after.go();
  });
  const tell = (now, done = now) => {
    at = now;
    steps.forEach(({ step, link }, i) => {
      step.classList.toggle("done", i < done || i < now);
      if (i === now) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    });
    const left = minutesLeft(parts, now);
    if (parts.length > 1) said.replaceChildren(node("b", {}, `${now + 1} of ${parts.length}`), ` · ${Math.max(1, Math.round(left))} min left`);
    const label = now + 1 < parts.length ? parts[now + 1].title : after.label;
    next.hidden = !label;
    next.firstChild.textContent = `Next: ${label}`;
  };
  tell(0);
  return { element: bar, tell, follow: (what) => { after = what; tell(at); } };
}

// Where the reader is: told by scrolling, kept in this browser, taken up again after a reload.

export function keepPlace(key, view, cells, parts, tell) {
  const read = () => { try { return JSON.parse(localStorage.getItem(key)) ?? {}; } catch { return {}; } };
  let kept = read();
  let settled = false;
  const look = () => {
    if (view.isGone() || !view.isShown()) return;
    const line = view.top() + 120;
    let at = 0;
    const end = view.atEnd();
    parts.forEach((part, i) => { if (!part.sealed && (end || part.first.node.getBoundingClientRect().top <= line)) at = i; });
    tell(at, kept.done ?? 0);
    if (!settled) return;
    const list = cells();
    const cell = list.findIndex((one) => one.node.getBoundingClientRect().bottom > view.top());
    const offset = view.top() - list[cell]?.node.getBoundingClientRect().top;
    kept = { cell, offset, done: Math.max(kept.done ?? 0, at), of: parts.length };
    try { localStorage.setItem(key, JSON.stringify(kept)); } catch { /* a private window keeps nothing */ }
  };
  let waiting = 0;
  const soon = () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(look); };
  view.root.addEventListener("scroll", soon, { capture: true, passive: true });
  view.root.addEventListener("faultlab-moved", soon);
  soon();
  return {
    soon,
    back: () => {
      const { cell, offset = 0 } = kept;
      const go = () => {
        const aim = cells()[cell];
        if (aim && cell > 0) view.scroll(aim.node.getBoundingClientRect().top - view.top() + offset);
      };
      const settle = () => {
        watch.disconnect();
        STIRRED.forEach((name) => view.root.removeEventListener(name, settle, true));
        settled = true;
        look();
      };
      // What stands above grows while its pictures come, until the reader moves or a while has passed.
      const watch = new ResizeObserver(go);
      cells().forEach((one) => watch.observe(one.node));
      STIRRED.forEach((name) => view.root.addEventListener(name, settle, true));
      setTimeout(settle, SETTLES);
      go();
    },
  };
}

// The reading mode: a lesson or a lab as a page. JupyterLab's own parts are hidden, not removed, and come back
// with one click; the text can't be changed by a key or a double click; what follows a bet's covered answer is
// sealed; "Under the hood" is folded; and a slim bar says where the reader is.
//
// It rests on the public parts of JupyterLab 4: the shell's mode, a panel's contentHeader, a cell's readOnly and
// inputHidden, a notebook's notebookConfig. Nothing of it is written into the notebook.

import { explainFirstUses, readGlossary, showExplanations } from "./glossary.js";

const WORDS_A_MINUTE = 200;
const MINUTES_OF = [ // beside reading; a test holds the minutes that a lesson promises to these
  [/\.bet\(|\.reveal\(|\bfigure\(|\bshow_table\(/, 0.5],
  [/\bkeep_place\(|\.company\(|\.decision\(|\.monday\(/, 1],
  [/\bExplorer\(|\bLongRun\(|\.quiz\(/, 2],
  [/\bwatch\(|\bEveningGame\(/, 3],
];
const HOOD = /^(#{2,3}) ((?:Under the hood|For engineers|Functions).*)/; // a heading whose section is folded
const OURS = /^check\.|^from faultlab.classroom import open_lab\n/; // cells of a lab that the learner leaves alone
const STIRRED = ["wheel", "keydown", "pointerdown", "touchstart"];
const SETTLES = 4000; // milliseconds
const SEALED = "The rest waits behind this card.";

/** Read a notebook as a page; returns what the opening needs to know of it. */
export function readAsPage(app, panel, { Widget, what, again }) {
  const notebook = panel.content;
  if (notebook.notebookConfig.windowingMode !== "none") notebook.notebookConfig = { ...notebook.notebookConfig, windowingMode: "none" };
  notebook.addClass("look");
  panel.addClass("faultlab-reading");
  const shell = frame(app, panel);
  const cells = () => [...notebook.widgets];
  lock(panel, what);
  const code = codeOf(cells);
  const parts = sections(panel, cells);
  const seal = sealing(panel, cells, parts);
  const bar = slimBar(app, panel, { Widget, what, parts, code, leave, again });
  panel.contentHeader.addWidget(bar.widget);
  panel.toolbar.hide();
  fold(panel, cells);
  explain(app, panel, cells);
  const place = keepPlace(panel, cells, bar.tell);

  function leave() {
    panel.removeClass("faultlab-reading");
    bar.widget.hide();
    panel.toolbar.show();
    shell.leave();
    cells().forEach((cell) => { cell.readOnly = false; });
    code.show(true);
  }
  /** Back from JupyterLab to the page. */
  function comeBack() {
    panel.addClass("faultlab-reading");
    bar.widget.show();
    panel.toolbar.hide();
    shell.enter();
    lock(panel, what);
    code.show(false);
  }
  return { comeBack, opened: () => { seal.opened(); place.back(); } };
}

// The frame: everything beside the way from the shell to this notebook.

function frame(app, panel) {
  const hidden = new Set();
  let reading = true;
  const clear = () => {
    if (app.shell.mode === undefined) return; // not JupyterLab's own shell, such as Notebook 7's
    app.shell.mode = "single-document";
    app.shell.collapseLeft?.();
    app.shell.collapseRight?.();
    for (let part = panel; part.parent && part !== app.shell; part = part.parent) {
      if (part.parent.tabBars) continue; // the dock itself shows one notebook at a time
      for (const other of part.parent.children()) {
        if (other === part || other.isHidden) continue;
        other.hide();
        hidden.add(other);
      }
    }
  };
  const restore = () => {
    hidden.forEach((other) => other.isDisposed || other.show());
    hidden.clear();
  };
  const look = () => {
    if (panel.isDisposed) return;
    const here = app.shell.currentWidget === panel;
    if (here && reading) clear();
    else if (app.shell.currentWidget) restore();
  };
  app.shell.currentChanged?.connect(look);
  panel.disposed.connect(() => { app.shell.currentChanged?.disconnect(look); restore(); });
  app.restored.then(() => { look(); setTimeout(look, 300); });
  return {
    leave: () => { reading = false; restore(); app.shell.mode = "multiple-document"; look(); },
    enter: () => { reading = true; look(); },
  };
}

// Locked: no key, click or menu of JupyterLab's reaches the text. In a lab the learner's own cells are editable.

function lock(panel, what) {
  const mine = (cell) => what === "lab" && cell.model.type === "code" && !OURS.test(cell.model.sharedModel.getSource());
  panel.content.widgets.forEach((cell) => { cell.readOnly = !mine(cell); });
  if (panel.node.dataset.locked) return;
  panel.node.dataset.locked = "true";
  const reading = () => panel.hasClass("faultlab-reading");
  const typing = (target) => target.closest?.(".cm-content[contenteditable=true]");
  const stop = (event) => { if (reading() && !typing(event.target)) event.stopPropagation(); };
  for (const name of ["dblclick", "contextmenu"]) panel.node.addEventListener(name, stop, true);
  // JupyterLab takes keys from whatever has the focus, unless that element itself says no.
  // In a lab a cell is still run, and so the check that is next.
  const runs = (event) => what === "lab" && event.key === "Enter" && (event.shiftKey || event.ctrlKey);
  const deaf = (event) => {
    const { target } = event;
    if (!target.dataset) return;
    if (reading() && !typing(target) && !runs(event)) target.dataset.lmSuppressShortcuts = "true";
    else delete target.dataset.lmSuppressShortcuts;
  };
  // Before JupyterLab hears it, which listens at the document.
  window.addEventListener("keydown", (event) => { if (panel.node.contains(event.target)) deaf(event); }, true);
}

// The code: folded or shown, and the button says which.

function codeOf(cells) {
  const tucked = cells().filter((cell) => cell.model.type === "code"
    && (cell.model.getMetadata("jupyter")?.source_hidden || OURS.test(cell.model.sharedModel.getSource())));
  tucked.forEach((cell) => { cell.syncCollapse = false; cell.inputHidden = true; });
  return {
    some: tucked.length > 0,
    show: (on) => tucked.filter((cell) => !cell.isDisposed).forEach((cell) => {
      cell.inputHidden = !on; // looked at, not changed
    }),
  };
}

// The sections: a cell that begins with a heading of the second level begins one.

function sections(panel, cells) {
  const found = [];
  for (const cell of cells()) {
    const source = cell.model.sharedModel.getSource();
    const heading = cell.model.type === "markdown" && /^(#{1,2}) (.+)$/m.exec(source);
    if (heading && source.trimStart().startsWith(heading[0])) found.push({ title: heading[2], first: cell, cells: [], minutes: 0 });
    const part = found.at(-1);
    if (!part) continue;
    part.cells.push(cell);
    const words = cell.model.type === "markdown" ? source.split(/\s+/).length / WORDS_A_MINUTE : 0;
    part.minutes += words + MINUTES_OF.reduce((sum, [kind, minutes]) => sum + (cell.model.type === "code" && kind.test(source) ? minutes : 0), 0);
  }
  const promised = Number(/(\d+) minutes/.exec(cells()[0]?.model.sharedModel.getSource() ?? "")?.[1]);
  const sum = found.reduce((all, part) => all + part.minutes, 0) || 1;
  if (promised) found.forEach((part) => { part.minutes *= promised / sum; });
  return found;
}

// Sealed: whatever stands below an answer that is covered. Nothing on the page gives a bet away.

function sealing(panel, cells, parts) {
  const seal = document.createElement("p");
  seal.className = "faultlab-seal";
  seal.textContent = SEALED;
  let running = true;
  const covered = (cell) => {
    const card = cell.node.querySelector("[data-covered]");
    return card ? card.dataset.covered === "true" : running;
  };
  const look = () => {
    if (panel.isDisposed) return;
    let shut = false;
    for (const cell of cells()) {
      cell.toggleClass("faultlab-sealed", shut);
      if (shut || cell.model.type !== "code" || !/\.reveal\(/.test(cell.model.sharedModel.getSource())) continue;
      shut = covered(cell);
      if (shut) cell.node.append(seal);
    }
    if (!shut) seal.remove();
    parts.forEach((part) => { part.sealed = part.first.hasClass("faultlab-sealed"); });
    panel.node.dispatchEvent(new CustomEvent("faultlab-moved"));
  };
  panel.node.addEventListener("faultlab-cover", look);
  look();
  return { opened: () => { running = false; look(); } };
}

// Under the hood: one line that says what is in it, and a click away the rest.

function fold(panel, cells) {
  const folds = [];
  let now = null;
  for (const cell of cells()) {
    const source = cell.model.type === "markdown" ? cell.model.sharedModel.getSource() : "";
    const [, level] = /^(#{1,3}) /.exec(source) ?? [];
    if (now && level && level.length <= now.level) now = null;
    const hood = HOOD.exec(source);
    if (hood && !now) folds.push(now = { level: hood[1].length, title: hood[2], first: cell, cells: [], minutes: 0 });
    if (!now) continue;
    now.cells.push(cell);
    now.minutes += source ? source.split(/\s+/).length / WORDS_A_MINUTE : 0.5;
  }
  folds.forEach((part) => {
    const minutes = Math.max(1, Math.round(part.minutes));
    const who = part.title.startsWith("Functions") ? "write" : "read";
    const title = part.title.replace(/^For engineers: (.)/, (_, letter) => letter.toUpperCase()).replace(" (for engineers)", "");
    const button = node("button", { type: "button" }, title,
      node("small", {}, `for those who ${who} code, ${minutes} minute${minutes > 1 ? "s" : ""}`));
    const head = node("div", { class: "faultlab-hood" }, node(`h${part.level}`, { class: "unseen" }, title), button);
    let open = false;
    const show = () => {
      button.setAttribute("aria-expanded", String(open));
      part.cells.forEach((cell) => cell.toggleClass("faultlab-tucked", !open && panel.hasClass("faultlab-reading")));
      part.cells.filter((cell) => cell.model.type === "code").forEach((cell) => { cell.syncCollapse = false; cell.inputHidden = !open; });
      part.first.removeClass("faultlab-tucked");
      part.first.toggleClass("faultlab-hooded", !open);
    };
    button.addEventListener("click", () => { open = !open; show(); });
    part.first.node.prepend(head);
    show();
  });
}

// The course's words: what the reader meets first comes first, then what is folded.

async function explain(app, panel, cells) {
  const [, folder] = /^(.*?)(?:course|labs)\/[^/]*$/.exec(panel.context.path) ?? [];
  const file = folder !== undefined && await app.serviceManager.contents
    .get(`${folder}course/glossary.yaml`, { type: "file", format: "text", content: true }).catch(() => null);
  if (!file || panel.isDisposed) return;
  const words = readGlossary(file.content);
  const folded = (cell) => cell.hasClass("faultlab-tucked") || cell.hasClass("faultlab-hooded");
  let waiting = 0;
  const look = () => {
    watch.disconnect();
    const texts = cells().filter((cell) => cell.model.type === "markdown");
    const ordered = [...texts.filter((cell) => !folded(cell)), ...texts.filter(folded)];
    explainFirstUses(ordered.flatMap((cell) => [...cell.node.querySelectorAll(".jp-MarkdownOutput")]), words);
    watch.observe(panel.content.node, { childList: true, subtree: true });
  };
  // A text is drawn some time after its cell is there, and drawn again with another theme.
  const watch = new MutationObserver((changes) => {
    if (!changes.some(({ target }) => target.closest?.(".jp-MarkdownOutput"))) return;
    clearTimeout(waiting);
    waiting = setTimeout(look, 100);
  });
  panel.disposed.connect(() => watch.disconnect());
  showExplanations(panel.content.node);
  look();
}

// The bar.

function node(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, content] of Object.entries(attributes)) made.setAttribute(name, content);
  made.append(...children);
  return made;
}

function slimBar(app, panel, { Widget, what, parts, code, leave, again }) {
  const path = panel.context.path;
  const [, number] = /(\d\d)_[^/]*\.ipynb$/.exec(path) ?? [null, ""];
  const name = `${what === "lab" ? "Lab" : "Lesson"} ${Number(number)}`;
  const home = node("a", { class: "bar-home", href: "#" }, name, node("span", {}, "Fault-tolerant systems"));
  home.addEventListener("click", (event) => { event.preventDefault(); go(app, path, /00_.*ipynb$/); });
  const rail = node("ol", { class: "rail" });
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
  const menu = node("div");
  more.append(menu);
  const entry = (label, act) => {
    const button = node("button", { type: "button" }, label);
    button.addEventListener("click", () => { more.open = false; act(button); });
    menu.append(button);
    return button;
  };
  let shown = false;
  if (code.some) {
    entry("Show the code", (button) => {
      shown = !shown;
      code.show(shown);
      button.textContent = shown ? "Fold the code" : "Show the code";
    });
  }
  entry("Run it again", again);
  entry("Print", () => window.print()); // what is folded or sealed stays so
  entry("Dark or light", () => {
    const dark = document.body.dataset.jpThemeLight === "false";
    app.commands.execute("apputils:change-theme", { theme: dark ? "JupyterLab Light" : "JupyterLab Dark" });
  });
  entry("Open in JupyterLab", leave);
  const bar = node("header", { class: "bar" }, home, node("nav", { "aria-label": "Sections" }, rail),
    node("div", { class: "bar-end" }, said, next, more));
  const widget = new Widget({ node: node("div", { class: "look faultlab-bar" }, bar) });

  const scroller = () => panel.content.node.querySelector(".jp-WindowedPanel-outer") ?? panel.content.node;
  const goTo = (i) => {
    const part = parts[i];
    if (!part || part.sealed) {
      panel.content.node.querySelector("[data-covered=true]")?.scrollIntoView({ block: "center" });
      return;
    }
    const heading = part.first.node.querySelector("h1, h2") ?? part.first.node;
    scroller().scrollTop += part.first.node.getBoundingClientRect().top - scroller().getBoundingClientRect().top - 8;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  };
  let at = 0;
  next.addEventListener("click", (event) => {
    event.preventDefault();
    if (at + 1 < parts.length) goTo(at + 1);
    else onward();
  });
  let onward = () => {};
  follows(app, path).then((found) => {
    onward = () => found && app.commands.execute("docmanager:open", { path: found.path });
    next.dataset.after = found?.label ?? "";
    tell(at);
  });
  function tell(now, done = now) {
    at = now;
    steps.forEach(({ step, link }, i) => {
      step.classList.toggle("done", i < done || i < now);
      if (i === now) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    });
    const left = parts.slice(now).reduce((sum, part) => sum + part.minutes, 0);
    said.replaceChildren(node("b", {}, `${now + 1} of ${parts.length}`), ` · ${Math.max(1, Math.round(left))} min left`);
    const label = now + 1 < parts.length ? parts[now + 1].title : next.dataset.after ?? "";
    next.hidden = !label;
    next.firstChild.textContent = `Next: ${label}`;
  }
  tell(0);
  return { widget, tell: { now: tell, parts, scroller } };
}

/** What comes after a notebook: its lab, or the next lesson. */
async function follows(app, path) {
  const [, folder, number] = /^(.*?)(?:course|labs)\/(\d\d)_[^/]*$/.exec(path) ?? [];
  if (number === undefined) return null;
  const list = async (name) => (await app.serviceManager.contents.get(`${folder}${name}`).catch(() => ({ content: [] }))).content
    .map((entry) => entry.path).filter((entry) => /\/\d\d_[^/]*\.ipynb$/.test(entry)).sort();
  const [lessons, labs] = await Promise.all([list("course"), list("labs")]);
  const of = (entry) => Number(/(\d\d)_[^/]*$/.exec(entry)[1]);
  const lab = !path.includes("labs/") && labs.find((entry) => of(entry) === Number(number));
  if (lab) return { path: lab, label: `Lab ${Number(number)}` };
  const lesson = lessons.find((entry) => of(entry) === Number(number) + 1);
  return lesson ? { path: lesson, label: `Lesson ${Number(number) + 1}` } : null;
}

async function go(app, path, wanted) {
  const folder = path.replace(/(course|labs)\/[^/]*$/, "course");
  const listed = await app.serviceManager.contents.get(folder).catch(() => ({ content: [] }));
  const found = listed.content.find((entry) => wanted.test(entry.path));
  if (found) app.commands.execute("docmanager:open", { path: found.path });
}

// Where the reader is: told by scrolling, kept in this browser, taken up again after a reload.

function keepPlace(panel, cells, { now, parts, scroller }) {
  const key = `faultlab:${panel.context.path}`;
  const read = () => { try { return JSON.parse(localStorage.getItem(key)) ?? {}; } catch { return {}; } };
  let kept = read();
  let settled = false;
  const top = () => scroller().getBoundingClientRect().top;
  const look = () => {
    if (panel.isDisposed || !panel.isVisible) return;
    const line = top() + 120;
    let at = 0;
    parts.forEach((part, i) => { if (!part.sealed && part.first.node.getBoundingClientRect().top <= line) at = i; });
    now(at, kept.done ?? 0);
    if (!settled) return;
    const list = cells();
    const cell = list.findIndex((one) => one.node.getBoundingClientRect().bottom > top());
    const offset = top() - list[cell]?.node.getBoundingClientRect().top;
    kept = { cell, offset, done: Math.max(kept.done ?? 0, at) };
    try { localStorage.setItem(key, JSON.stringify(kept)); } catch { /* a private window keeps nothing */ }
  };
  let waiting = 0;
  const soon = () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(look); };
  panel.content.node.addEventListener("scroll", soon, { capture: true, passive: true });
  panel.node.addEventListener("faultlab-moved", soon);
  soon();
  return {
    back: () => {
      const { cell, offset = 0 } = kept;
      const go = () => {
        const aim = cells()[cell];
        if (aim && cell > 0) scroller().scrollTop += aim.node.getBoundingClientRect().top - top() + offset;
      };
      const settle = () => {
        watch.disconnect();
        STIRRED.forEach((name) => panel.node.removeEventListener(name, settle, true));
        settled = true;
        look();
      };
      // What stands above grows while its pictures come, until the reader moves or a while has passed.
      const watch = new ResizeObserver(go);
      cells().forEach((one) => watch.observe(one.node));
      STIRRED.forEach((name) => panel.node.addEventListener(name, settle, true));
      setTimeout(settle, SETTLES);
      go();
    },
  };
}

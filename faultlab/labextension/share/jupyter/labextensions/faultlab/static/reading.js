// The reading mode: a lesson or a lab as a page. JupyterLab's own parts are hidden, not removed, and come back
// with one click; the text can't be changed by a key or a double click; what follows a bet's covered answer is
// sealed; "Under the hood" is folded; and a slim bar says where the reader is (page_parts.js).
//
// It rests on the public parts of JupyterLab 4: the shell's mode, a panel's contentHeader, a cell's readOnly and
// inputHidden, a notebook's notebookConfig. Nothing of it is written into the notebook.

import { explainFirstUses, readGlossary, showExplanations } from "./glossary.js";
import { keepUnits, node } from "./node.js";
import { fold, keepPlace, sealing, sections, slimBar } from "./page_parts.js";

const OURS = /^check\.|^from faultlab.classroom import open_lab\n/; // cells of a lab that the learner leaves alone

/** Read a notebook as a page; returns what the opening needs to know of it. What can wait is done when it is calm. */
export function readAsPage(app, panel, { Widget, what, again, calm }) {
  const notebook = panel.content;
  if (notebook.notebookConfig.windowingMode !== "defer") notebook.notebookConfig = { ...notebook.notebookConfig, windowingMode: "defer" };
  notebook.addClass("look");
  panel.addClass("faultlab-reading");
  const shell = frame(app, panel);
  const widgets = () => [...notebook.widgets];
  const cells = () => widgets().map(asCell);
  const view = viewOf(panel);
  lock(panel, what);
  followLinks(app, panel);
  const code = codeOf(widgets);
  const parts = sections(cells);
  const seal = sealing(view, cells, parts, true);
  const bar = slimBar({
    name: nameOf(panel, what), parts, view, menu: menuOf(app, { panel, path: panel.context.path, code, again, leave }),
    home: () => go(app, panel.context.path, /00_.*ipynb$/),
  });
  const header = new Widget({ node: node("div", { class: "look faultlab-bar" }, bar.element) });
  calm.then(() => follows(app, panel.context.path)).then((found) => {
    if (found) bar.follow({ label: found.label, go: () => app.commands.execute("docmanager:open", { path: found.path }) });
  });
  panel.contentHeader.addWidget(header);
  panel.toolbar.hide();
  fold(cells, () => panel.hasClass("faultlab-reading"));
  calm.then(() => finishTexts(app, panel, widgets));
  const place = keepPlace(`faultlab:${panel.context.path}`, view, cells, parts, bar.tell);

  function leave() {
    panel.removeClass("faultlab-reading");
    header.hide();
    panel.toolbar.show();
    shell.leave();
    widgets().forEach((cell) => { cell.readOnly = false; });
    code.show(true);
  }
  /** Back from JupyterLab to the page. */
  function comeBack() {
    panel.addClass("faultlab-reading");
    header.show();
    panel.toolbar.hide();
    shell.enter();
    lock(panel, what);
    code.show(false);
  }
  return { comeBack, opened: () => { seal.opened(); place.back(); } };
}

// What the parts of a page know of a cell of JupyterLab's, and of its window.

function asCell(cell) {
  return {
    node: cell.node,
    type: cell.model.type,
    get source() { return cell.model.sharedModel.getSource(); },
    showCode: (on) => { cell.syncCollapse = false; cell.inputHidden = !on; },
    whenDrawn: (then) => cell.ready.then(() => cell.isDisposed || then()),
  };
}

function viewOf(panel) {
  const scroller = () => panel.content.node.querySelector(".jp-WindowedPanel-outer") ?? panel.content.node;
  return {
    root: panel.node,
    top: () => scroller().getBoundingClientRect().top,
    scroll: (by) => { scroller().scrollTop += by; },
    atEnd: () => scroller().scrollHeight - scroller().clientHeight - scroller().scrollTop < 2,
    isShown: () => panel.isVisible,
    isGone: () => panel.isDisposed,
  };
}

const RESUME_CODE = "__import__('faultlab.classroom.notebook.place', fromlist=['']).written_code()[0]";
const MY_PAGE = /(^|\/)my_page\.ipynb$/;

/** @param {any} panel @param {string} what */
const nameOf = ({ context: { path } }, what) => {
  if (MY_PAGE.test(path)) return "My page";
  if (/(^|\/)before_and_after\.ipynb$/.test(path)) return "Ten decisions";
  const number = /(\d\d)_[^/]*\.ipynb$/.exec(path)?.[1];
  return number ? `${what === "lab" ? "Lab" : "Lesson"} ${Number(number)}` : "For facilitators";
};

function menuOf(app, { panel, path, code, again, leave }) {
  let shown = false;
  const showCode = ["Show the code", (button) => {
    shown = !shown;
    code.show(shown);
    button.textContent = shown ? "Fold the code" : "Show the code";
  }];
  return [
    ...(MY_PAGE.test(path) ? [] : [["My page", () => go(app, path, MY_PAGE)]]),
    ["My resume code", () => showResumeCode(panel)],
    ...(code.some ? [showCode] : []),
    ["Run it again", again],
    ["Print", () => window.print()], // what is folded or sealed stays so
    ["Dark or light", () => {
      const dark = document.body.dataset.jpThemeLight === "false";
      app.commands.execute("apputils:change-theme", { theme: dark ? "JupyterLab Light" : "JupyterLab Dark" });
    }],
    ["Open in JupyterLab", leave],
  ];
}

// The frame: everything beside the way from the shell to this notebook.

let leaving = null; // for the workshop: what JupyterLab puts back around it does not take its place

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
    if (panel.isDisposed || (leaving ?? panel) !== panel) return;
    if (isRead()) clear();
    else if (app.shell.currentWidget) restore();
  };
  const isRead = () => reading && !panel.isDisposed && app.shell.currentWidget === panel;
  // With notebooks of before, JupyterLab names their folder in the address, and a reload would open that. It tells
  // nobody when it writes there, which on a slow machine is late, so it is looked at for a while.
  const address = () => {
    const { path } = panel.context;
    if (!isRead() || decodeURIComponent(location.pathname).endsWith(`/tree/${path}`)) return;
    app.shell.currentPathChanged?.emit({ oldValue: "", newValue: path });
  };
  // The notebooks of before come back, come to the front, and may put this one out of the dock.
  const stay = (times) => {
    if (times === 0 || panel.isDisposed) {
      leaving = null;
      look();
      return;
    }
    if (!panel.isAttached) app.shell.add(panel, "main");
    if (app.shell.currentWidget !== panel) app.shell.activateById(panel.id);
    setTimeout(stay, 100, times - 1);
  };
  app.shell.currentChanged?.connect(look);
  panel.disposed.connect(() => { app.shell.currentChanged?.disconnect(look); restore(); });
  app.restored.then(() => {
    look();
    [300, 1500, 5000].forEach((later) => setTimeout(look, later));
    const looking = setInterval(address, 200);
    setTimeout(clearInterval, 60_000, looking);
  });
  return {
    leave: () => {
      reading = false;
      leaving = panel;
      restore();
      app.shell.mode = "multiple-document";
      stay(15);
    },
    enter: () => { reading = true; look(); },
  };
}

// Locked: no key, click or menu of JupyterLab's reaches the text. In a lab the learner's own cells are editable.

function lock(panel, what) {
  const mine = (cell) => what === "lab" && cell.model.type === "code" && !OURS.test(cell.model.sharedModel.getSource());
  panel.content.widgets.forEach((cell) => {
    const readOnly = !mine(cell);
    if (cell.isPlaceholder()) cell.updateEditorConfig({ readOnly }); // its editor is made so, and not made over
    cell.readOnly = readOnly;
  });
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
    if (reading() && event.key === "Enter" && target.matches(".cm-scroller")) {
      event.preventDefault(); // or it would be the first thing that is written
      target.querySelector(".cm-content:not([aria-readonly=true])")?.focus();
    }
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

// Texts once they are drawn. The course's words: what the reader meets first comes first, then what is folded.

async function finishTexts(app, panel, widgets) {
  const [, folder] = /^(.*?)(?:course|labs)\/[^/]*$/.exec(panel.context.path) ?? [];
  const file = folder !== undefined && await app.serviceManager.contents
    .get(`${folder}course/glossary.yaml`, { type: "file", format: "text", content: true }).catch(() => null);
  if (panel.isDisposed) return;
  const words = file ? readGlossary(file.content) : [];
  const folded = (cell) => cell.hasClass("faultlab-tucked") || cell.hasClass("faultlab-hooded");
  let waiting = 0;
  const look = () => {
    watch.disconnect();
    const texts = widgets().filter((cell) => cell.model.type === "markdown");
    const ordered = [...texts.filter((cell) => !folded(cell)), ...texts.filter(folded)];
    explainFirstUses(ordered.flatMap((cell) => [...cell.node.querySelectorAll(".jp-MarkdownOutput")]), words);
    panel.node.querySelectorAll(".jp-RenderedHTML").forEach(keepUnits);
    panel.node.querySelectorAll(".jp-MarkdownOutput tbody td:first-child").forEach(asRowHeader);
    nameForEars(panel.content.node);
    watch.observe(panel.content.node, { childList: true, subtree: true });
  };
  // A text is drawn some time after its cell is there, and drawn again with another theme; code when it is unfolded.
  const watch = new MutationObserver((changes) => {
    const isDrawn = ({ target }) => target instanceof Element && !target.closest(".cm-editor")
      && (target.closest(".jp-Cell-inputWrapper") || target.matches(".jp-RenderedHTML, .jp-OutputArea-child"));
    if (!changes.some(isDrawn)) return;
    clearTimeout(waiting);
    waiting = setTimeout(look, 100);
  });
  panel.disposed.connect(() => watch.disconnect());
  showExplanations(panel.content.node);
  look();
}

/** What a row of a text's table begins with names the row. */
function asRowHeader(cell) {
  const head = node("th", { scope: "row" }, ...cell.childNodes);
  for (const { name, value } of cell.attributes) head.setAttribute(name, value);
  cell.replaceWith(head);
}

/** JupyterLab calls a notebook a feed and its cells by name, which no screen reader can use; its code has no name. */
function nameForEars(notebook) {
  notebook.querySelector(".jp-WindowedPanel-viewport")?.removeAttribute("role");
  notebook.querySelector(".jp-WindowedPanel-viewport")?.removeAttribute("aria-label");
  notebook.querySelectorAll(".jp-Cell[aria-label]").forEach((cell) => cell.removeAttribute("aria-label"));
  notebook.querySelectorAll(".cm-scroller").forEach((scroller) => {
    const content = scroller.querySelector(".cm-content");
    const isRead = content?.getAttribute("aria-readonly") === "true";
    content?.setAttribute("aria-label", "Code");
    scroller.setAttribute("role", "group");
    scroller.setAttribute("aria-label", isRead ? "Code" : "Your code: Enter to write, Escape to leave");
    scroller.tabIndex = 0;
  });
}

/** What comes after a notebook: its lab, or the next lesson. */
export async function follows(app, path) {
  const [, folder, number] = /^(.*?)(?:course|labs)\/(\d\d)_[^/]*$/.exec(path) ?? [];
  if (number === undefined) return null;
  const list = async (name) => (await app.serviceManager.contents.get(`${folder}${name}`).catch(() => ({ content: [] }))).content
    .map((entry) => entry.path).filter((entry) => /\/\d\d_[^/]*\.ipynb$/.test(entry)).sort();
  const [lessons, labs] = await Promise.all([list("course"), list("labs")]);
  const of = (entry) => Number(/(\d\d)_[^/]*$/.exec(entry)[1]);
  const lab = !path.includes("labs/") && labs.find((entry) => of(entry) === Number(number));
  if (lab) return { path: lab, label: `Lab ${Number(number)}` };
  const lesson = lessons.find((entry) => of(entry) === Number(number) + 1);
  if (lesson) return { path: lesson, label: `Lesson ${Number(number) + 1}` };
  const { content } = await app.serviceManager.contents.get(`${folder}course`).catch(() => ({ content: [] }));
  const mine = content.find((entry) => MY_PAGE.test(entry.path));
  return mine ? { path: mine.path, label: "My page" } : null;
}

/** A link in a card that leads to another notebook opens it here, and not JupyterLab anew. */
function followLinks(app, panel) {
  panel.node.addEventListener("click", (event) => {
    const link = event.target.closest?.(".faultlab-form a[href$='.ipynb']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const folder = panel.context.path.replace(/[^/]*$/, "");
    app.commands.execute("docmanager:open", { path: folder + link.getAttribute("href") });
  });
}

/**
 * A box with the resume code, beside whatever is sealed: a room copies it before an answer is shown. It is asked of
 * the page's own kernel, which reads what every lesson has kept.
 */
async function showResumeCode(panel) {
  const code = node("code", { class: "resume", tabindex: "0" }, "One moment …");
  const copy = node("button", { type: "button" }, "Copy it"), close = node("button", { type: "button", class: "plain" }, "Close");
  const box = node("dialog", { class: "look resume-box", "aria-label": "Your resume code" },
    node("p", {}, "Your resume code, with all that you have bet and answered so far:"), code, node("p", { class: "row" }, copy, close));
  copy.disabled = true;
  copy.addEventListener("click", async () => {
    await navigator.clipboard?.writeText(code.textContent).catch(() => {});
    getSelection().selectAllChildren(code);
    copy.textContent = "Copied";
  });
  box.addEventListener("keydown", (event) => event.stopPropagation()); // JupyterLab's own keys
  box.querySelectorAll("button, code").forEach((one) => { one.dataset.lmSuppressShortcuts = "true"; });
  box.addEventListener("close", () => box.remove());
  close.addEventListener("click", () => box.close());
  document.body.append(box);
  box.showModal();
  const asked = { code: "", silent: true, store_history: false, user_expressions: { code: RESUME_CODE } };
  const reply = await panel.sessionContext.session?.kernel?.requestExecute(asked).done.catch(() => null);
  const said = reply?.content?.user_expressions?.code?.data?.["text/plain"]?.slice(1, -1);
  code.textContent = said || "This page isn't running: move the pointer over it, or reload it, and ask again.";
  copy.disabled = !said;
  if (said) copy.focus();
}

async function go(app, path, wanted) {
  const folder = path.replace(/(course|labs)\/[^/]*$/, "course");
  const listed = await app.serviceManager.contents.get(folder).catch(() => ({ content: [] }));
  const found = listed.content.find((entry) => wanted.test(entry.path));
  if (found) app.commands.execute("docmanager:open", { path: found.path });
}

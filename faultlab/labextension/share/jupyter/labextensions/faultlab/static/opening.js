// Runs a lesson or a lab when it is opened, and says so: meanwhile JupyterLab itself shows an idle kernel.
// Where the kernel has every widget that the notebook shows, it knows the notebook, and nothing is run again.
// The notebook's panel carries data-faultlab: "opening", then "open", or "stopped" where it was cut short.

const STOPPED = "Stopped before the end. To go on: More, then Run it again.";
const GONE = ["restarting", "autorestarting", "terminating", "dead"];
const SHOWN = 12_000; // milliseconds that a last word stays

const COURSE = /(^|\/)(course|labs)\/(\d\d_[^/]*|my_page|before_and_after)\.ipynb$/;
const NEEDED = "import faultlab.classroom.notebook"; // what the first cell of every lesson and lab waits for
const ahead = new Map(); // by its path, a notebook's session, asked for before JupyterLab asks

/**
 * Start the kernel of the notebook that the page's address names, while JupyterLab is still putting itself together:
 * by itself it asks for one when all of the notebook is drawn. What it asks for then is this one.
 */
export function startAhead(path, sessions) {
  if (!COURSE.test(path)) return;
  const startNew = sessions.startNew.bind(sessions);
  const mine = warm(path, sessions, startNew).catch(() => null); // JupyterLab says what is wrong
  ahead.set(path, mine);
  // It may ask before the server has answered, and the server would start a second one.
  sessions.startNew = async (asked, options) => {
    if (asked.path !== path) return startNew(asked, options);
    sessions.startNew = startNew;
    const found = await mine;
    return found ? sessions.connectTo({ ...options, model: found.session.model }) : startNew(asked, options);
  };
}

async function warm(path, sessions, startNew) {
  await sessions.ready;
  const isNew = ![...sessions.running()].some((running) => running.path === path);
  const asked = { path, name: path.split("/").at(-1), type: "notebook", kernel: { name: "python3" } };
  // The widgets are the notebook's own connection's.
  const session = await startNew(asked, { kernelConnectionOptions: { handleComms: false } });
  const warmed = session.kernel.requestExecute({ code: NEEDED, silent: true, store_history: false }).done.catch(() => {});
  return { session, isNew, warmed };
}

/** Whether a panel has the kernel that was started for it, and that knows nothing. */
async function isNew({ context, sessionContext }) {
  const mine = await ahead.get(context.path);
  ahead.delete(context.path);
  if (!mine) return false;
  const { session, warmed } = mine;
  const taken = session.id === sessionContext.session?.id;
  // Ended before it is through, the connection would take with it what was asked; the first cell needs that anyway.
  await Promise.race([warmed, new Promise((done) => { setTimeout(done, PATIENCE); })]);
  if (taken) session.dispose(); // the connection, not the kernel
  else await session.shutdown().catch(() => {}); // JupyterLab was told of another
  return taken && mine.isNew;
}

const now = new WeakMap();
const firsts = new WeakMap();
const PATIENCE = 3000; // milliseconds

/** Resolves when the first cell with a widget has ended: what can wait, waits so long, but not longer than seconds. */
export function firstAnswer(panel) {
  return new Promise((resolve) => {
    firsts.set(panel, resolve);
    setTimeout(resolve, PATIENCE);
  });
}

/** Resolves when a notebook is not, or no longer, being opened. */
export const opening = (panel) => now.get(panel) ?? Promise.resolve();

/**
 * Run every code cell of a notebook, one after the other; resolves when that has ended, however it ended, and every
 * cell is drawn. From `calm` on, drawing is hurried.
 */
export function open(panel, what, CodeCell, calm = Promise.resolve()) {
  const run = runWithSign(panel, what, CodeCell, calm);
  now.set(panel, run);
  return run;
}

async function runWithSign(panel, what, CodeCell, calm) {
  panel.node.dataset.faultlab = "opening";
  const drawn = calm.then(() => drawAll(panel.content));
  if (await isKnown(panel)) {
    firsts.get(panel)?.();
    await drawn;
    await mend(panel);
    panel.node.dataset.faultlab = "open";
    mend(panel, 20);
    return;
  }
  const sign = signOn(panel, what);
  let ended = "stopped";
  try {
    ended = await runAll(panel, CodeCell, sign.step);
    firsts.get(panel)?.();
    await drawn;
  } finally {
    panel.node.dataset.faultlab = ended;
    sign.end(ended === "open" ? `The ${what} is open.` : STOPPED, ended !== "open");
  }
  // With what was just run on disk, a reload finds the kernel's own widgets. A folder may be for reading only.
  if (ended === "open") await save(panel);
}

const LOST = "Error displaying widget: model not found";

/**
 * Show what was taken for lost. On a busy machine the widgets of a kernel that knows the notebook are fetched twice at
 * once, and the fetching that ends first says of all that are still on their way that they are not there.
 */
async function mend(panel, times = 1) {
  for (let left = times; left > 0 && !panel.isDisposed; left -= 1) {
    for (const cell of panel.content.widgets) {
      if (!cell.outputArea?.node.textContent.includes(LOST)) continue;
      const { outputs } = cell.model;
      for (let i = 0; i < outputs.length; i += 1) outputs.set(i, outputs.get(i).toJSON());
    }
    await new Promise((done) => { setTimeout(done, 500); });
  }
}

/**
 * Draw every cell. By itself JupyterLab draws what comes first, and the rest when it has nothing else to do. Once the
 * first bet is there, nothing has to wait for it any more: the rest is asked for, 50 ms of it at a time.
 */
async function drawAll(notebook) {
  while (!notebook.isDisposed && notebook.widgets.some((cell) => cell.isPlaceholder?.())) {
    notebook.update();
    // No frame comes while the window is hidden.
    await new Promise((done) => { requestAnimationFrame(done); setTimeout(done, 200); });
  }
}

const saves = new WeakMap();

/** Save a notebook, where that is allowed; one save after the other, or JupyterLab takes the first for a stranger's. */
export function save(panel) {
  const now = (saves.get(panel) ?? Promise.resolve())
    .then(() => (panel.isDisposed || !panel.context.contentsModel?.writable ? null : panel.context.save()))
    .catch(() => {});
  saves.set(panel, now);
  return now;
}

const VIEW = "application/vnd.jupyter.widget-view+json";

const viewsOf = ({ outputs }) =>
  Array.from({ length: outputs.length }, (_, i) => outputs.get(i).data[VIEW]?.model_id).filter(Boolean);

async function isKnown(panel) {
  const context = panel.sessionContext;
  await context.ready;
  if (await isNew(panel)) return false;
  const shown = panel.content.widgets
    .filter((cell) => cell.model.type === "code")
    .flatMap(({ model }) => viewsOf(model));
  const kernel = context.session?.kernel;
  if (!shown.length || !kernel) return false;
  const reply = await kernel.requestCommInfo({ target_name: "jupyter.widget" }).catch(() => null);
  const alive = reply?.content?.comms ?? {};
  return shown.every((id) => id in alive);
}

// By hand and not by the notebook's own command: that one stops at the first cell that raises, and takes
// the reader along to the end.
async function runAll(panel, CodeCell, step) {
  const context = panel.sessionContext;
  await context.ready;
  if (!context.session?.kernel) return "stopped";
  const cut = watch(panel);
  try {
    const code = [...panel.content.widgets].filter((cell) => cell.model.type === "code");
    // What is not run is trusted like what is, or JupyterLab trusts nothing of the notebook when it is opened again.
    code.filter(({ model }) => standsAsSaved(model)).forEach(({ model }) => { model.trusted = true; });
    const cells = code
      .map((cell) => ({ cell, source: cell.model.sharedModel.getSource() }))
      .filter(({ cell, source }) => source.trim() && !standsAsSaved(cell.model));
    const run = (cell) => CodeCell.execute(cell, context, { recordTiming: false }).catch(() => {});
    const ended = async ({ cell, place, reply }) => {
      step(place, cells.length);
      const { content } = await Promise.race([reply, cut.happened]) ?? {};
      if (viewsOf(cell.model).length) firsts.get(panel)?.();
      if (cut.is() || content?.ename === "KeyboardInterrupt") return "stopped";
      return content?.status === "aborted" ? ended({ cell, place, reply: run(cell) }) : content?.status;
    };
    // The next cell waits in the kernel while one runs, so that the kernel does not wait for the page. One that
    // raises takes the next along: it is run again before any other.
    const sent = [];
    const goOn = async (left) => {
      while (sent.length > left) {
        const status = await ended(sent.shift());
        if (status === "stopped") return false;
        if (status === "error") return goOn(0);
      }
      return true;
    };
    for (const [place, { cell, source }] of cells.entries()) {
      // What the reader has deleted or begun to change is the reader's to run.
      if (cell.isDisposed || cell.model.sharedModel.getSource() !== source) continue;
      sent.push({ cell, place: place + 1, reply: run(cell) });
      if (!(await goOn(1))) return "stopped";
    }
    if (!(await goOn(0))) return "stopped";
    return "open";
  } finally {
    cut.forget();
  }
}

/** A cell that takes seconds and shows the same to everybody is tagged: its saved result stands. */
const standsAsSaved = (model) => model.outputs.length > 0 && (model.getMetadata("tags") ?? []).includes("as-saved");

/** What ends the opening early: another kernel, a restarted or dead one, a closed notebook. */
function watch(panel) {
  let is = false, tell;
  const happened = new Promise((resolve) => { tell = resolve; });
  const cut = () => { is = true; tell(); };
  const heard = (_, status) => { if (GONE.includes(status)) cut(); };
  const context = panel.sessionContext;
  context.statusChanged.connect(heard);
  context.kernelChanged.connect(cut);
  panel.disposed.connect(cut);
  return {
    happened,
    is: () => is,
    forget: () => {
      context.statusChanged.disconnect(heard);
      context.kernelChanged.disconnect(cut);
      panel.disposed.disconnect(cut);
    },
  };
}

function signOn(panel, what) {
  panel.node.querySelector(".faultlab-sign")?.remove();
  const sign = document.createElement("div");
  sign.className = "faultlab-sign";
  sign.setAttribute("role", "status");
  sign.setAttribute("aria-live", "polite");
  // The count is for the eye: a screen reader hears the first word and the last.
  const count = document.createElement("span");
  count.setAttribute("aria-hidden", "true");
  panel.node.append(sign);
  // A live region is heard when it changes, so it comes empty and is filled a moment later.
  setTimeout(() => { if (!sign.dataset.ended) sign.prepend(`Opening the ${what}`); });
  sign.append(count);
  return {
    step: (place, of) => { count.textContent = `: ${place} of ${of}`; },
    end: (word, seen) => {
      sign.dataset.ended = "true";
      sign.classList.toggle("faultlab-unseen", !seen);
      sign.textContent = word;
      setTimeout(() => sign.remove(), SHOWN);
    },
  };
}

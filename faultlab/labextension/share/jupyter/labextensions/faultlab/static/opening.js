// Runs a lesson or a lab when it is opened, and says so: meanwhile JupyterLab itself shows an idle kernel.
// Where the kernel has every widget that the notebook shows, it knows the notebook, and nothing is run again.
// The notebook's panel carries data-faultlab: "opening", then "open", or "stopped" where it was cut short.

const STOPPED = "Stopped before the end. To go on: More, then Run it again.";
const GONE = ["restarting", "autorestarting", "terminating", "dead"];
const SHOWN = 12_000; // milliseconds that a last word stays

const now = new WeakMap();

/** Resolves when a notebook is not, or no longer, being opened. */
export const opening = (panel) => now.get(panel) ?? Promise.resolve();

/** Run every code cell of a notebook, one after the other; resolves when that has ended, however it ended. */
export function open(panel, what, CodeCell) {
  const run = runWithSign(panel, what, CodeCell);
  now.set(panel, run);
  return run;
}

async function runWithSign(panel, what, CodeCell) {
  panel.node.dataset.faultlab = "opening";
  if (await isKnown(panel)) {
    panel.node.dataset.faultlab = "open";
    return;
  }
  const sign = signOn(panel, what);
  let ended = "stopped";
  try {
    ended = await runAll(panel, CodeCell, sign.step);
  } finally {
    panel.node.dataset.faultlab = ended;
    sign.end(ended === "open" ? `The ${what} is open.` : STOPPED, ended !== "open");
  }
  // With what was just run on disk, a reload finds the kernel's own widgets. A folder may be for reading only.
  if (ended === "open") await save(panel);
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

async function isKnown(panel) {
  const context = panel.sessionContext;
  await context.ready;
  const shown = panel.content.widgets
    .filter((cell) => cell.model.type === "code")
    .flatMap(({ model: { outputs } }) => Array.from({ length: outputs.length }, (_, i) => outputs.get(i).data[VIEW]?.model_id))
    .filter(Boolean);
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

// Where memory is short, lessons that nobody looks at rest: the page stays, its kernel stops. A lesson whose kernel
// stopped, for this or because a hub stops idle ones, runs again when its reader comes back, at the same place.
// The notebook's panel then carries data-faultlab: "resting".

import { open } from "./opening.js";

const NEEDED = 350e6; // bytes that the next lesson may take: its kernel, and some processes
const LEFT = "__import__('faultlab.commands.preflight', fromlist=['']).memory_left()";
const SETTLED = 1500; // milliseconds after which a stopped kernel's memory is free again
const SIGNS_OF_LIFE = ["pointermove", "pointerdown", "keydown", "focusin"];

/**
 * Look after an opened page.
 *
 * @param {any} app @param {any} tracker @param {any} panel
 * @param {{what: string, CodeCell: any, opened: () => void}} how  `opened` brings the reader back to the place
 */
export function letRest(app, tracker, panel, { what, CodeCell, opened }) {
  const context = panel.sessionContext;
  const rests = () => panel.node.dataset.faultlab === "resting";
  const wake = async () => {
    if (!rests() || panel.isDisposed || !panel.isVisible || !panel.hasClass("faultlab-reading")) return;
    panel.node.dataset.faultlab = "opening";
    await context.changeKernel({ name: panel.content.model.defaultKernelName || "python3" });
    await open(panel, what, CodeCell);
    opened();
    await makeRoom(tracker, panel);
  };
  const stopped = () => {
    if (context.session?.kernel || panel.isDisposed || panel.node.dataset.faultlab === "opening") return;
    panel.node.dataset.faultlab = "resting";
  };
  const shown = () => {
    if (app.shell.currentWidget === panel) panel.node.dataset.seen = String(Date.now());
    wake();
  };
  context.kernelChanged.connect(stopped);
  context.sessionChanged.connect(stopped);
  app.shell.currentChanged?.connect(shown);
  window.addEventListener("focus", wake);
  SIGNS_OF_LIFE.forEach((sign) => panel.node.addEventListener(sign, wake, true));
  panel.disposed.connect(() => {
    app.shell.currentChanged?.disconnect(shown);
    window.removeEventListener("focus", wake);
  });
  shown();
  return makeRoom(tracker, panel);
}

/** Let the lessons rest that were longest out of sight, until what the next one may take is free. */
async function makeRoom(tracker, panel) {
  while (!panel.isDisposed && (await memoryLeft(panel)) < NEEDED) {
    const others = [];
    tracker.forEach((other) => { if (other !== panel && canRest(other)) others.push(other); });
    if (!others.length) return;
    others.sort((one, other) => Number(one.node.dataset.seen) - Number(other.node.dataset.seen));
    await others[0].sessionContext.shutdown();
    await new Promise((resolve) => { setTimeout(resolve, SETTLED); });
  }
}

/** An opened page of the course that is out of sight and has nothing running. */
const canRest = (panel) => panel.node.dataset.seen && panel.node.dataset.faultlab === "open" && !panel.isVisible
  && panel.sessionContext.session?.kernel?.status === "idle" && !panel.node.querySelector(".stop:not([disabled])");

async function memoryLeft(panel) {
  const kernel = panel.sessionContext.session?.kernel;
  if (!kernel) return Infinity;
  const asked = { code: "", silent: true, store_history: false, user_expressions: { left: LEFT } };
  const reply = await kernel.requestExecute(asked).done.catch(() => null);
  const said = Number(reply?.content?.user_expressions?.left?.data?.["text/plain"]);
  return Number.isNaN(said) ? Infinity : said; // None: the system doesn't say
}

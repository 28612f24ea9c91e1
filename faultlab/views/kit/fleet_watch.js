// The browser's half of a watched fleet: the picture that the kernel pushes, and buttons that always answer.

import { replaceStill, sentenceOf, widgetTitle } from "./elements.js";
import { node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";

const PATIENCE = 2000; // milliseconds without an answer before the browser says what to do
const LOOK_EVERY = 500; // milliseconds between pictures where the kernel can't push them
const BUSY =
  "The kernel is busy and has not answered yet. Your click is kept. To act at once, interrupt the kernel " +
  "(Kernel menu); if you restart it, the fleet ends with it, and in any case it ends by itself.";

function choices(label, entries) {
  const select = node("select", { "aria-label": label });
  for (const [value, words] of entries) select.append(node("option", { value }, words));
  return select;
}

function render({ model, el }) {
  const root = node("section", { class: "faultlab-explorer faultlab-fleet", "aria-label": model.get("title") });
  const badge = node("p", { class: "faultlab-badge" }, "Recorded run");
  const reset = node("button", { type: "button" }, "Reset");
  const stop = node("button", { type: "button", class: "stop" }, "Stop");
  const actions = node("div", { class: "faultlab-actions" }, reset, stop);
  const note = node("p", { class: "faultlab-note", role: "status" });
  const picture = node("div", { class: "faultlab-picture" });
  const sentence = node("p", { class: "faultlab-sentence" });
  const news = node("ul", { class: "faultlab-events", "aria-label": "What happened last" });
  const table = node("div", { class: "faultlab-table" });
  const disturb = node("div", { class: "faultlab-actions" });
  const heading = widgetTitle(model.get("title"));
  root.append(heading, sentence, badge, actions, disturb, note, picture, news, table);

  let number = 0;
  const waiting = new Map();
  const ask = (message) => {
    number += 1;
    const mine = number;
    waiting.set(mine, setTimeout(() => { note.textContent = BUSY; }, PATIENCE));
    model.send({ ...message, number: mine });
  };
  const answered = (message) => {
    clearTimeout(waiting.get(message.answered));
    waiting.delete(message.answered);
    note.textContent = message.note;
  };

  reset.addEventListener("click", () => ask({ do: "reset" }));
  stop.addEventListener("click", () => ask({ do: "stop" }));
  let doIt = null;
  if (model.get("faults").length) {
    const workers = Array.from({ length: model.get("workers") }, (_, i) => [i + 1, `worker ${i + 1}`]);
    const worker = choices("Which worker", workers);
    const fault = choices("What to do to it", model.get("faults").map((name) => [name, name]));
    doIt = node("button", { type: "button" }, "Do it");
    doIt.addEventListener("click", () => ask({ do: "fault", worker: Number(worker.value), fault: fault.value }));
    disturb.append(node("span", {}, "Take"), worker, node("span", {}, "and"), fault, doIt);
  }

  let looking = null;
  const paint = () => {
    const frame = model.get("frame");
    const open = table.querySelector("details")?.open;
    picture.innerHTML = frame.svg;
    sentence.replaceChildren(...sentenceOf(frame.sentence));
    table.innerHTML = frame.table;
    if (open) table.querySelector("details").open = true;
    badge.style.display = frame.recorded ? "" : "none";
    reset.textContent = frame.running ? "Reset" : frame.recorded && frame.begun ? "Play" : "Start";
    reset.className = frame.running ? "" : "start";
    stop.disabled = !frame.running;
    if (doIt) doIt.disabled = !frame.running;
    clearTimeout(looking);
    if (frame.ask && frame.running) looking = setTimeout(() => model.send({ do: "look" }), LOOK_EVERY);
    const shown = [...news.children].map((item) => item.textContent);
    if (JSON.stringify(shown) !== JSON.stringify(frame.events)) {
      news.replaceChildren(...frame.events.map((words) => node("li", {}, words)));
    }
  };
  model.on("change:frame", paint);
  model.on("msg:custom", answered);
  paint();
  // JupyterLab takes keys from whatever has the focus, unless that element itself says no.
  root.querySelectorAll("button, select").forEach((one) => { one.dataset.lmSuppressShortcuts = "true"; });
  el.append(root);

  replaceStill(el);

  return () => {
    clearTimeout(looking);
    waiting.forEach((timer) => clearTimeout(timer));
    model.off("change:frame", paint);
    model.off("msg:custom", answered);
  };
}

export default { render };

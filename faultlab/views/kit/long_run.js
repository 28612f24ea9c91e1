// The browser's half of a long run: a button that starts it, its progress, and a button that stops it.

import { replaceStill, sentenceOf, widgetTitle } from "./elements.js";
import { node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";

function render({ model, el }) {
  const title = model.get("title");
  const root = node("section", { class: "faultlab-explorer faultlab-fleet", "aria-label": title });
  const start = node("button", { type: "button", class: "start" }, "Start");
  const stop = node("button", { type: "button", class: "stop" }, "Stop");
  const bar = node("progress", { max: "1", value: "0", "aria-label": "How far it is" });
  const picture = node("div", { class: "faultlab-picture" });
  const sentence = node("p", { class: "faultlab-sentence", role: "status" });
  const table = node("div", { class: "faultlab-table" });
  root.append(
    widgetTitle(title), sentence, node("div", { class: "faultlab-actions" }, start, stop, bar), picture, table,
  );
  start.addEventListener("click", () => model.send({ do: "start" }));
  stop.addEventListener("click", () => {
    stop.disabled = true;
    model.send({ do: "stop" });
  });
  const paint = () => {
    const frame = model.get("frame");
    sentence.replaceChildren(...sentenceOf(frame.sentence));
    picture.innerHTML = frame.svg;
    table.innerHTML = frame.table;
    bar.value = frame.done;
    start.disabled = frame.running;
    stop.disabled = !frame.running;
  };
  model.on("change:frame", paint);
  paint();
  // JupyterLab takes keys from whatever has the focus, unless that element itself says no.
  root.querySelectorAll("button").forEach((one) => { one.dataset.lmSuppressShortcuts = "true"; });
  el.append(root);

  replaceStill(el);

  return () => model.off("change:frame", paint);
}

export default { render };

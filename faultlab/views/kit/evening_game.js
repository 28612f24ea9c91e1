// The browser's half of Kestrel's evening: a box for the next decision, and the picture that it brought.

import { replaceStill, sentenceOf, widgetTitle } from "./elements.js";
import { node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";
import { Unread, number } from "../../twin/typed.js";

function render({ model, el }) {
  const root = node("section", { class: "faultlab-explorer faultlab-evening", "aria-label": model.get("title") });
  const picture = node("div", { class: "faultlab-picture" });
  const sentence = node("p", { class: "faultlab-sentence", role: "status" });
  const note = node("p", { class: "faultlab-note", role: "alert" });
  const label = node("span");
  const box = node("input", { class: "typed", type: "text", inputmode: "numeric", autocomplete: "off" });
  const slider = node("input", { type: "range", step: "1", "aria-label": "Servers" });
  const howLong = node("select", { "aria-label": "For how many minutes" },
    ...model.get("frame").steps.map((n) => node("option", { value: n }, n === 1 ? "1 minute" : `${n} minutes`)));
  howLong.value = String(model.get("frame").steps.at(-1));
  const go = node("button", { type: "submit", class: "faultlab-go" }, "Decide");
  const again = node("button", { type: "button" }, "Begin again");
  const form = node("form", { class: "faultlab-control faultlab-controls", novalidate: "" },
    node("label", {}, label), node("div", { class: "pair" }, slider, box, node("span", {}, "for"), howLong, go, again));
  const table = node("div", { class: "faultlab-table" });
  root.append(widgetTitle(model.get("title")), sentence, picture, form, note, table);

  const fillTrack = () => {
    const [at, low, high] = [slider.value, slider.min, slider.max].map(Number);
    slider.style.setProperty("--at", `${(100 * (at - low)) / (high - low || 1)}%`);
  };
  slider.addEventListener("input", () => { box.value = slider.value; fillTrack(); });
  const typed = () => number(box.value, { unit: "servers", low: Number(slider.min), high: Number(slider.max), whole: true });
  box.addEventListener("change", () => { try { slider.value = String(typed()); fillTrack(); } catch { /* said when it is decided */ } });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    let servers;
    try {
      servers = typed();
    } catch (problem) {
      if (!(problem instanceof Unread)) throw problem;
      note.textContent = problem.message;
      box.focus();
      return;
    }
    go.disabled = true;
    model.send({ servers, minutes: Number(howLong.value) });
  });
  again.addEventListener("click", () => model.send({ again: true }));
  // JupyterLab would take single keys for its own shortcuts.
  form.addEventListener("keydown", (event) => event.stopPropagation());

  const paint = () => {
    const frame = model.get("frame");
    const open = table.querySelector("details")?.open;
    picture.innerHTML = frame.svg;
    sentence.replaceChildren(...sentenceOf(frame.sentence));
    note.textContent = frame.note;
    table.innerHTML = frame.table;
    if (open && table.querySelector("details")) table.querySelector("details").open = true;
    label.textContent = frame.over ? "All decided." : `Servers from minute ${frame.from} on`;
    howLong.disabled = frame.over;
    [slider.min, slider.max] = [frame.low, frame.high];
    for (const input of [slider, box]) {
      input.disabled = frame.over;
      if (!frame.note) input.value = frame.servers;
    }
    fillTrack();
    box.setAttribute("aria-label", label.textContent);
    go.disabled = frame.over;
    again.disabled = frame.from === 0;
  };
  model.on("change:frame", paint);
  paint();
  el.append(root);
  replaceStill(el);
  return () => model.off("change:frame", paint);
}

export default { render };

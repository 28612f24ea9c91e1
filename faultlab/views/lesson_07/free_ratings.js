// A worksheet to be moved: a row and its three ratings are chosen, and both orders answer at once, without a kernel.

import { replaceStill, sentenceOf, widgetTitle } from "../kit/elements.js";
import { node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";
import { standing } from "../../twin/worksheet.js";

const RATINGS = ["Severity", "Occurrence", "Detection"];
const ORDERS = [["by_rpn", "RPN"], ["by_priority", "Action Priority"]];
const HEADS = ["By RPN", "By AP", "Failure", "RPN", "AP"];

function selectOf(label, entries) {
  const select = node("select", {});
  for (const [value, words] of entries) select.append(node("option", { value }, words));
  return { select, element: node("div", { class: "faultlab-control" }, node("label", {}, label, " ", select)) };
}

function render({ model, el }) {
  const sheet = model.get("frame");
  const moved = structuredClone(sheet.moved);
  let order = "by_rpn";
  const root = node("section", { class: "faultlab-explorer faultlab-ratings", "aria-label": model.get("title") });
  // JupyterLab's own keys (arrows, letters) belong to a control while the focus is in it.
  root.addEventListener("keydown", (event) => event.stopPropagation());
  root.addEventListener("focusin", ({ target }) => { target.dataset.lmSuppressShortcuts = "true"; });
  const sentence = node("p", { class: "faultlab-sentence", "aria-live": "polite" });
  const told = node("p", { class: "told", role: "status" });
  const body = node("tbody", {});
  const table = node("table", {}, node("thead", {}, node("tr", {}, ...HEADS.map((head) => node("th", { scope: "col" }, head)))), body);
  const which = selectOf("Row", sheet.names.map((name, i) => [i, name]));
  const ratings = RATINGS.map((name) => selectOf(name, Array.from({ length: 10 }, (_, i) => [i + 1, String(i + 1)])));
  const name = `faultlab-order-${Math.random().toString(36).slice(2)}`;
  const radios = ORDERS.map(([value, words]) => ({ input: node("input", { type: "radio", name, value }), words }));
  const back = node("button", { type: "button", class: "line" }, "Put all back");
  const controls = node("div", { class: "faultlab-controls" }, which.element,
    node("div", { class: "three" }, ...ratings.map(({ element }) => element)),
    node("div", { class: "faultlab-control" }, node("fieldset", {}, node("legend", {}, "Sort by"),
      node("div", { class: "options" }, ...radios.map(({ input, words }) => node("label", {}, input, words))))), back, told);
  root.append(widgetTitle(model.get("title")), sentence,
    node("div", { class: "faultlab-body tall" }, node("div", { class: "faultlab-picture" }, table, node("p", { class: "quiet" },
      `▲: on the list, an RPN of ${sheet.limit} or more. AP: Action Priority. After each failure stand severity, occurrence and detection.`)), controls));

  const show = () => {
    const { sentence: says, rows } = standing(sheet, moved);
    const chosen = Number(which.select.value);
    sentence.replaceChildren(...sentenceOf(says));
    told.textContent = rows[chosen].was;
    ratings.forEach(({ select }, i) => { select.value = String(rows[chosen].ratings[i]); });
    radios.forEach(({ input }) => { input.checked = input.value === order; });
    back.disabled = !rows.some(({ was }) => was);
    body.replaceChildren(...rows.map((row, i) => ({ row, i })).sort((one, other) => one.row[order] - other.row[order]).map(({ row, i }) => {
      const before = sheet.ratings[i].join(" · ");
      const failure = node("th", { scope: "row" }, sheet.names[i], node("small", {}, row.ratings.join(" · "), row.was ? `, before ${before}` : ""));
      return node("tr", { class: [i === chosen && "chosen", row.was && "moved"].filter(Boolean).join(" ") },
        node("td", {}, String(row.by_rpn)), node("td", {}, String(row.by_priority)), failure,
        node("td", { class: row.listed ? "listed" : "" }, `${row.listed ? "▲ " : ""}${row.rpn}`), node("td", { class: `ap-${row.priority}` }, sheet.priorities[row.priority]));
    }));
  };
  which.select.addEventListener("change", show);
  ratings.forEach(({ select }, i) => select.addEventListener("change", () => {
    const place = which.select.value;
    moved[place] = (moved[place] ?? sheet.ratings[Number(place)]).with(i, Number(select.value));
    show();
  }));
  radios.forEach(({ input }) => input.addEventListener("change", () => { order = input.value; show(); }));
  back.addEventListener("click", () => {
    for (const place of Object.keys(moved)) delete moved[place];
    show();
    which.select.focus(); // the button can't be pressed twice
  });
  const follow = () => { Object.assign(moved, structuredClone(model.get("frame").moved)); show(); };
  model.on("change:frame", follow);
  which.select.value = String(sheet.ratings.reduce((best, [s, o, d], i, all) => (s * o * d > all[best].reduce((x, y) => x * y) ? i : best), 0));
  show();
  el.append(root);
  replaceStill(el);
  return () => model.off("change:frame", follow);
}

export default { render };

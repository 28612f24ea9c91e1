// Ten questions, each with a range. How many hold the truth is counted here, for the notebook and the pages alike.

import { drawOwn } from "../notebook/own_forms.js";
import { node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";
import { Unread, number } from "../../twin/typed.js";
import { withoutThousands } from "./fields.js";

const PAUSE = 700; // milliseconds after the last letter, when it is kept

/**
 * What became of ranges that were typed.
 * @returns {{held: (boolean | null)[], said: string[]}} for each question whether its range holds the truth, null
 * without one, and what to say of a range that can't be read
 */
export function scored(questions, typed) {
  const said = [];
  const held = questions.map(({ truth, unit, high }, i) => {
    const ends = Array.isArray(typed[i]) ? typed[i] : ["", ""];
    said.push("");
    if (!String(ends[0]).trim() || !String(ends[1]).trim()) return null;
    try {
      const [low, most] = ends.map((end) => number(withoutThousands(String(end)), { unit, low: 0, high }));
      if (low > most) { said[i] = "The first is more than the second: put the smaller one first."; return null; }
      return low <= truth && truth <= most;
    } catch (problem) {
      if (!(problem instanceof Unread)) throw problem;
      said[i] = problem.message;
      return null;
    }
  });
  return { held, said };
}

/** What a count of ranges means: of ten good ones nine hold, and by bad luck alone seldom fewer than seven. */
export function verdict(hits, of) {
  const counted = `${hits} of your ${of} ranges held the truth; nine in ten were meant to.`;
  if (of < 10) return `${counted} Give all ten, and it says more.`;
  if (hits <= 6) return `${counted} By luck alone a good judge has six or fewer about once in eighty times: your ranges are too narrow. Make them wider in your system too.`;
  if (hits <= 8) return `${counted} That can be luck. If you err, your ranges are too narrow.`;
  return `${counted} Either you judge your knowledge well, or your ranges are very wide. Look at how wide they were.`;
}

export function rangesForm(root, tell) {
  root.classList.add("ten-ranges");
  const list = node("ol", {});
  const status = node("p", { class: "status", role: "status" });
  const turn = node("button", { type: "button" }, "Show the ten answers");
  const told = node("p", { class: "faultlab-sentence", role: "status" });
  root.append(list, turn, told, status);
  let lines = [], questions = [], waiting = 0;
  const typed = () => Object.fromEntries(lines.map(({ boxes }, i) => [i, boxes.map((box) => box.value)]));
  const keep = (more = {}) => { clearTimeout(waiting); tell({ ranges: typed(), ...more }); };
  turn.addEventListener("click", () => {
    const { held, said } = scored(questions, typed());
    lines.forEach(({ note }, i) => { note.textContent = said[i]; });
    const amiss = said.findIndex(Boolean);
    if (amiss >= 0) {
      status.textContent = `Question ${amiss + 1} can't be read yet.`;
      lines[amiss].boxes[0].focus();
      return;
    }
    if (held.every((one) => one === null)) {
      status.textContent = "Give a range first: two numbers between which you are nine in ten sure.";
      lines[0].boxes[0].focus();
      return;
    }
    keep({ seen: true });
  });
  const build = () => {
    lines = questions.map(({ question, unit }) => {
      const boxes = ["from", "to"].map((end) => node("input", { type: "text", inputmode: "decimal", autocomplete: "off", size: 9, "aria-label": `${question} ${end}` }));
      const note = node("span", { class: "said", role: "status" });
      const answer = node("p", { class: "answer-line" });
      boxes.forEach((box) => box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(keep, PAUSE); }));
      list.append(node("li", {}, node("p", {}, question), node("div", { class: "row" }, node("span", { class: "quiet" }, "between"), boxes[0], node("span", { class: "quiet" }, "and"), boxes[1], unit, note), answer));
      return { boxes, note, answer };
    });
  };
  return ({ questions: asked, typed: kept }, said) => {
    if (!lines.length) {
      questions = asked;
      build();
    }
    lines.forEach(({ boxes }, i) => boxes.forEach((box, end) => {
      if (document.activeElement !== box && Array.isArray(kept[i])) box.value = kept[i][end] ?? "";
    }));
    status.textContent = said;
    turn.hidden = Boolean(kept.seen);
    if (!kept.seen) return;
    const { held } = scored(questions, kept);
    lines.forEach(({ boxes, answer }, i) => {
      boxes.forEach((box) => { box.disabled = true; });
      const { truth, unit, source } = questions[i];
      const mark = held[i] === null ? "○ No range. " : held[i] ? "✓ Held. " : "✗ Missed. ";
      answer.replaceChildren(node("b", {}, `${mark}${truth.toLocaleString("en")} ${unit}.`), ` ${source}`);
      answer.classList.toggle("right", held[i] === true);
    });
    told.textContent = verdict(held.filter(Boolean).length, held.filter((one) => one !== null).length);
  };
}

export default { render: (given) => drawOwn(rangesForm, given) };

// A room of learners, for the facilitator's projector: what was bet before the answer is shown, and then the answer;
// which questions went wrong; where people are stuck. Nothing but the pasted codes is needed, and nothing leaves the
// machine. A notebook and a page without a server show the same.

import { node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";
import { isWide, unstep } from "../../twin/resume_code.js";
import { countRoom, gamesIn, readCodes } from "../../twin/room.js";
import { written } from "../../twin/scoring.js";
import { replaceStill } from "../../views/kit/elements.js";

const WIDE = 860, HIGH = 150; // units of the picture
const STEPS = 24, LEAST_STEPS = 8; // the places that a resume code has for a number, and how many are shown at least
const CLOSE = 1.25;

const counted = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;
const listed = (words) => [words.slice(0, -1).join(", "), words.at(-1)].filter(Boolean).join(" and ");
const shape = (name, attributes, ...children) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  made.append(...children);
  return made;
};

/** Build the view once in `root`; `facts` are what Python's `room_facts` says of the course. */
export function roomView(root, facts) {
  root.classList.add("room");
  const box = (label) => node("textarea", { rows: 4, spellcheck: "false", "aria-label": label, placeholder: "FT3-…" });
  const first = box("The codes, one a line"), second = box("The codes after the discussion, one a line");
  const problems = node("div", { role: "status" });
  const shown = node("div", { class: "shown" });
  const again = node("details", {}, node("summary", {}, "Vote again after the discussion"),
    node("p", {}, "Let them talk, bet again and send their codes once more. Paste those here: the second vote is drawn below the first."), second);
  const show = () => {
    const [one, two] = [first, second].map(({ value }) => readCodes(value, facts.catalogue));
    tellProblems(problems, one, two, first.value.trim());
    const games = gamesIn(first.value);
    if (games) problems.append(node("p", {}, `${counted(games, "game")} of lesson 11: put the codes into a file, and `, node("code", {}, "python -m faultlab room FILE"), " makes the table, with skill and luck apart."));
    drawRoom(shown, facts, countRoom(one.states, facts.catalogue), countRoom(two.states, facts.catalogue));
  };
  const button = node("button", { type: "submit" }, "Show the room");
  const form = node("form", { novalidate: "" },
    node("label", {}, "The codes, one a line", first),
    again, node("div", { class: "row" }, button));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  root.append(form, problems, shown);
}

/** Say how many were read, and name each line that was not. */
function tellProblems(place, one, two, typed) {
  const said = [];
  if (one.states.length) said.push(`${counted(one.states.length, "learner")}${two.states.length ? `, and ${two.states.length} after the discussion` : ""}.`);
  else said.push(typed ? "No line holds a code that can be used." : "Paste the codes first: each learner copies theirs from lesson 0.");
  const lines = [...one.problems, ...two.problems.map((line) => `Second vote, ${line[0].toLowerCase()}${line.slice(1)}`)];
  place.replaceChildren(node("p", { class: "status" }, said.join(" ")),
    ...(lines.length ? [node("details", {}, node("summary", {}, `${counted(lines.length, "line")} to look at`), node("ul", {}, ...lines.map((line) => node("li", {}, line))))] : []));
}

function drawRoom(place, facts, room, after) {
  if (!room.length) return place.replaceChildren();
  const part = node("div", {});
  const buttons = room.map((lesson) => {
    const title = `${Number(lesson.number)} ${facts.lessons[lesson.number].title}`;
    const button = node("button", { type: "button", class: "plain", "aria-pressed": "false" }, title);
    button.addEventListener("click", () => {
      buttons.forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
      part.replaceChildren(...lessonParts(facts.lessons[lesson.number], lesson, after.find((one) => one.number === lesson.number)));
    });
    return button;
  });
  place.replaceChildren(node("nav", { class: "row", "aria-label": "Lessons" }, ...buttons), part);
  return buttons.at(-1).click();
}

function lessonParts(known, lesson, after) {
  const parts = lesson.bets.map(({ id, placed }) => betCard(known.bets[id], placed, after?.bets.find((one) => one.id === id)?.placed ?? []));
  const asked = lesson.quiz.filter(({ answered }) => answered);
  if (asked.length) {
    parts.push(node("h3", {}, "Check yourself"), bars(asked.map(({ id, answered, right }) =>
      ({ name: known.quiz[id], values: [right], of: answered, said: `${right} of ${answered} right` }))));
  }
  const tried = lesson.tasks.filter(({ correct, stuck }) => correct + stuck).sort((one, other) => other.stuck - one.stuck);
  if (tried.length) {
    parts.push(node("h3", {}, "The lab"), bars(tried.map(({ name, correct, stuck, helped }) => ({
      name: known.tasks[name], values: [correct], of: correct + stuck,
      said: [`${correct} of ${correct + stuck} correct`, stuck && `${stuck} stuck`, helped && `${helped} had help`].filter(Boolean).join(", "),
    }))));
  }
  return parts.filter(Boolean);
}

/** One bet: what the room said; then, at a press, what is so. */
function betCard(bet, placed, after) {
  const count = bet.kind === "choice" ? placed.reduce((sum, one) => sum + one, 0) : placed.length;
  if (!count) return null;
  const picture = node("div", {}), said = node("p", { class: "said", role: "status" });
  const draw = (open) => {
    picture.replaceChildren(bet.kind === "choice" ? optionBars(bet, placed, after, open) : dots(bet, placed, after, open));
    said.textContent = open ? truthSaid(bet, placed, after) : betsSaid(bet, placed, count);
  };
  const button = node("button", { type: "button" }, "Show the answer");
  button.hidden = bet.truth === null;
  button.addEventListener("click", () => {
    draw(true);
    button.remove();
  });
  draw(false);
  return node("section", { class: "bet" }, node("h3", {}, bet.question), picture, said, button);
}

function betsSaid(bet, placed, count) {
  if (bet.kind === "choice") return `${counted(count, "bet")}.`;
  const at = (share) => written(bet.kind, placed[Math.min(count - 1, Math.floor(share * count))], bet.unit);
  return count < 4 ? `${counted(count, "bet")}.` : `${counted(count, "bet")}. Half of them lie between ${at(0.25)} and ${at(0.75)}.`;
}

function truthSaid(bet, placed, after) {
  const truth = bet.kind === "choice" ? bet.truth : written(bet.kind, bet.truth, bet.unit);
  const votes = [placed, after].map((values) => (bet.kind === "choice" ? choiceSides(bet, values) : numberSides(bet, values)));
  return [`${bet.kind === "choice" ? `“${truth}”` : `It is ${truth}`}.`, votes[0] && `${votes[0]}.`, votes[1] && `After the discussion: ${votes[1]}.`].filter(Boolean).join(" ");
}

function choiceSides(bet, values) {
  const all = values.reduce((sum, one) => sum + one, 0);
  return all ? `${values[bet.options.indexOf(bet.truth)]} of ${all} said so` : "";
}

function numberSides(bet, values) {
  const sides = { close: 0, "too low": 0, "too high": 0 };
  const near = (value) => {
    if (bet.kind === "probability" || bet.unit === "%") return Math.abs(value - bet.truth) <= (bet.unit === "%" ? 5 : 0.05);
    return value === bet.truth || (value / bet.truth < CLOSE && bet.truth / value < CLOSE);
  };
  values.forEach((value) => { sides[near(value) ? "close" : value < bet.truth ? "too low" : "too high"] += 1; });
  return listed(Object.entries(sides).filter(([, count]) => count).map(([side, count]) => `${count} ${side}`));
}

/** Where a value lies on a bet's own scale, from 0 to 1. */
function shareOf(bet, value) {
  const { low, high } = bet;
  const share = isWide(bet) ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.min(1, Math.max(0, share));
}

/** A dot a learner, stacked: the first vote above the line, the second below it. */
function dots(bet, placed, after, open) {
  const steps = (values) => values.map((value) => Math.round(shareOf(bet, value) * (STEPS - 1)));
  const truth = open ? shareOf(bet, bet.truth) * (STEPS - 1) : NaN;
  const used = [...steps(placed), ...steps(after), ...(open ? [truth] : [])];
  // What nobody bet is left out at both ends.
  const from = Math.max(0, Math.min(Math.floor(Math.min(...used)) - 1, STEPS - 1 - LEAST_STEPS));
  const to = Math.min(STEPS - 1, Math.max(Math.ceil(Math.max(...used)) + 1, from + LEAST_STEPS));
  const gap = (WIDE - 40) / (to - from);
  const at = (step) => 20 + (step - from) * gap;
  const columns = (values) => {
    const found = new Map();
    steps(values).forEach((step) => found.set(step, (found.get(step) ?? 0) + 1));
    return found;
  };
  const [above, below] = [columns(placed), columns(after)];
  const most = Math.max(...above.values(), ...below.values(), 1);
  let radius = Math.min(13, gap / 2 - 1);
  const abreast = () => Math.max(1, Math.floor(gap / (2 * radius) - 0.5)); // a crowd stands side by side, too
  while (Math.ceil(most / abreast()) * 2 * radius > HIGH) radius *= 0.95;
  const rows = (found) => Math.ceil(Math.max(...found.values(), 1) / abreast());
  const base = rows(above) * radius * 2 + 30;
  const stack = (found, kind, way) => [...found].flatMap(([step, count]) => Array.from({ length: count }, (_, i) =>
    shape("circle", {
      class: kind, r: radius - 1,
      cx: at(step) + ((i % abreast()) - (Math.min(count, abreast()) - 1) / 2) * 2 * radius,
      cy: base + way * (radius + Math.floor(i / abreast()) * 2 * radius + (way > 0 ? 28 : 0)),
    })));
  const depth = after.length ? rows(below) * 2 * radius + 28 : 0;
  const labels = [from, to].map((step, i) => shape("text", { x: i ? WIDE - 2 : 2, y: base + 24, "text-anchor": i ? "end" : "start" }, written(bet.kind, unstep(step, bet), bet.unit)));
  const mark = open ? [
    shape("path", { class: "point", d: `M${at(truth)} 24V${base + depth}` }),
    shape("text", { class: "point", x: Math.min(WIDE - 70, Math.max(70, at(truth))), y: 17, "text-anchor": "middle" }, written(bet.kind, bet.truth, bet.unit)),
  ] : [];
  const told = `${counted(placed.length, "bet")} from ${written(bet.kind, placed[0], bet.unit)} to ${written(bet.kind, placed.at(-1), bet.unit)}`;
  return shape("svg", { class: "faultlab-scale", viewBox: `0 0 ${WIDE} ${base + Math.max(36, depth + 10)}`, role: "img", "aria-label": told },
    shape("path", { d: `M2 ${base}H${WIDE - 2}` }), ...labels, ...stack(above, "you", -1), ...stack(below, "point", 1), ...mark);
}

function optionBars(bet, placed, after, open) {
  const most = placed.reduce((sum, one) => sum + one, 0), later = after.reduce((sum, one) => sum + one, 0);
  return bars(bet.options.map((option, i) => ({
    name: open && option === bet.truth ? `✓ ${option}` : option,
    values: later ? [placed[i] / most, after[i] / later] : [placed[i]],
    of: later ? 1 : most,
    said: later ? `${placed[i]}, then ${after[i]}` : String(placed[i]),
  })));
}

/** Names, bars and what each bar says; a second bar is the second vote. */
function bars(rows) {
  return node("ul", { class: "bars" }, ...rows.map(({ name, values, of, said }) => node("li", {},
    node("span", {}, name), node("b", {}, said),
    ...values.map((value, i) => {
      const bar = node("i", { class: i ? "point" : "you", "aria-hidden": "true" });
      bar.style.width = `${of ? (100 * value) / of : 0}%`;
      return bar;
    }))));
}

export default {
  render({ model, el }) {
    const root = node("section", { class: "faultlab-form", "aria-label": "The room" });
    // JupyterLab's own keys belong to the form while the focus is in it.
    root.addEventListener("keydown", (event) => event.stopPropagation());
    root.addEventListener("focusin", ({ target }) => { target.dataset.lmSuppressShortcuts = "true"; });
    el.append(root);
    roomView(root, model.get("facts"));
    replaceStill(el);
  },
};

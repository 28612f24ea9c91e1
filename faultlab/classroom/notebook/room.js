// A room of learners, for the facilitator's projector: what was bet before the answer is shown, and then the answer;
// which questions went wrong; where people are stuck. Nothing but the pasted codes is needed, and nothing leaves the
// machine. A notebook and a page without a server show the same.

import { keepUnits, node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";
import { gainOfRoom } from "../../twin/before_and_after.js";
import { isWide, unstep } from "../../twin/resume_code.js";
import { countRoom, middleHalf, readCodes, readLeague } from "../../twin/room.js";
import { written } from "../../twin/scoring.js";
import { thousands } from "../../twin/words.js";
import { replaceStill } from "../../views/kit/elements.js";

const WIDE = 860, HIGH = 150; // units of the picture
const STEPS = 24, LEAST_STEPS = 8; // the places that a resume code has for a number, and how many are shown at least
const EDGE = 40; // of the picture, for a crowd at its end
const CLOSE = 1.25;
const OWN = "Each has an answer of their own, on their own card.";

const counted = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;
const listed = (words) => [words.slice(0, -1).join(", "), words.at(-1)].filter(Boolean).join(" and ");
const capital = (word) => word[0].toUpperCase() + word.slice(1);
const shape = (name, attributes, ...children) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  made.append(...children);
  return made;
};

/** Build the view once in `root`; `facts` are what Python's `room_facts` says of the course, `codes` what it has read. */
export function roomView(root, facts, codes = "") {
  root.classList.add("room");
  const box = (label) => node("textarea", { rows: 4, spellcheck: "false", "aria-label": label, placeholder: "FT4-…" });
  const first = box("The codes, one a line"), second = box("The codes after the discussion, one a line");
  const problems = node("div", { role: "status" });
  const shown = node("div", { class: "shown" });
  const again = node("details", {}, node("summary", {}, "Vote again after the discussion"),
    node("p", {}, "Let them talk, bet again and send their codes once more. Paste those here: the second vote is drawn below the first."), second);
  const button = node("button", { type: "submit" }, "Show the room");
  const form = node("form", { novalidate: "" },
    node("label", {}, "The codes, one a line", first),
    again, node("div", { class: "row" }, button));
  // A chat has names beside its codes: once the room is shown, nobody behind the projector reads them.
  const pasted = node("details", { open: "" }, node("summary", {}, "The codes"), form);
  const show = () => {
    const [one, two] = [first, second].map(({ value }) => readCodes(value, facts.catalogue));
    const games = readLeague(first.value, facts.game);
    const gain = gainOfRoom(one.states.map((state) => state.before_and_after ?? {}), facts.catalogue.pairs, facts.reaches);
    tellProblems(problems, one, two, games, first.value.trim());
    const any = drawRoom(shown, facts, countRoom(one.states, facts.catalogue), countRoom(two.states, facts.catalogue), gain, games.league);
    pasted.open = !any;
    if (any) shown.scrollIntoView({ block: "start" });
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  root.append(pasted, problems, shown);
  first.value = codes;
  if (codes) show();
}

/** Say how many were read, and name each line that was not. */
function tellProblems(place, one, two, games, typed) {
  const read = [one.states.length && counted(one.states.length, "learner"), games.league.length && counted(games.league.length, "finished game")].filter(Boolean);
  const said = read.length ? `${listed(read)}${two.states.length ? `, and ${two.states.length} after the discussion` : ""}.`
    : typed ? "No line holds a code that can be used." : "Paste the codes first: each learner copies theirs from lesson 0.";
  const lines = [...one.problems, ...games.problems, ...two.problems.map((line) => `Second vote, ${line[0].toLowerCase()}${line.slice(1)}`)];
  place.replaceChildren(node("p", { class: "status" }, said),
    ...(lines.length ? [node("details", {}, node("summary", {}, `${counted(lines.length, "line")} to look at`), node("ul", {}, ...lines.map((line) => node("li", {}, line))))] : []));
}

/** Draw what there is, and say whether there is any. */
function drawRoom(place, facts, room, after, gain, league) {
  place.replaceChildren();
  if (!room.length && !gain && !league.length) return false;
  const part = node("div", {}), buttons = [];
  const choice = (title, partsOf) => {
    const button = node("button", { type: "button", class: "plain", "aria-pressed": "false" }, title);
    button.addEventListener("click", () => {
      buttons.forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
      part.replaceChildren(...partsOf());
      keepUnits(part);
    });
    buttons.push(button);
  };
  if (gain) choice("Before and after", () => gainParts(facts.catalogue.pairs, gain));
  room.forEach((lesson) => {
    const { number } = lesson, asked = facts.catalogue.lessons[number].asked;
    choice(`${Number(number)} ${facts.lessons[number].title.split(":")[0]}`,
      () => lessonParts({ ...facts.lessons[number], asked }, lesson, after.find((one) => one.number === number)));
  });
  if (league.length) choice("Game day's league", () => leagueParts(league));
  place.replaceChildren(node("nav", { class: "row", "aria-label": "Lessons" }, ...buttons), part);
  buttons.at(-1).click();
  return true;
}

/** Game day's league by the decisions; the year that came of them beside it, and how lucky it was. */
function leagueParts(league) {
  const euros = (amount) => `${thousands(String(Math.round(amount)))} EUR`;
  const part = (share, what) => (share > 0.99 ? `nearly all ${what}` : `${Math.round(100 * share)} % of ${what}`);
  const same = new Set(league.map((one) => `${one.level} ${one.year}`)).size === 1;
  const levels = [...new Set(league.map(({ level }) => level))];
  const of = (level) => {
    const played = league.filter((one) => one.level === level), most = Math.max(...played.map((one) => one.expected));
    return bars(played.map((one, i) => ({
      name: `${i + 1}. ${one.team}`,
      values: [one.expected / most, one.unluckier], of: 1,
      said: euros(one.expected),
      small: `Better than ${part(one.decided_better, "plans")}, and luckier than ${part(one.unluckier, "years")}. ${same ? "The year" : capital(one.called)} cost ${euros(one.cost)}, ${thousands(String(one.customers))} customers and ${thousands(String(one.minutes))} minutes.`,
    })));
  };
  return [
    node("p", { class: "said" }, "The best decisions first: what they cost in the mean of all years; the shorter, the better. Below it luck, which is no merit: the share of other years that would have been worse with the same decisions."),
    ...levels.flatMap((level) => [node("h3", {}, `Level ${capital(level)}`), of(level)]),
  ];
}

/** What the room knew before and after, of those who answered both. */
function gainParts(pairs, gain) {
  const of = pairs.length, shown = (value) => value.toFixed(2);
  const range = gain.low === null ? "" : ` (${shown(gain.low)} to ${shown(gain.high)} with 90 % confidence)`;
  const said = [
    `${counted(gain.learners, "learner")} answered both. On average ${gain.before.toFixed(1)} of ${of} were right before, and ${gain.after.toFixed(1)} after.`,
    gain.gain === null ? "Nothing was left to gain." : `Of what was missed before, ${shown(gain.gain)} was gained${range}: Hake's normalised gain.`,
  ];
  const item = (one, i) => {
    const bar = (form) => ({ name: form === "before" ? "Before" : "After", values: [one[form]], of: gain.learners, said: String(one[form]) });
    const options = (form) => pairs[i][form].options.map((option, place) => (
      { name: place === pairs[i][form].right ? `✓ ${option}` : option, values: [one.chose[form][place]], of: gain.learners, said: String(one.chose[form][place]) }));
    return node("section", { class: "bet" }, node("h3", {}, pairs[i].idea), bars([bar("before"), bar("after")]),
      node("p", { class: "said" }, `${one.gained} gained it, ${one.lost} lost it.`),
      node("details", {}, node("summary", {}, "What was chosen"),
        ...["before", "after"].flatMap((form) => [node("p", {}, pairs[i][form].question), bars(options(form))])));
  };
  return [node("p", { class: "said" }, said.join(" ")), ...gain.items.map(item)];
}

/** A question of the quiz, and behind a fold what was chosen. */
function quizPart(text, { options, right: correct }, { answered, right, chose }) {
  const known = chose.reduce((sum, one) => sum + one, 0);
  const rows = options.map((option, i) => ({ name: correct.includes(i) ? `✓ ${option}` : option, values: [chose[i]], of: answered, said: String(chose[i]) }));
  return node("section", {}, bars([{ name: text, values: [right], of: answered, said: `${right} of ${answered} right` }]),
    ...(known ? [node("details", {}, node("summary", {}, "What was chosen"), bars(rows))] : []));
}

function lessonParts(known, lesson, after) {
  const parts = lesson.bets.map(({ id, placed }) => betCard(known.bets[id], placed, after?.bets.find((one) => one.id === id)?.placed ?? []));
  const asked = lesson.quiz.filter(({ answered }) => answered);
  if (asked.length) {
    parts.push(node("h3", {}, "Check yourself"), ...asked.map((one) => quizPart(known.quiz[one.id], known.asked[one.id], one)));
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
    said.textContent = open ? truthSaid(bet, placed, after) : `${betsSaid(bet, placed, count)}${bet.own ? ` ${OWN}` : ""}`;
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
  const said = counted(count, "bet");
  if (bet.kind === "choice" || count === 1) return `${said}.`;
  const [half, ends] = [middleHalf(placed), [placed[0], placed.at(-1)]].map((two) => two?.map((value) => written(bet.kind, value, bet.unit)));
  return half ? `${said}. Half of them lie between ${half[0]} and ${half[1]}.` : `${said}, from ${ends[0]} to ${ends[1]}.`;
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
  const gap = (WIDE - 2 * EDGE) / (to - from);
  const at = (step) => EDGE + (step - from) * gap;
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
      cy: base + way * (radius + Math.floor(i / abreast()) * 2 * radius + (way > 0 ? 36 : 0)),
    })));
  const depth = after.length ? rows(below) * 2 * radius + 36 : 0;
  const labels = [from, to].map((step, i) => shape("text", { x: i ? WIDE - 2 : 2, y: base + 8, "dominant-baseline": "hanging", "text-anchor": i ? "end" : "start" }, written(bet.kind, unstep(step, bet), bet.unit)));
  const mark = open ? [
    shape("path", { class: "point", d: `M${at(truth)} 24V${base + depth}` }),
    shape("text", { class: "point", x: Math.min(WIDE - 70, Math.max(70, at(truth))), y: 17, "text-anchor": "middle" }, written(bet.kind, bet.truth, bet.unit)),
  ] : [];
  const told = `${counted(placed.length, "bet")} from ${written(bet.kind, placed[0], bet.unit)} to ${written(bet.kind, placed.at(-1), bet.unit)}`;
  return shape("svg", { class: "faultlab-scale", viewBox: `0 0 ${WIDE} ${base + Math.max(44, depth + 10)}`, role: "img", "aria-label": told },
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

/** Names, bars and what each bar says; a second bar is the second vote, or luck. */
function bars(rows) {
  return node("ul", { class: "bars" }, ...rows.map(({ name, values, of, said, small }) => node("li", {},
    node("span", {}, name), node("b", {}, said), ...(small ? [node("small", {}, small)] : []),
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
    roomView(root, model.get("facts"), model.get("codes"));
    replaceStill(el);
  },
};

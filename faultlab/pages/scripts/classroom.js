// A lesson's bets, quiz and place without a kernel: faultlab/classroom/notebook/lesson.py and place.py, said again.
// A test drives both with the same answers and compares what they show.

import { BadInput, DEFAULT_TEAM, Progress, merge, teamCode } from "../../twin/progress.js";
import { read as readCode, strangers, write as writeCode } from "../../twin/resume_code.js";
import { missed, told, written } from "../../twin/scoring.js";
import { Unread, number } from "../../twin/typed.js";
import { enough, howYouBet, settledBets } from "./record.js";
import { Model } from "./stand_in.js";

/** A sentence, where something can't be used; what is no such thing is thrown on. */
function sentenceOf(problem) {
  if (problem instanceof BadInput || problem instanceof Unread) return problem.message;
  throw problem;
}

/** What the models of a page share: what the builder says of the lesson, and what is kept of the learner. */
export class Classroom {
  /** @type {any} what the builder says */
  number; bets; truths; questions; everyBet; catalogue;

  /**
   * @param {object} page what the builder says of the lesson: number, bets, truths, quiz, catalogue
   * @param {Storage | null} storage where progress is kept
   */
  constructor(page, storage) {
    Object.assign(this, page);
    this.page = page;
    this.saved = new Progress(storage);
    this.placed = {};
    this.reveals = {};
    /** @type {string[]} the bets, as they are shown */
    this.order = [];
    this.summaries = [];
    this.own = { forms: [], counted: {} };
  }
}

function entryOf(here, id) {
  return here.saved.read().bets[here.number]?.[id] ?? {};
}

function note(here, id, values) {
  here.saved.change((data) => { Object.assign((data.bets[here.number] ??= {})[id] ??= {}, values); });
}

/** What a bet is called beside its question: its place among the lesson's, as they are shown. */
function saidOf(here, id) {
  if (!here.order.includes(id)) here.order.push(id);
  const count = Object.keys(here.bets).length;
  return count === 1 ? "your bet" : `bet ${here.order.indexOf(id) + 1} of ${count}`;
}

/** The form of a bet. */
export function betModel(here, id) {
  const bet = here.bets[id];
  const form = new Model({ form: "bet", title: `Bet: ${id}`, name: saidOf(here, id).replace(/^./, (first) => first.toUpperCase()), ...bet, answer: null, closed: false, status: "", shown: {} },
    ({ bet: value, typed }) => {
      try {
        const given = typed && bet.kind !== "choice" ? readTyped(bet, value) : value;
        if (form.get("closed")) return;
        note(here, id, { bet: readBet(bet, given) });
        form.show();
      } catch (problem) {
        form.update({ status: "" }); // the same sentence twice would be no change
        form.update({ status: sentenceOf(problem) });
      }
    });
  form.show = () => {
    const { bet: answer = null, ...entry } = entryOf(here, id);
    const closed = Boolean(here.reveals[id]?.seen) || "truth" in entry;
    const mine = answer === null ? "" : written(bet.kind, answer, bet.unit);
    let status = closed ? "You saw the result without a bet." : "";
    if (answer !== null) {
      status = `✓ Your bet is ${here.saved.saved ? "saved" : "kept until this page is closed"}: ${mine}.`
        + (closed ? "" : " You can change it until you see the result.");
    }
    form.update({ answer, closed, status, shown: { mine } });
    here.reveals[id]?.show();
  };
  here.placed[id] = form;
  form.show();
  return form;
}

/** What became of a bet: covered until it is asked for. */
export function revealModel(here, id) {
  const bet = here.bets[id];
  const truth = here.truths[id];
  const form = new Model({ form: "reveal", title: `Your bet: ${id}`, name: `The answer to ${saidOf(here, id)}`, question: bet.question, kind: bet.kind, status: "", shown: {} },
    ({ seen }) => {
      if (!seen) return;
      form.seen = true;
      note(here, id, { truth });
      form.show();
      here.placed[id]?.show();
    });
  form.seen = "truth" in entryOf(here, id);
  form.show = () => {
    const { bet: answer = null } = entryOf(here, id);
    const none = answer === null;
    const shown = { covered: !form.seen, mine: none ? "" : written(bet.kind, answer, bet.unit), bet: id };
    let status = none ? "You have not bet yet. A guess costs nothing." : "You can still change it. Once you see the result, it stands.";
    if (form.seen) {
      const said = written(bet.kind, truth, bet.unit);
      status = none ? `It is ${said}.` : told(bet.kind, answer, truth, bet.unit);
      Object.assign(shown, {
        truth: said, missed: none ? "" : missed(bet.kind, answer, truth, bet.unit), meaning: bet.meaning, scale: scaleOf(bet, truth, answer),
      });
    }
    form.update({ shown, status });
    here.summaries.forEach((show) => show());
  };
  here.reveals[id] = form;
  form.show();
  here.placed[id]?.show();
  return form;
}

/** The lesson's questions. */
export function quizModel(here) {
  const asked = Object.fromEntries(here.questions.map((question) => [question.id, question]));
  const saved = Object.entries(here.saved.read().quiz[here.number] ?? {}).filter(([id]) => id in asked);
  const form = new Model({
    form: "quiz",
    title: "Check yourself",
    questions: here.questions.map(({ id, text, options }) => (
      { id, text, several: options.filter((one) => one.correct).length > 1, options: options.map((one) => one.text) })),
    marks: Object.fromEntries(saved.map(([id, entry]) => [id, markOf(asked[id], entry)])),
  }, ({ question, chosen }) => {
    const picked = [...new Set(chosen)].sort((a, b) => a - b);
    const correct = asked[question].options.flatMap((one, place) => (one.correct ? [place] : []));
    // In words, as a bet is: a place would mean another option once they stand in another order.
    const words = picked.map((place) => asked[question].options[place].text);
    const entry = { chosen: words, right: String(picked) === String(correct) };
    here.saved.change((data) => { (data.quiz[here.number] ??= {})[question] = entry; });
    form.update({ marks: { ...form.get("marks"), [question]: markOf(asked[question], entry) } });
  });
  return form;
}

/** The bets of the whole course, as far as they met their result. */
export function recordModel(here) {
  const form = new Model({ form: "record", title: "Your bets so far", status: "", shown: {} });
  const show = () => {
    const rows = settledBets(here.saved.read(), here);
    form.update({ status: howYouBet(rows), shown: { rows: enough(rows) ? rows : [] } });
  };
  here.summaries.push(show);
  show();
  return form;
}

/** The team's code, and the resume code to copy or to paste. */
export function placeModel(here) {
  const answer = (code) => ({ team: here.saved.read().team || DEFAULT_TEAM, code });
  const show = (status) => {
    const { code, leftOut } = writtenOf(here);
    form.update({
      answer: answer(code),
      status: [status, leftOut, here.saved.remark].filter(Boolean).join(" "),
    });
  };
  const form = new Model({ form: "place", title: "Keep your place", answer: null, status: "" }, ({ team, restore, code: asked }) => {
    try {
      if (asked) {
        form.update({ answer: answer(writtenOf(here).code) });
        return;
      }
      if (team !== undefined) {
        const code = teamCode(team);
        here.saved.change((data) => { data.team = code; });
        show(`✓ Team ${code}. The numbers in your labs are yours now.`);
      } else {
        const { data: found, lost } = readCode(restore, here.catalogue);
        if (found.team) found.team = teamCode(found.team);
        here.saved.change((data) => merge(data, found));
        show([`✓ Restored, team ${here.saved.team}. Open the lessons again to see it.`, lost].filter(Boolean).join(" "));
      }
    } catch (problem) {
      show(sentenceOf(problem));
    }
  });
  form.show = () => show("");
  form.show();
  return form;
}

function writtenOf(here) {
  const data = here.saved.read();
  const leftOut = strangers(data, here.catalogue);
  for (const [part, lesson, name] of leftOut) delete data[part][lesson][name];
  try {
    const code = writeCode(data, here.catalogue);
    if (!leftOut.length) return { code, leftOut: "" };
    const [[, lesson, name]] = leftOut;
    const more = leftOut.length > 1 ? ` and ${leftOut.length - 1} more` : "";
    return { code, leftOut: `The code leaves out '${name}' of lesson ${lesson}${more}: this course hasn't got it.` };
  } catch (problem) {
    return { code: "", leftOut: sentenceOf(problem) };
  }
}

function readBet(bet, value) {
  if (bet.kind === "choice") {
    if (bet.options.includes(value)) return value;
    throw new BadInput(`Choose one of: ${bet.options.join("; ")}.`);
  }
  if (typeof value === "number" && value >= bet.low && value <= bet.high) return value;
  throw new BadInput(`Type a number from ${written(bet.kind, bet.low)} to ${written(bet.kind, bet.high)}.`);
}

function readTyped(bet, text) {
  if (bet.kind === "probability") return number(text, { unit: "%", low: 0, high: 100 }) / 100;
  return number(text, { unit: bet.unit, low: bet.low, high: bet.high, question: bet.question });
}

/**
 * What a form shows of an answered question. A resume code keeps only whether it was right, and an older progress has
 * the places that options had then.
 */
function markOf(question, entry) {
  const right = Boolean(entry.right), texts = question.options.map((one) => one.text);
  const picked = Array.isArray(entry.chosen) && entry.chosen.length ? entry.chosen.map((words) => texts.indexOf(words)) : [-1];
  if (picked.includes(-1)) return { right, status: right ? "✓ Answered right before." : "↻ Answered before.", feedback: [] };
  return {
    right,
    status: right ? "✓ Right." : "↻ Not yet. Read the note below the options and try again.",
    chosen: picked,
    feedback: question.options.map((one) => ({ right: one.correct, text: one.feedback })),
  };
}

/** A round number above another, for the end of a scale. */
function roundAbove(most) {
  if (most <= 0) return 1;
  const tens = 10 ** Math.floor(Math.log10(most * 1.05));
  return tens * [1.5, 2, 3, 4, 5, 6, 8, 10].find((part) => tens * part >= most * 1.05);
}

/** Where the truth and the bet lie: the ends of the scale and what is marked on it. */
function scaleOf(bet, truth, answer) {
  if (bet.kind === "choice") return { options: bet.options, truth, bet: answer };
  const values = answer === null ? [truth] : [truth, answer];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (bet.kind === "probability") return { low: 0, high: 100, unit: "%", truth: 100 * truth, bet: answer && 100 * answer };
  if (bet.unit === "%" && most <= 100 && least >= 0) return { low: 0, high: 100, unit: "%", truth, bet: answer };
  const log = least > 0 && most > 20 * least;
  const low = log ? 10 ** Math.floor(Math.log10(least)) : Math.min(0, least);
  const high = log ? 10 ** Math.ceil(Math.log10(most * 1.01)) : roundAbove(most);
  return { low, high, log, unit: bet.unit, truth, bet: answer };
}

// A lesson's bets, quiz and place without a kernel: faultlab/classroom/notebook/lesson.py and place.py, said again.
// A test drives both with the same answers and compares what they show.

import { BadInput, DEFAULT_TEAM, Progress, merge, teamCode } from "../twin/progress.js";
import { read, strangers, write } from "../twin/resume_code.js";
import { missed, told, written } from "../twin/scoring.js";
import { Unread, number } from "../twin/typed.js";
import { Own } from "./own.js";
import { enough, howYouBet, settledBets } from "./record.js";
import { Model } from "./stand_in.js";

/** A sentence, where something can't be used; what is no such thing is thrown on. */
function sentenceOf(problem) {
  if (problem instanceof BadInput || problem instanceof Unread) return problem.message;
  throw problem;
}

export class Classroom {
  /** @type {any} what the builder says */
  number; bets; truths; questions; everyBet; catalogue;

  /**
   * @param {object} page what the builder says of the lesson: number, bets, truths, quiz, catalogue
   * @param {Storage | null} storage where progress is kept
   */
  constructor(page, storage) {
    Object.assign(this, page);
    this.saved = new Progress(storage);
    this.placed = {};
    this.reveals = {};
    this.summaries = [];
    this.own = new Own(page, this.saved);
  }

  #entry(id) { return this.saved.read().bets[this.number]?.[id] ?? {}; }

  #note(id, values) {
    this.saved.change((data) => { Object.assign((data.bets[this.number] ??= {})[id] ??= {}, values); });
  }

  /** The form of a bet. */
  bet(id) {
    const bet = this.bets[id];
    const form = new Model({ form: "bet", title: `Bet: ${id}`, ...bet, answer: null, closed: false, status: "", shown: {} },
      ({ bet: value, typed }) => {
        try {
          const given = typed && bet.kind !== "choice" ? readTyped(bet, value) : value;
          if (form.get("closed")) return;
          this.#note(id, { bet: readBet(bet, given) });
          form.show();
        } catch (problem) {
          form.update({ status: "" }); // the same sentence twice would be no change
          form.update({ status: sentenceOf(problem) });
        }
      });
    form.show = () => {
      const { bet: answer = null, ...entry } = this.#entry(id);
      const closed = Boolean(this.reveals[id]?.seen) || "truth" in entry;
      const mine = answer === null ? "" : written(bet.kind, answer, bet.unit);
      let status = closed ? "You saw the result without a bet." : "";
      if (answer !== null) {
        status = `✓ Your bet is ${this.saved.saved ? "saved" : "kept until this page is closed"}: ${mine}.`
          + (closed ? "" : " You can change it until you see the result.");
      }
      form.update({ answer, closed, status, shown: { mine } });
      this.reveals[id]?.show();
    };
    this.placed[id] = form;
    form.show();
    return form;
  }

  /** What became of a bet: covered until it is asked for. */
  reveal(id) {
    const bet = this.bets[id];
    const truth = this.truths[id];
    const form = new Model({ form: "reveal", title: `Your bet: ${id}`, question: bet.question, kind: bet.kind, status: "", shown: {} },
      ({ seen }) => {
        if (!seen) return;
        form.seen = true;
        this.#note(id, { truth });
        form.show();
        this.placed[id]?.show();
      });
    form.seen = "truth" in this.#entry(id);
    form.show = () => {
      const { bet: answer = null } = this.#entry(id);
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
      this.summaries.forEach((show) => show());
    };
    this.reveals[id] = form;
    form.show();
    this.placed[id]?.show();
    return form;
  }

  /** The lesson's questions. */
  quiz() {
    const asked = Object.fromEntries(this.questions.map((question) => [question.id, question]));
    const saved = Object.entries(this.saved.read().quiz[this.number] ?? {}).filter(([id]) => id in asked);
    const form = new Model({
      form: "quiz",
      title: "Check yourself",
      questions: this.questions.map(({ id, text, options }) => (
        { id, text, several: options.filter((one) => one.correct).length > 1, options: options.map((one) => one.text) })),
      marks: Object.fromEntries(saved.map(([id, entry]) => [id, markOf(asked[id], entry)])),
    }, ({ question, chosen }) => {
      const picked = [...new Set(chosen)].sort((a, b) => a - b);
      const correct = asked[question].options.flatMap((one, place) => (one.correct ? [place] : []));
      const entry = { chosen: picked, right: String(picked) === String(correct) };
      this.saved.change((data) => { (data.quiz[this.number] ??= {})[question] = entry; });
      form.update({ marks: { ...form.get("marks"), [question]: markOf(asked[question], entry) } });
    });
    return form;
  }

  /** The bets of the whole course, as far as they met their result. */
  record() {
    const form = new Model({ form: "record", title: "Your bets so far", status: "", shown: {} });
    const show = () => {
      const rows = settledBets(this.saved.read(), this);
      form.update({ status: howYouBet(rows), shown: { rows: enough(rows) ? rows : [] } });
    };
    this.summaries.push(show);
    show();
    return form;
  }

  /** The team's code, and the resume code to copy or to paste. */
  place() {
    const show = (status) => {
      const { code, leftOut } = this.#written();
      form.update({
        answer: { team: this.saved.read().team || DEFAULT_TEAM, code },
        status: [status, leftOut, this.saved.remark].filter(Boolean).join(" "),
      });
    };
    const form = new Model({ form: "place", title: "Keep your place", answer: null, status: "" }, ({ team, restore }) => {
      try {
        if (team !== undefined) {
          const code = teamCode(team);
          this.saved.change((data) => { data.team = code; });
          show(`✓ Team ${code}. The numbers in your labs are yours now.`);
        } else {
          const { data: found, lost } = read(restore, this.catalogue);
          if (found.team) found.team = teamCode(found.team);
          this.saved.change((data) => merge(data, found));
          show([`✓ Restored, team ${this.saved.team}. Open the lessons again to see it.`, lost].filter(Boolean).join(" "));
        }
      } catch (problem) {
        show(sentenceOf(problem));
      }
    });
    form.show = () => show("");
    form.show();
    return form;
  }

  #written() {
    const data = this.saved.read();
    const leftOut = strangers(data, this.catalogue);
    for (const [part, lesson, name] of leftOut) delete data[part][lesson][name];
    try {
      const code = write(data, this.catalogue);
      if (!leftOut.length) return { code, leftOut: "" };
      const [[, lesson, name]] = leftOut;
      const more = leftOut.length > 1 ? ` and ${leftOut.length - 1} more` : "";
      return { code, leftOut: `The code leaves out '${name}' of lesson ${lesson}${more}: this course hasn't got it.` };
    } catch (problem) {
      return { code: "", leftOut: sentenceOf(problem) };
    }
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

/** What a form shows of an answered question. A resume code keeps only whether it was right. */
function markOf(question, entry) {
  const right = Boolean(entry.right);
  if (!("chosen" in entry)) return { right, status: right ? "✓ Answered right before." : "↻ Answered before.", feedback: [] };
  return {
    right,
    status: right ? "✓ Right." : "↻ Not yet: read what stands below the options, and try again.",
    chosen: entry.chosen,
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

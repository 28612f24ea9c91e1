// The twin's side of the comparison: answers what Python asks, a JSON line each, and asks Python of its own accord.
// A number goes as text, so that no infinity and no minus before a zero is lost on the way.

import { createInterface } from "node:readline";
import { gainOfRoom, gainSaid } from "../../faultlab/twin/before_and_after.js";
import { certificate } from "../../faultlab/twin/certificate.js";
import * as progress from "../../faultlab/twin/progress.js";
import * as room from "../../faultlab/twin/room.js";
import * as code from "../../faultlab/twin/resume_code.js";
import * as scoring from "../../faultlab/twin/scoring.js";
import { digest } from "../../faultlab/twin/sha256.js";
import * as typed from "../../faultlab/twin/typed.js";
import * as words from "../../faultlab/twin/words.js";
import { standing } from "../../faultlab/twin/worksheet.js";

const number = (value) => (typeof value === "string" ? Number(value.replace("inf", "Infinity")) : value);
const written = (value) => (Object.is(value, -0) ? "-0.0" : String(value).replace("Infinity", "inf"));

const CALLS = {
  number: (text, asked) => written(typed.number(text, asked)),
  words: (text, letters) => typed.words(text, letters).sort(),
  letter: typed.letter,
  name: typed.nameKey,
  placeholder: typed.isPlaceholder,
  fixed: (value, digits) => words.fixed(number(value), digits),
  general: (value, digits) => words.general(number(value), digits),
  plainly: (value) => words.plainly(number(value)),
  quoted: words.quoted,
  told: scoring.told,
  score: (...args) => written(scoring.score(...args)),
  leaning: scoring.leaning,
  written: scoring.written,
  certificate,
  gain: gainOfRoom,
  gained: gainSaid,
  standing,
  team: progress.teamCode,
  sound: progress.isSound,
  digest,
  write: code.write,
  read: (text, catalogue) => Object.values(code.read(text, catalogue)),
  room: (text, its) => {
    const { states, problems } = room.readCodes(text, its);
    return [states.length, problems, room.countRoom(states, its)];
  },
  middle: room.middleHalf,
  league: room.readLeague,
  strangers: code.strangers,
  merge: (data, other) => { progress.merge(data, other); return data; },
  record: (data, ...args) => {
    progress.recordCheck(data, ...args, "try again");
    progress.recordHint(data, ...args, 1);
    progress.recordSolution(data, ...args);
    return data;
  },
  draw: (count, seed, catalogue) => drawn(count, seed, catalogue),
};

let catalogue = null;

function answer({ call, args }) {
  if (call === "catalogue") { [catalogue] = args; return {}; }
  try {
    const all = ["write", "read", "room", "strangers"].includes(call) ? [...args, catalogue] : args;
    return { is: CALLS[call](...all) };
  } catch (problem) {
    if (!(problem instanceof typed.Unread || problem instanceof progress.BadInput)) throw problem;
    return { says: problem.message };
  }
}

// What JavaScript asks: its own draws, and what the twin makes of them.
function drawn(count, seed) {
  let state = seed;
  const random = () => { // mulberry32, by Tommy Ettinger, in the public domain
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const one = (list) => list[Math.floor(random() * list.length)];
  const digits = () => {
    const value = 10 ** (random() * 9 - 2);
    return one([
      () => value.toFixed(Math.floor(random() * 4)), () => value.toLocaleString("en"), () => value.toLocaleString("de"),
      () => value.toLocaleString("fr"), () => value.toLocaleString("de-CH"), () => String(value), () => value.toExponential(3),
      () => Array.from({ length: 1 + Math.floor(random() * 9) }, () => one("0123456789.,' _’-+e")).join(""),
    ])();
  };
  const before = ["", "", "", "about ", "~", "EUR ", "€", "-", "−", "+", "approx. ", "\u00a0"];
  const behind = ["", "", "", " %", "k", "m", " k€", "kEUR", " EUR", " minutes", "min/year", " min p.a.", " hours a year", " million", " per month", "x", "²", " MS", "ß", "."];
  const asks = [{}, { unit: "%" }, { unit: "EUR", low: 0, high: 5e6 }, { unit: "EUR a year" }, { unit: "minutes", question: "How many minutes a year?" },
    { unit: "calls" }, { unit: "% of cases" }, { unit: "hours", low: 0, high: 100 }, { whole: true }, { unit: "minutes", low: 100, high: 5000 }];
  const typing = () => {
    const asked = one(asks);
    const fits = one(["", ` ${asked.unit ?? ""}`, asked.unit ?? "", "k", "m", " a year"]);
    return { call: "number", args: [(random() < 0.6 ? "" : one(before)) + digits() + (random() < 0.6 ? fits : one(behind)), asked] };
  };
  const units = ["", "minutes", "EUR", "%"];
  return Array.from({ length: count }, () => {
    const value = one([() => Number((random() * 10 ** Math.floor(random() * 12 - 4)).toPrecision(1 + Math.floor(random() * 8))),
      () => Math.floor(random() * 2000) / 8, () => -random() * 100, () => Math.floor(random() * 1e6) + 0.5])();
    const share = Math.floor(random() * 1001) / 1000;
    const asked = one([
      typing, typing, typing,
      () => ({ call: "fixed", args: [value, Math.floor(random() * 5)] }),
      () => ({ call: "general", args: [value, 1 + Math.floor(random() * 6)] }),
      () => ({ call: "plainly", args: [value] }),
      () => ({ call: "told", args: ["number", value, one([value * 1.5, 100, 0.5, -1]), one(units)] }),
      () => ({ call: "told", args: ["probability", share, one([0, 1, 0.5, 0.125, 0.9995]), ""] }),
    ])();
    return { ...asked, ...answer(asked) };
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}

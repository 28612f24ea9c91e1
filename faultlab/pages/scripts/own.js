// What is the learner's own, without a kernel: faultlab/classroom/notebook/taking_away.py, said again.

import { gainSaid } from "../../twin/before_and_after.js";
import { BadInput } from "../../twin/progress.js";
import { Unread, isPlaceholder, number } from "../../twin/typed.js";
import { plainly, quoted } from "../../twin/words.js";
import { companyOf, courseRecord, figuresOf, mondayOf, signatureOf } from "./record.js";
import { Model } from "./stand_in.js";

const MY_PAGE = "my_page.html";
const LONGEST = { name: 60, reason: 120 }; // letters: what fits on a sheet
const [MOST_USERS, MOST_WORTH] = [1e10, 1e10];

const short = (text, what) => [...String(text).trim().split(/\s+/).join(" ")].slice(0, LONGEST[what]).join("");

function dateOf(text) {
  const found = text && new Date(`${text}T12:00Z`);
  if (!found || (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(found.getTime()) && found.toISOString().startsWith(text))) return text;
  throw new BadInput(`${quoted(text)} is no date: write it like 2026-12-02.`);
}

function rangeOf(ends, unit, high) {
  const given = ends.filter((end) => !isPlaceholder(end));
  if (!given.length) return null;
  const [from, to] = [given[0], given.at(-1)].map((end) => number(end, { unit, low: 0, high, question: "a year an hour" }));
  if (from > to) throw new BadInput(`${plainly(from)} is more than ${plainly(to)}: put the smaller one first.`);
  return [from, to];
}

const readCompany = ({ name, users, worth }) => (
  { name: short(name, "name"), users: rangeOf(users, "users", MOST_USERS), worth: rangeOf(worth, "EUR", MOST_WORTH) });

/** A form of what is the learner's own: what it shows, and what is done with what it sends. */
function formOf(here, form, title, dataOf, take = (_content, _keep) => {}, values = {}) {
  const show = () => model.update({ shown: dataOf(here.saved.read()) });
  const model = new Model({ form, title, shown: {}, status: "", css: "", ...values }, (content) => {
    if (content.look) return show();
    try {
      take(content, (edit, said) => {
        here.saved.change(edit);
        show();
        if (!said) return;
        model.update({ status: "" }); // the same sentence twice would be no change
        model.update({ status: `✓ ${said}${here.saved.saved ? "" : " It is kept until this page is closed."}` });
        here.own.forms.forEach((other) => other());
      });
    } catch (problem) {
      if (!(problem instanceof BadInput || problem instanceof Unread)) throw problem;
      model.update({ status: "" });
      model.update({ status: problem.message });
    }
  });
  here.own.forms.push(show);
  show();
  return model;
}

function noteMonday(here, data, lesson, { place, name, date }) {
  const asked = here.page.mondays[lesson] ?? [];
  if (!(place >= 1 && place <= asked.length)) throw new BadInput(`Lesson ${lesson} has ${asked.length} questions for Monday.`);
  Object.assign((data.monday[lesson] ??= {})[place] ??= {}, { name: short(name, "name"), date: dateOf(date) });
}

export function companyModel(here) {
  return formOf(here, "company", "Your company", (data) => ({ company: companyOf(data) }), ({ company }, keep) => {
    const found = readCompany(company);
    keep((data) => { data.company = found; }, found.name || found.users || found.worth ? "Saved." : "Nothing is kept of your company.");
  });
}

export function decisionModel(here) {
  const { number: lesson, decision } = here.page;
  const dataOf = (data) => ({
    decision,
    signed: signatureOf(data.decisions[lesson]),
    figures: figuresOf(data, lesson),
    company: companyOf(data),
    me: wordsOfLast(data.decisions),
  });
  return formOf(here, "decision", "Your decision", dataOf, ({ sign }, keep) => {
    const ways = decision.options.map((way) => way.text);
    if (!ways.includes(sign.choice)) throw new BadInput(`Choose one of: ${ways.join("; ")}.`);
    const [name, date] = [short(sign.name, "name"), dateOf(sign.date)];
    if (!name || !date) throw new BadInput("A decision has a name and a date under it.");
    const day = new Date(`${date}T12:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
    const entry = { choice: sign.choice, name, date, reason: short(sign.reason, "reason") };
    keep((data) => { data.decisions[lesson] = entry; }, `Signed by ${name} on ${day}. It stands on My page.`);
  });
}

export function mondayModel(here) {
  const { number: lesson } = here.page;
  return formOf(here, "monday", "Questions for Monday", (data) => ({ monday: mondayOf(data, here.page, lesson), page: MY_PAGE }),
    ({ monday }, keep) => keep((data) => noteMonday(here, data, lesson, monday), "Saved."));
}

/** Kestrel's money and the learner's; the lesson's figures are kept for My page. */
export function figuresModel(here, figures) {
  const { number: lesson } = here.page;
  const kept = here.saved.read().figures[lesson] ?? {};
  const place = Object.keys(here.own.counted).length;
  figures.forEach(({ what, ...figure }, i) => { here.own.counted[what] = { ...figure, place: place + i }; });
  if (JSON.stringify(kept) !== JSON.stringify(here.own.counted)) here.saved.change((data) => { data.figures[lesson] = here.own.counted; });
  return formOf(here, "figures", "Your figures beside Kestrel's", (data) => ({ company: companyOf(data), figures }));
}

/** Ten questions, each with a range; what is typed is kept. */
export function rangesModel(here, questions) {
  return formOf(here, "ranges", "Ten ranges", (data) => ({ questions, typed: data.ranges }), ({ ranges, seen }, keep) => {
    const known = Object.entries(ranges).filter(([place]) => /^\d+$/.test(place) && Number(place) < questions.length);
    const kept = Object.fromEntries(known.map(([place, ends]) => [place, ends.map((end) => String(end).slice(0, 40)).slice(0, 2)]));
    keep((data) => { data.ranges = seen ? { ...kept, seen: true } : kept; }, "Saved.");
  });
}

/** Ten decisions before the course and ten after it; a form that is handed in stays as it is. */
export function decisionsModel(here) {
  const { pairs } = here.page.catalogue;
  const askedOf = new Set(pairs.map((pair) => pair.lesson));
  const dataOf = (data) => ({
    pairs,
    answers: data.before_and_after,
    lessons: courseRecord(data, here.page).lessons.filter((lesson) => askedOf.has(lesson.number)).map(({ number, link, state }) => ({ number, link, state })),
    gained: gainSaid(data.before_and_after, pairs),
  });
  return formOf(here, "decisions", "Ten decisions", dataOf, ({ hand_in: { form, chosen } }, keep) => {
    const entries = Object.fromEntries(pairs.filter((pair) => pair[form].options[chosen[pair.id]] !== undefined)
      .map((pair) => [pair.id, { chosen: pair[form].options[chosen[pair.id]] }]));
    if (!Object.keys(entries).length) throw new BadInput("Answer at least one of the ten first.");
    if (Object.keys(here.saved.read().before_and_after[form] ?? {}).length) throw new BadInput("These ten are handed in already, and stay as they are.");
    keep((data) => { data.before_and_after[form] = entries; }, "Handed in.");
  });
}

export function whereModel(here) {
  return formOf(here, "where", "Where you are", (data) => ({ record: courseRecord(data, here.page), page: MY_PAGE }));
}

/** @param {string} css the look, for the file that My page saves */
export function pageModel(here, css) {
  const dataOf = (data) => ({ record: courseRecord(data, here.page), board: "" }); // no page without a kernel writes one
  return formOf(here, "page", "My page", dataOf, ({ company, monday }, keep) => {
    const found = company && readCompany(company);
    if (found) keep((data) => { data.company = found; }, "Saved.");
    if (monday) keep((data) => noteMonday(here, data, monday.lesson, monday), "");
  }, { css });
}

function wordsOfLast(decisions) {
  const last = Object.keys(decisions).sort().at(-1);
  return last === undefined ? "" : String(decisions[last].name ?? "");
}

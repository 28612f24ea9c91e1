// What a learner takes away as one sheet of A4, as a file and as text for a mail. All three are drawn from the same
// plain account of a record (see `course_record` in record.py), and know nothing of where the record is kept.

import { node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";
import { certificate } from "../../twin/certificate.js";
import { leaningPicture } from "./how_you_bet.js";

const COURSE = "Building Fault-Tolerant Software Systems";
const FURTHEST = 5; // bets on the sheet of the whole course
const FEW_NAMES = 6; // each has a line of its own above its questions
const PAPER = 262; // millimetres that a sheet may be high: A4 less its margins
const SIZES = [10, 9.5, 9, 8.5, 8, 7.5, 7, 6.5, 6, 5.5]; // points, until it fits
const MILLIMETRE = 96 / 25.4;

// ---------- words ----------

const digits = (amount) => Number(amount.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 12 });

/** An amount of money in words, to three digits. */
export function money(amount) {
  return Math.abs(amount) >= 999_500 ? `${digits(amount / 1e6)} million EUR` : `${digits(Math.round(amount * 100) / 100)} EUR`;
}

/** Two ends as one range, in the words that `say` has for each. */
export function between([low, high], say = money) {
  const [from, to] = [say(low), say(high)];
  if (from === to) return from;
  const ending = [" million EUR", " EUR"].find((unit) => from.endsWith(unit)) ?? "";
  return `${to.endsWith(ending) ? from.slice(0, from.length - ending.length) : from} to ${to}`;
}

export const counted = (amount) => amount.toLocaleString("en", { maximumFractionDigits: 0 });

/** A date as it is read, from how it is kept: 2026-12-02. */
export function dateInWords(kept) {
  const date = new Date(`${kept}T12:00`);
  return kept && !Number.isNaN(date.getTime())
    ? date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" }) : "";
}

export const shortTitle = ({ title }) => title.split(":")[0];
export const nameOf = (lesson) => `Lesson ${Number(lesson.number)}, ${shortTitle(lesson)}`;

/** The rows of figures: what, Kestrel's, and the learner's own where there is one. */
export function figureRows(figures, { worth, users }) {
  return figures.flatMap(({ what, hours, kestrel, share }) => {
    if (share !== undefined) return users ? [{ what, kestrel: "", mine: between(users.map((one) => one * share), counted) }] : [];
    return worth ? [{ what, kestrel: money(hours * kestrel), mine: between(worth.map((one) => one * hours)) }] : [];
  });
}

/** What is known of the learner's company, in a few words. */
export function companyWords({ name, users, worth }) {
  return [
    name,
    users && `${between(users, counted)} users`,
    worth && `an hour is worth ${between(worth)}`,
  ].filter(Boolean).join(", ");
}

const NOT_YET_SAID = "A year played to its end. Open lesson 11 once, and what it came to stands here.";

/** The board's page, the game day and the gain of the ten decisions, each in a line, where there is one. */
export function cameOf({ lessons, gained }, which = "") {
  return [
    ...lessons.flatMap(({ board, game }) => [
      ...(board ? [{ what: `The board’s page of ${board.company}`, said: board.said, where: [dateInWords(board.date), board.file].filter(Boolean).join(", "), page: true }] : []),
      ...(game ? [{ what: "Game day", said: game.said || NOT_YET_SAID, where: `code ${game.code}` }] : []),
    ]),
    ...(gained && !which ? [{ what: "Ten decisions before and after", said: gained, where: "" }] : []),
  ];
}

const by = (name, date) => [name, dateInWords(date)].filter(Boolean).join(", ");

// ---------- the account ----------

/** Everything that goes on a sheet, section by section; `which` is a lesson's number, or "" for the course. */
export function account(record, which = "") {
  const lessons = record.lessons.filter(({ number }) => !which || number === which);
  const each = (rows) => lessons.flatMap((lesson) => rows(lesson).map((row) => ({ ...row, lesson: nameOf(lesson) })));
  const settled = each(({ bets }) => bets.filter(({ answer }) => answer))
    .map(({ asks, mine, answer, missed, leaning, right, lesson }) => ({ asks, mine, answer, missed, leaning, right, title: `${lesson}: ${mine}, ${missed}` }));
  const off = ({ leaning, right }) => (right === false ? 0.5 : Math.abs(leaning ?? 0));
  const some = !which && settled.length > FURTHEST;
  return {
    title: which ? lessons[0].title : "What I take to work",
    line: [COURSE, record.team && `team ${record.team}`, companyWords(record.company)].filter(Boolean).join(" · "),
    decided: each(({ decision }) => (decision?.choice ? [decision] : []))
      .map(({ question, choice, name, date, reason }) => ({ question, choice, by: by(name, date), reason })),
    monday: each(({ monday }) => monday.filter(({ name, date }) => which || name || date))
      .map(({ question, name, date }) => ({ question, name, date: dateInWords(date) })),
    figures: each(({ figures }) => figureRows(figures, record.company)),
    came: cameOf({ ...record, lessons }, which),
    bets: some ? [...settled].sort((one, other) => off(other) - off(one)).slice(0, FURTHEST) : settled,
    settled,
    betsHead: some ? `What I bet: the ${FURTHEST} of ${settled.length} that were furthest off` : "What I bet",
    betsSaid: which || settled.length < 3 ? "" : record.bets_said,
  };
}

const EMPTY = "There is nothing to take to work yet. Place a bet, sign a decision, or name who answers a question.";
const isEmpty = (parts) => ["decided", "monday", "figures", "came", "bets"].every((part) => !parts[part].length);
const kestrelAndMe = ({ name }) => ["Kestrel", name || "My company"];

// ---------- the sheet ----------

/** One sheet of A4; `fit` gives it the size of letters at which it is one. */
export function sheetOf(record, which = "") {
  const parts = account(record, which);
  const { title, line, decided, monday, figures, came, bets, settled, betsHead, betsSaid } = parts;
  const sheet = node("article", { class: which ? "sheet" : "sheet brief" }, node("p", { class: "kicker" }, line), node("h1", {}, title));
  const section = (head, ...parts) => sheet.append(node("section", {}, node("h2", {}, head), ...parts));
  if (isEmpty(parts)) sheet.append(node("p", {}, EMPTY));
  if (decided.length) {
    section("What I decided", which ? decidedTable(decided) : decidedBriefly(decided), node("p", { class: "left-out" }, "The reasons are on the page of each lesson."));
  }
  if (monday.length) section("Whom I ask on Monday", ...(which ? [mondayTable(monday)] : mondayByName(monday)));
  if (figures.length) {
    section("What it is worth", table(["What", ...kestrelAndMe(record.company)], figures.map((row) => [row.what, row.kestrel, node("b", { class: "mine" }, row.mine)])));
  }
  if (came.length) section("What came of it", ...came.map(cameLine));
  if (bets.length) {
    const picture = node("div", { class: "shows" });
    picture.innerHTML = betsSaid ? leaningPicture(settled, betsSaid, 640) : "";
    section(betsHead, ...(betsSaid ? [node("p", {}, betsSaid), picture] : []),
      table(["Question", "My bet", "Answer", "How far off"], bets.map((row) => [row.asks, node("b", { class: "mine" }, row.mine), row.answer, row.missed])));
  }
  return sheet;
}

/** A line of what came of the course. */
export const cameLine = ({ what, said, where }) => node("p", { class: "came" }, node("b", {}, `${what}: `), said, ...(where ? [node("span", { class: "quiet" }, ` (${where})`)] : []));

const decidedTable = (rows) => table(["Question", "Decision", "Signed", "Why"],
  rows.map(({ question, choice, by: signed, reason }) => [question, node("b", {}, choice), signed, reason]));

const decidedBriefly = (rows) => table(["Question", "Decision"], rows.map(({ question, choice, by: signed, reason }) => [
  question, node("span", {}, node("b", {}, choice), ...(reason ? [node("span", { class: "why" }, `: ${reason}`)] : []), node("span", { class: "quiet" }, ` (${signed})`)),
]));

const mondayTable = (rows) => table(["Question", "Who answers", "By"], rows.map(({ question, name, date }) => [question, node("b", {}, name), date]));

/** The questions under the name of who answers them, and the day. */
function mondayByName(rows) {
  const groups = new Map();
  for (const { question, name, date } of rows) {
    const who = [name, date && `by ${date}`].filter(Boolean).join(", ");
    groups.set(who, [...(groups.get(who) ?? []), question]);
  }
  const lines = (questions, before = []) => questions.map((question) => node("li", {}, ...before, question));
  if (groups.size > FEW_NAMES) return [node("ul", {}, ...[...groups].flatMap(([who, questions]) => lines(questions, [node("b", {}, `${who}: `)])))];
  return [...groups].flatMap(([who, questions]) => [node("h3", {}, who), node("ul", {}, ...lines(questions))]);
}

export function table(heads, rows) {
  return node("table", {}, node("thead", {}, node("tr", {}, ...heads.map((head) => node("th", { scope: "col" }, head)))),
    node("tbody", {}, ...rows.map(([first, ...rest]) => node("tr", {}, node("th", { scope: "row" }, first), ...rest.map((cell) => node("td", {}, cell))))));
}

/** Give a sheet, which stands in the document, the largest letters at which it fits its paper. */
function fit(sheet) {
  for (const tight of [false, true]) { // without the reasons, where nothing else helps: each lesson's own sheet has them
    sheet.classList.toggle("tight", tight);
    for (const size of SIZES) {
      sheet.style.setProperty("--letters", `${size}pt`);
      if (sheet.getBoundingClientRect().height <= PAPER * MILLIMETRE) return;
    }
  }
}

/** A sheet that fits, and is in no document. */
export function fitted(record, which = "") {
  const sheet = sheetOf(record, which);
  const place = node("div", { class: "look faultlab-sheets measured", "aria-hidden": "true" }, sheet);
  document.body.append(place);
  fit(sheet);
  place.remove();
  return sheet;
}

/** Put a sheet in the place of the whole page for as long as it is printed; returns how to take it off. */
export function layOut(record, which = "") {
  const place = node("div", { class: "look faultlab-sheets" }, fitted(record, which));
  document.body.append(place);
  document.documentElement.dataset.sheet = "";
  return () => {
    place.remove();
    delete document.documentElement.dataset.sheet;
  };
}

// ---------- the file, the mail ----------

/** Links to a page that is here as text, to open it and to save it; `forget` lets go of it. */
export function linksTo(html, label, name) {
  const href = URL.createObjectURL(new Blob([html], { type: "text/html" }));
  const links = [node("a", { href, target: "_blank", rel: "noopener" }, label), " · ", node("a", { href, download: name }, "Save it as a file")];
  return { links, forget: () => URL.revokeObjectURL(href) };
}

const quoted = (text) => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);

/** A page of its own: one file with its style, which loads and runs nothing. */
export function fileOf(record, which, css) {
  return pageOf(account(record, which).title, fitted(record, which), css);
}

function pageOf(title, sheet, css) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${quoted(title)}</title>
<style>
${css.replaceAll("</", "<\\/")}
</style>
</head>
<body class="look"><main>${sheet.outerHTML}</main></body>
</html>
`;
}

/** What was done of the course, under a name, as a page to print; null where nothing was done. */
export function certificateFile(record, name, date, css) {
  const { course, says, parts, means, sealed, code } = certificate(name, dateInWords(date), record);
  if (!parts.length) return null;
  return pageOf(`Certificate: ${name}`, node("article", { class: "sheet certificate" },
    node("p", { class: "kicker" }, course), node("h1", {}, name), node("p", {}, says),
    node("ol", {}, ...parts.map(([what, how]) => node("li", {}, node("b", {}, what), " ", node("span", {}, how)))),
    node("p", { class: "date" }, dateInWords(date)), node("p", { class: "means" }, means), node("p", { class: "means" }, sealed),
    node("p", { class: "code" }, code)), css);
}

/** The same as plain text. */
export function textOf(record, which = "") {
  const parts = account(record, which);
  const { title, line, decided, monday, figures, came, bets, betsHead, betsSaid } = parts;
  const [kestrel, mine] = kestrelAndMe(record.company);
  const sentence = (text) => (/[.?!]$/.test(text) ? text : `${text}.`);
  const part = (head, rows) => (rows.length ? ["", head.toUpperCase(), ...rows] : []);
  return [
    title,
    line,
    ...(isEmpty(parts) ? ["", EMPTY] : []),
    ...part("What I decided", decided.map((row) => `- ${row.question} ${sentence(row.choice)}${row.by ? ` (${row.by})` : ""}${row.reason ? ` Why: ${sentence(row.reason)}` : ""}`)),
    ...part("Whom I ask on Monday", monday.map((row) => `- ${row.question}${row.name || row.date ? ` ${sentence([row.name, row.date && `by ${row.date}`].filter(Boolean).join(", "))}` : ""}`)),
    ...part("What it is worth", figures.map((row) => `- ${row.what}: ${row.kestrel ? `${kestrel} ${row.kestrel}, ` : ""}${mine} ${row.mine}.`)),
    ...part("What came of it", came.map(({ what, said, where }) => `- ${what}: ${said}${where ? ` (${where})` : ""}`)),
    ...part(betsHead, [...(betsSaid ? [betsSaid] : []), ...bets.map((row) => `- ${row.asks} My bet: ${row.mine}. The answer: ${sentence(row.answer)} ${row.missed}`)]),
    "",
  ].join("\n");
}

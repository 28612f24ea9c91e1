// What is the learner's own, drawn from plain data: the company, a decision to sign, Monday's questions, where one
// is in the course, and My page, which shows all of it. Each function builds its part once in `root` and returns how
// to show new data in it. What the learner does goes to `tell`. Where it is kept, and what reads a typed number, is
// not known here: a notebook's kernel in one place, a page's own store in another.

import { node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";
import { leaningPicture } from "./how_you_bet.js";
import {
  between, cameLine, cameOf, certificateFile, companyWords, counted, dateInWords, figureRows, fileOf, layOut, linksTo, money, nameOf, shortTitle, table, textOf,
} from "./sheet.js";

const PAUSE = 700; // milliseconds after the last letter, when it is kept
const LONGEST = { name: 60, reason: 120 }; // letters: what fits on a sheet, as the notebook's half has it too
const DATA_STAYS = "Names and figures stay on this machine. The resume code of lesson 0 carries your bets, answers, labs and your last game, not these.";

const unique = () => `faultlab-own-${Math.random().toString(36).slice(2)}`;
const today = () => {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
};

function labelled(label, attributes) {
  const input = node("input", { type: "text", autocomplete: "off", ...attributes });
  return { input, element: node("label", {}, label, input) };
}

/** A box for a date, which prints nothing while it is empty. */
function dateBox(label) {
  const { input, element } = labelled(label, { type: "date" });
  const look = () => input.classList.toggle("empty", !input.value);
  input.addEventListener("input", look);
  look();
  return { input, element, look };
}

/** Show a value in a box, but never in the one that is being typed in. */
function fill(input, value) {
  if (document.activeElement !== input) input.value = value;
}

// ---------- the learner's figures beside Kestrel's ----------

export function figuresBeside(root) {
  root.classList.add("beside");
  return ({ figures, company }) => {
    const found = figuresTable(figures, company);
    root.hidden = !found;
    root.replaceChildren(...(found ? [found] : []));
  };
}

/** The table of figures, where the learner has given a figure for one of them; null otherwise. */
function figuresTable(figures, company) {
  const rows = figureRows(figures, company);
  if (!rows.length) return null;
  const me = company.name || "You";
  const found = table([node("span", { class: "unseen" }, "What"), "Kestrel", me], rows.map(({ what, kestrel, mine }) => [what, kestrel || "–", mine]));
  found.classList.add("stacks");
  found.querySelectorAll("tbody tr").forEach((row) => [...row.cells].forEach((cell, i) => {
    if (i) cell.dataset.label = ["", "Kestrel", me][i];
    cell.classList.toggle("mine", i === 2);
  }));
  const worths = [...new Set(figures.filter(({ kestrel }) => kestrel).map(({ kestrel }) => money(kestrel)))];
  const told = [
    company.worth && worths.length && `An hour at ${worths.join(" or ")} for Kestrel, and at ${between(company.worth)} for you.`,
    company.users && figures.some(({ share }) => share !== undefined) && `You have ${between(company.users, counted)} users.`,
  ].filter(Boolean).join(" ");
  found.prepend(node("caption", {}, told));
  return found;
}

// ---------- the company, asked once ----------

export function companyForm(root, tell) {
  root.classList.add("company");
  const name = labelled("Your company, or a name for it", { maxlength: LONGEST.name, autocomplete: "organization" });
  const pair = (legend, unit) => {
    const [from, to] = ["from", "to"].map((end) => labelled(node("span", {}, end), { inputmode: "decimal", size: 12 }));
    return {
      boxes: [from.input, to.input],
      element: node("fieldset", {}, node("legend", {}, legend), node("div", { class: "row" }, from.element, to.element, node("span", {}, unit))),
    };
  };
  const users = pair("How many users it has", "users");
  const worth = pair("What an hour of its main service is worth", "EUR");
  const status = node("p", { class: "status", role: "status" });
  const form = node("form", { novalidate: "" }, name.element, users.element, worth.element,
    node("p", { class: "quiet" }, "One number is enough where you know it; two make a range. Nothing that you type leaves this machine."),
    node("div", { class: "row" }, node("button", { type: "submit" }, "Remember my figures")), status);
  root.append(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const read = ({ boxes }) => boxes.map((box) => box.value.trim());
    status.textContent = "Saving …";
    tell({ company: { name: name.input.value.trim(), users: read(users), worth: read(worth) } });
  });
  return ({ company }, said) => {
    const known = JSON.stringify(company);
    if (form.dataset.known !== known) { // what was typed and refused stays in its box
      form.dataset.known = known;
      fill(name.input, company.name);
      for (const [{ boxes }, range] of [[users, company.users], [worth, company.worth]]) {
        boxes.forEach((box, i) => fill(box, range && (i === 0 || range[1] !== range[0]) ? range[i].toLocaleString("en", { maximumFractionDigits: 9 }) : ""));
      }
    }
    status.textContent = said;
  };
}

// ---------- a decision, signed ----------

export function decisionCard(root, tell) {
  root.classList.add("decision");
  const id = unique();
  const motion = node("p", { class: "motion", id });
  const ways = node("fieldset", { "aria-label": "What you would sign", "aria-describedby": id });
  const figures = node("div", { class: "beside" });
  const name = labelled("Name", { maxlength: LONGEST.name, autocomplete: "name" });
  const date = dateBox("Date");
  const reason = labelled("Why, in a line", { maxlength: LONGEST.reason });
  reason.element.classList.add("long");
  const sign = node("button", { type: "submit" }, "Sign my decision");
  const change = node("button", { type: "button", class: "plain" }, "Change it");
  const status = node("p", { class: "stamp", role: "status" });
  const ours = node("div", { class: "ours" });
  const form = node("form", { novalidate: "" }, motion, ways, figures,
    node("div", { class: "sign" }, name.element, date.element, reason.element), node("div", { class: "row" }, sign, change), status, ours);
  root.append(form);
  let changing = false;
  const radios = () => [...ways.querySelectorAll("input")];
  const refuse = (sentence, box) => { status.textContent = sentence; box.focus(); };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = radios().find((radio) => radio.checked);
    if (!chosen) return refuse("Choose what you would sign.", radios()[0]);
    if (!name.input.value.trim()) return refuse("A decision has a name under it: type yours.", name.input);
    if (!date.input.value) return refuse("A decision has a date: choose one.", date.input);
    changing = false;
    status.textContent = "Saving …";
    return tell({ sign: { choice: chosen.value, name: name.input.value.trim(), date: date.input.value, reason: reason.input.value.trim() } });
  });
  change.addEventListener("click", () => { changing = true; show(); (radios().find((radio) => radio.checked) ?? radios()[0]).focus(); });
  let last = null, said = "";
  function show() {
    const { decision, signed, me, company } = last;
    const done = Boolean(signed.choice) && !changing;
    if (motion.textContent !== decision.question) {
      motion.textContent = decision.question;
      ways.replaceChildren(...decision.options.map(({ text, follows }) => {
        const radio = node("input", { type: "radio", name: id, value: text });
        return node("label", {}, radio, node("span", {}, text, node("span", { class: "unseen" }, ". ")), node("small", {}, follows));
      }));
    }
    const had = form.contains(document.activeElement);
    if (!changing) {
      radios().forEach((radio) => { if (signed.choice) radio.checked = radio.value === signed.choice; });
      fill(name.input, signed.name || name.input.value || me);
      fill(date.input, signed.date || date.input.value || today());
      fill(reason.input, signed.reason || reason.input.value);
      date.look();
    }
    const found = figuresTable(last.figures, company);
    figures.hidden = !found;
    figures.replaceChildren(...(found ? [found] : []));
    [...radios(), name.input, date.input, reason.input].forEach((input) => { input.disabled = done; });
    root.classList.toggle("signed", done);
    sign.hidden = done;
    change.hidden = !done;
    ours.hidden = !signed.choice;
    if (signed.choice) {
      ours.replaceChildren(node("p", { class: "kicker" }, "What we would sign"),
        ...decision.ours.split(/\n\n+/).map((text) => {
          const [, first, rest] = /^(.*?[.:?!])(\s[^]*)?$/.exec(text.trim()) ?? [null, text, ""];
          return node("p", {}, node("b", {}, first), rest ?? "");
        }));
    }
    status.textContent = done ? said || `✓ Signed by ${signed.name} on ${dateInWords(signed.date)}.` : said;
    if (had && done && document.activeElement !== change) change.focus(); // what had the focus can't be typed in any more
  }
  return (data, sentence) => { last = data; said = sentence; show(); };
}

// ---------- the questions for Monday ----------

export function mondayLines(root, tell) {
  const list = node("ol", { class: "monday" });
  const status = node("p", { class: "status", role: "status" });
  const on = node("p", { class: "onward" });
  root.append(list, status, on);
  let lines = [];
  const build = (questions) => {
    lines = questions.map(({ question }, i) => {
      const id = unique();
      const name = labelled("Who answers", { maxlength: LONGEST.name, "aria-describedby": id });
      const date = dateBox("By");
      date.input.setAttribute("aria-describedby", id);
      const keep = () => tell({ monday: { place: i + 1, name: name.input.value.trim(), date: date.input.value } });
      let waiting = 0;
      const soon = () => { clearTimeout(waiting); waiting = setTimeout(keep, PAUSE); };
      const now = () => { clearTimeout(waiting); keep(); };
      name.input.addEventListener("input", soon);
      [name.input, date.input].forEach((input) => input.addEventListener("change", now));
      list.append(node("li", {}, node("p", { id }, question), name.element, date.element));
      return { question, name, date };
    });
  };
  return ({ monday, page }, said) => {
    if (lines.map(({ question }) => question).join() !== monday.map(({ question }) => question).join()) {
      list.replaceChildren();
      build(monday);
    }
    lines.forEach(({ name, date }, i) => {
      fill(name.input, monday[i].name);
      fill(date.input, monday[i].date);
      date.look();
    });
    status.textContent = said;
    on.hidden = !page;
    if (page && !on.firstChild) on.append("To print or to mail, with your bets and your decision: ", node("a", { href: page }, "My page"), ".");
  };
}

// ---------- where one is in the course ----------

const begun = ({ state }) => state !== "";
const done = ({ state }) => state === "done";

/** The lesson to open next: one that is begun, or the first that isn't. */
const nextOf = (lessons) => lessons.find((lesson) => begun(lesson) && !done(lesson)) ?? lessons.find((lesson) => !done(lesson));

function lengthOf(minutes) {
  const hours = Math.round(minutes / 30) / 2;
  return minutes < 90 ? `${minutes} minutes` : `${hours} hours`;
}

function progressWords(lessons) {
  const ready = lessons.filter(done).length, left = lessons.filter((lesson) => !done(lesson));
  if (!left.length) return `You have done all ${lessons.length} lessons.`;
  const minutes = left.reduce((sum, lesson) => sum + lesson.minutes, 0);
  const rest = left.length === 1 ? "The last one takes" : ready ? `The other ${left.length} take` : `They take`;
  return `You have done ${ready || "none"} of ${lessons.length} lessons. ${rest} about ${lengthOf(minutes)}.`;
}

function mapOf(lessons) {
  const next = nextOf(lessons);
  return node("ol", { class: "lessons" }, ...lessons.map((lesson) => {
    const { state } = lesson;
    const link = node("a", { href: lesson.link }, node("b", {}, String(Number(lesson.number))), " ", shortTitle(lesson), ...(state ? [node("span", { class: "unseen" }, `, ${state}`)] : []));
    if (lesson === next) link.setAttribute("aria-current", "step");
    return node("li", { class: state }, link);
  }));
}

function nextLine(lessons) {
  const next = nextOf(lessons);
  if (!next) return [];
  return [node("p", {}, begun(next) ? "Go on with " : "Next comes ", node("a", { href: next.link }, nameOf(next).replace("Lesson", "lesson")), ".")];
}

export function whereYouAre(root) {
  root.classList.add("where");
  return ({ record, page }) => {
    const { lessons } = record;
    root.hidden = !lessons.some(begun);
    if (root.hidden) return;
    root.replaceChildren(node("p", { class: "kicker" }, "Welcome back"), node("p", {}, progressWords(lessons)), ...nextLine(lessons), mapOf(lessons),
      betsPicture(record), node("p", {}, record.bets_said, " ", node("a", { href: page }, "My page"), " has every bet, what you decided and whom you ask."));
  };
}

// ---------- My page ----------

export function myPage(root, tell, css) {
  root.classList.add("my-page");
  const part = (head, ...children) => node("section", {}, node("h2", {}, head), ...children);
  const where = node("div"), own = node("div"), known = node("p"), came = node("div"), decided = node("div"), figures = node("div"), bets = node("div");
  const questions = node("div"), ahead = node("p", { class: "quiet" });
  const showCompany = companyForm(own, tell);
  const change = node("summary", {}, "Change it"), asked = node("details", { open: "" }, change, own);
  const cameHere = part("What came of it", came);
  const status = node("p", { class: "status", role: "status" });
  const what = node("select", {});
  const print = node("button", { type: "button" }, "Print it");
  const file = node("button", { type: "button", class: "line" }, "Save it as a file");
  const copy = node("button", { type: "button", class: "line" }, "Copy it as text");
  const text = node("textarea", { rows: "12", readonly: "", "aria-label": "The text for a mail" });
  text.hidden = true;
  const who = labelled("My name, as it should stand there ", { maxlength: LONGEST.name, autocomplete: "name" });
  const certify = node("button", { type: "submit", class: "line" }, "Save the certificate");
  const certified = node("p", { class: "status", role: "status" });
  const form = node("form", { class: "row along", novalidate: "" }, who.element, certify);
  root.append(part("Where I am", where), part("Take it along", node("p", {}, "One page of A4, on paper, as a file or as text for a mail."),
      node("div", { class: "row along" }, node("label", {}, "What to take ", what), print, file, copy), status, text, node("p", { class: "quiet" }, DATA_STAYS)),
  part("A certificate", node("p", {}, "A page to print that says what you have done: lessons, labs, decisions, the game day, and what you gained. It is no examination. A code on it shows whether a word was changed."), form, certified),
  part("My company", known, asked), cameHere, part("What I decided", decided), part("Whom I ask on Monday", questions, ahead), part("What it is worth", figures), part("What I bet", bets));

  let record = null;
  const which = () => what.value;
  print.addEventListener("click", () => window.print());
  const save = (page, name, place) => {
    const address = URL.createObjectURL(new Blob([page], { type: "text/html" }));
    node("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    place.textContent = `✓ Saved as ${name}, where your browser keeps what it downloads.`;
  };
  file.addEventListener("click", () => save(fileOf(record, which(), css), which() ? `my_page_lesson_${which()}.html` : "my_page.html", status));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = who.input.value.trim().replace(/\s+/g, " ");
    const page = name && certificateFile(record, name, today(), css);
    if (page) return save(page, "certificate.html", certified);
    certified.textContent = name ? "Nothing is done yet that a certificate could say: answer a lesson's questions first." : "A certificate has a name on it: type yours.";
    return who.input.focus();
  });
  copy.addEventListener("click", async () => {
    text.value = textOf(record, which());
    try {
      await navigator.clipboard.writeText(text.value);
      text.hidden = true;
      status.textContent = "✓ Copied: paste it into a mail.";
    } catch {
      text.hidden = false;
      text.focus();
      text.select();
      status.textContent = "Your browser doesn't let a page copy. The text is selected below: copy it with Ctrl+C or ⌘C.";
    }
  });
  // The browser's own print gives the sheet too, as long as this page is the one that is seen.
  let takeOff = null;
  const before = () => { if (record && root.checkVisibility() && !takeOff) takeOff = layOut(record, which()); };
  const after = () => { takeOff?.(); takeOff = null; };
  window.addEventListener("beforeprint", before);
  window.addEventListener("afterprint", after);

  const lines = new Map(); // a lesson's questions, drawn once, so that what is typed stays
  let boards = null;
  const showCame = (html = "") => {
    const lines = cameOf(record);
    cameHere.hidden = !lines.length;
    if (html !== boards?.html) {
      boards?.forget();
      boards = { html, ...linksTo(html, "Open the page", "board_page.html") };
    }
    came.replaceChildren(...lines.flatMap((line) => [cameLine(line), ...(line.page && html ? [node("p", {}, ...boards.links)] : [])]));
  };
  const show = ({ record: found, board }, said) => {
    record = found;
    const { lessons, company } = record;
    where.replaceChildren(node("p", {}, progressWords(lessons)), ...nextLine(lessons), mapOf(lessons));
    showCompany({ company }, said);
    const words = companyWords(company);
    known.textContent = words && `${words}.`;
    change.hidden = !words;
    // Asked once: what is known waits behind a fold, unless somebody is typing in it.
    if (!words) asked.open = true;
    else if (words !== asked.dataset.known && !asked.contains(document.activeElement)) asked.open = false;
    asked.dataset.known = words;
    showCame(board);
    showDecisions(decided, lessons);
    showQuestions(lessons);
    const all = figuresTable(lessons.flatMap((lesson) => lesson.figures), company);
    figures.replaceChildren(all ?? node("p", { class: "quiet" }, company.worth ? "The lessons that you open put their figures here." : "Say above what an hour of yours is worth, and your figures stand here beside Kestrel's."));
    showBets(bets, record);
    if (what.options.length !== lessons.length + 1) {
      what.replaceChildren(node("option", { value: "" }, "The whole course"), ...lessons.map((lesson) => node("option", { value: lesson.number }, nameOf(lesson))));
    }
  };
  function showQuestions(lessons) {
    for (const lesson of lessons.filter(begun)) {
      if (!lines.has(lesson.number)) {
        const head = node("h3", {}, nameOf(lesson)), place = node("div");
        questions.append(head, place);
        lines.set(lesson.number, mondayLines(place, ({ monday }) => tell({ monday: { lesson: lesson.number, ...monday } })));
      }
      lines.get(lesson.number)({ monday: lesson.monday, page: "" }, "");
    }
    const open = lessons.filter((lesson) => !begun(lesson)).length;
    ahead.textContent = open ? `${lines.size ? "Every" : "Each"} lesson has three questions. They come here once you have begun it.` : "";
  }
  show.forget = () => {
    boards?.forget();
    window.removeEventListener("beforeprint", before);
    window.removeEventListener("afterprint", after);
  };
  return show;
}

function showDecisions(place, lessons) {
  const signed = lessons.filter(({ decision }) => decision?.choice);
  if (!signed.length) return place.replaceChildren(node("p", { class: "quiet" }, "Each lesson ends in a decision. What you sign stands here."));
  const found = table(["Question", "Decision", "Signed"], signed.map((lesson) => {
    const { question, choice, name, date, reason } = lesson.decision;
    return [
      node("span", {}, node("a", { href: lesson.link }, `Lesson ${Number(lesson.number)}`), ` ${question}`),
      node("span", {}, node("b", {}, choice), ...(reason ? [node("small", {}, reason)] : [])),
      `${name}, ${dateInWords(date)}`,
    ];
  }));
  found.classList.add("stacks", "ledger");
  return place.replaceChildren(node("div", { class: "scroll" }, found));
}

/** How the bets of the course lean, once there are enough of them to say something. */
function betsPicture({ lessons, bets_said: said }) {
  const settled = lessons.flatMap((lesson) => lesson.bets.filter(({ answer }) => answer).map((bet) => ({ ...bet, title: `${nameOf(lesson)}: ${bet.mine}` })));
  const picture = node("div", { class: "shows" });
  if (settled.length >= 3) picture.innerHTML = leaningPicture(settled, said, 640);
  return picture;
}

function showBets(place, record) {
  const { lessons, bets_said: said } = record;
  const rows = lessons.flatMap((lesson) => lesson.bets.map((bet) => ({ ...bet, lesson })));
  if (!rows.length) return place.replaceChildren(node("p", { class: "quiet" }, "Each bet comes here beside its answer, once you have seen the answer."));
  const found = table(["Bet", "Mine", "Answer", "How far off"], rows.map(({ asks, mine, answer, missed, lesson }) => [
    node("span", {}, node("a", { href: lesson.link }, `Lesson ${Number(lesson.number)}`), ` ${asks}`),
    node("span", { class: "mine" }, mine), answer ?? "not seen yet", missed ?? "",
  ]));
  found.classList.add("stacks", "ledger");
  found.querySelectorAll("tbody tr").forEach((row) => [...row.cells].slice(1).forEach((cell, i) => { cell.dataset.label = ["Mine", "Answer", "How far off"][i]; }));
  return place.replaceChildren(node("p", {}, said), betsPicture(record), node("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "My bets" }, found));
}

// A lab as a page that needs no server: the same boxes as in JupyterLab, judged here by digests.

import { choice, names, typed } from "../../labextension/share/jupyter/labextensions/faultlab/static/answer_box.js";
import { node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";
import { fold, keepPlace, sections, slimBar } from "../../labextension/share/jupyter/labextensions/faultlab/static/page_parts.js";
import { drawForm, helpForm, placeForm } from "../../classroom/notebook/forms.js";
import { recordCheck, recordHint, recordSolution } from "../../twin/progress.js";
import { Classroom, placeModel } from "./classroom.js";
import { LabTask } from "./lab_check.js";
import { takeAlong } from "./with_python.js";
import { cellOf, explain, view } from "./page_view.js";
import { Model, keepForOffline, ofTheDisk, ownStorage } from "./stand_in.js";
import { themeSwitch } from "./theme.js";

const FORMS = { number: typed, choice, names };
const ANSWERS = "faultlab:answers";
const LOOKS = {
  "not started": ["○", "Not started", "not-started"],
  "try again": ["↻", "Try again", "again"],
  correct: ["✓", "Correct", "correct"],
  hint: ["→", "Hint", "note"],
  solution: ["=", "Solution", "note"],
  task: ["", "", "asks"],
  lab: ["", "", "asks"],
  note: ["i", "Note", "note"],
};

/** A message: `Box` in faultlab/classroom/notebook/showing.py. */
function box(look, title, text = "", head = "") {
  const [symbol, word, kind] = LOOKS[look];
  const strong = node("strong", {}, ...(symbol ? [node("span", { "aria-hidden": "true" }, symbol), " "] : []), head || word);
  const made = look === "task" // a place to jump to
    ? node("div", { class: `faultlab-box ${kind}` }, strong, node("h3", { class: "title" }, title))
    : node("div", { ...(symbol ? { role: "status" } : {}), class: `faultlab-box ${kind}` }, strong, ...(title ? [" ", node("span", { class: "title" }, title)] : []));
  if (text) made.append(node("p", {}, ...linesOf(text)));
  return made;
}

function linesOf(text) {
  return text.split("\n").map((line) => node("span", /^[A-H]\) ./.test(line) ? { class: "faultlab-option" } : {}, line, node("br")));
}

// What was answered, by lab, team and task: kept in this browser, apart from the progress that a code carries.

function answersOf(lab, team) {
  const read = () => { try { return JSON.parse(ownStorage()?.getItem(ANSWERS)) ?? {}; } catch { return {}; } };
  return {
    get: (name) => read()[lab]?.[team]?.[name] ?? "",
    set: (name, text) => {
      const all = read();
      ((all[lab] ??= {})[team] ??= {})[name] = text;
      try { ownStorage()?.setItem(ANSWERS, JSON.stringify(all)); } catch { /* a private window keeps nothing */ }
    },
  };
}

/** What is said where nothing was answered. */
function askedFirst(task) {
  if (task.kind === "choice") return "Choose an option first.";
  if (task.kind === "names" && task.letters) return "Choose at least one option first.";
  return "Type your answer first, then press Enter.";
}

const cellWith = (kind, ...children) => node("div", { class: `jp-Cell jp-CodeCell faultlab-task ${kind}` }, ...children);

/** A decision: the question that stands there already, the box below it, and what is said of an answer. */
function decision(asked, task, page, here) {
  const points = `Task, ${task.points} point${task.points === 1 ? "" : "s"}`;
  const answer = cellWith("faultlab-boxed");
  const output = node("div", { class: "jp-OutputArea" });
  const judged = cellWith("faultlab-judged", node("div", { class: "jp-Cell-outputWrapper" }, output));
  asked.after(answer, judged);
  let mine, answers, form;

  const say = (sentence, kind = "") => {
    form.said.textContent = sentence;
    form.said.className = `faultlab-said ${kind}`;
    form.invalid(kind === "wrong");
  };
  const note = (record, ...details) => here.saved.change((data) => record(data, page.number, task.name, ...details));
  const help = () => {
    const place = node("div");
    let step = 0;
    const model = new Model({ form: "help", title: `Help: ${task.title}`, answer: "" }, ({ help: wanted }) => {
      let said = box("hint", task.title, "That was the last hint: a solution is beside it.");
      if (wanted === "solution") {
        note(recordSolution);
        said = box("solution", task.title, mine.solution());
      } else if (step < mine.hints.length) {
        step += 1;
        note(recordHint, step);
        said = box("hint", task.title, mine.hints[step - 1], `Hint ${step} of ${mine.hints.length}`);
      }
      model.update({ answer: said.outerHTML });
    });
    drawForm(helpForm, { model, el: place });
    return place;
  };
  const show = ({ state, message }) => {
    output.replaceChildren(box(state, task.title, message), ...(state === "correct" ? [] : [help()]));
  };
  const check = () => {
    const text = form.get();
    const outcome = mine.check(text);
    if (outcome.unread) {
      say(outcome.state === "not started" ? askedFirst(task) : outcome.message, "wrong");
      form.focus();
      return;
    }
    answers.set(task.name, text);
    note(recordCheck, outcome.state);
    say("");
    show(outcome);
    judged.scrollIntoView({ block: "nearest" });
    page.checked();
  };
  return (team) => {
    form = FORMS[task.kind]({ label: task.title, unit: task.unit, options: Object.keys(task.options ?? {}), kind: task.kind });
    form.code.remove();
    form.root.addEventListener("submit", (event) => { event.preventDefault(); check(); });
    answer.replaceChildren(form.root);
    mine = new LabTask(task, page.lab, page.teams, team);
    answers = answersOf(page.lab, team);
    asked.querySelector(".jp-OutputArea").replaceChildren(box("task", task.title, mine.asked, points));
    form.tell(mine.asked);
    asked.classList.toggle("faultlab-offered", Boolean(form.root.querySelector("input[type=radio], input[type=checkbox]")));
    form.set([answers.get(task.name)]);
    say("");
    show(answers.get(task.name) ? mine.check(answers.get(task.name)) : { state: "not started", message: "" });
  };
}

/** What came of the decisions that this page can judge, by what is saved. */
function summary(page, here) {
  const saved = here.saved.read().tasks[page.number] ?? {};
  const stateOf = (task) => saved[task.name]?.outcome ?? "not started";
  const lines = page.tasks.map((task) => `${stateOf(task)}: ${task.title}${stateOf(task) === "correct" ? ` (${task.points} of ${task.points})` : ""}`);
  const sum = (tasks) => tasks.reduce((all, task) => all + task.points, 0);
  const [done, whole] = [sum(page.tasks.filter((task) => stateOf(task) === "correct")), sum(page.tasks)];
  return box(done === whole ? "correct" : "note", `decisions ${done} of ${whole} points on this page`, lines.join("\n"), page.name);
}

export function start() {
  const page = JSON.parse(document.getElementById("lab").textContent);
  const here = new Classroom({ ...page, bets: {}, truths: {}, questions: [] }, ownStorage());
  /** @type {NodeListOf<HTMLElement>} */
  const asked = document.querySelectorAll("[data-task]");
  const cells = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".jp-Cell"))].map(cellOf);
  const all = () => cells;
  const parts = sections(all);
  const bar = slimBar({
    name: page.name,
    parts,
    view,
    home: () => { location.href = "index.html"; },
    menu: [
      ["My page", () => { location.href = "my_page.html"; }],
      ["My resume code", () => { location.href = "index.html#code"; }],
      ["Print", () => window.print()],
      ["Dark or light", themeSwitch()],
      ["Answer it with Python", () => { location.href = page.door; }],
    ],
  });
  document.querySelector(".faultlab-bar").replaceChildren(bar.element);
  for (const { label, href } of page.next) bar.follow({ label, go: () => { location.href = href; } });

  const summed = document.querySelector(".lab-summary");
  const sum = () => summed?.replaceChildren(summary(page, here));
  const tasks = [...asked].flatMap((cell) => {
    const task = page.tasks.find((one) => one.name === cell.dataset.task);
    return task ? [decision(cell, task, page, here)] : [];
  });

  for (const mount of document.querySelectorAll("[data-widget=code]")) takeAlong(/** @type {HTMLElement} */ (mount), here);
  const place = placeModel(here);
  page.checked = () => { sum(); place.show(); };
  const said = node("div");
  const choose = node("details", {}, node("summary", {}, "Another team, or your resume code"));
  const form = node("div");
  choose.append(node("p", {}, `This page has the numbers of the teams ${page.teams.join(", ")}. With Python every team has its own.`), ...ofTheDisk(), form);
  drawForm(placeForm, { model: place, el: form });
  document.querySelector(".lab-team")?.append(said, choose);
  let team = "";
  const meet = () => {
    const wanted = here.saved.team;
    const known = page.teams.includes(wanted) ? wanted : page.teams[0];
    const note = known === wanted ? "" : `This page hasn't got the numbers of team ${wanted}: you see those of ${known}. With Python every team has its own.`;
    said.replaceChildren(box("lab", `team ${known}`, note, page.name));
    if (known !== team) tasks.forEach((task) => task(known));
    for (const drawing of document.querySelectorAll("[data-teams]")) {
      /** @type {HTMLElement} */ (drawing).hidden = !(/** @type {HTMLElement} */ (drawing).dataset.teams.split(" ").includes(known));
    }
    team = known;
    sum();
  };
  place.on("change:answer", meet);
  meet();
  fold(() => [...document.querySelectorAll(".jp-Cell")].map((one) => cells.find((cell) => cell.node === one) ?? cellOf(one)), () => true);
  explain(cells, page.glossary);
  const kept = keepPlace(`faultlab:lab_${page.lab}`, view, all, parts, bar.tell);
  document.documentElement.classList.add("ready");
  kept.back();
  keepForOffline();
  performance.mark("ready");
}

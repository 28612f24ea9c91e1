// A lesson as a page that needs no server: the parts of the reading mode, with a stand-in for the kernel.

import { fold, keepPlace, sealing, sections, slimBar } from "../labextension/share/jupyter/labextensions/faultlab/static/page_parts.js";
import { default as forms } from "../classroom/notebook/forms.js";
import { default as ownForms } from "../classroom/notebook/own_forms.js";
import { default as explorer } from "../views/kit/explorer.js";
import { Classroom } from "./classroom.js";
import { pictureOf } from "./pictures.js";
import { default as fleet } from "../views/kit/fleet_watch.js";
import { default as longRun } from "../views/kit/long_run.js";
import { fleetModel, runModel, signOf } from "./recording.js";
import { Model, keepForOffline, ownStorage } from "./stand_in.js";
import { cellOf, explain, view } from "./page_view.js";
import { themeSwitch } from "./theme.js";

const data = (name) => JSON.parse(document.getElementById(name).textContent);

// What each kind of mount is: the script that draws it, and the model that stands in for the kernel.

function explorerModel(packed) {
  const frame = (state) => pictureOf(packed, state);
  return new Model({ ...packed, frame: frame(packed.state) }, ({ move }, model) => {
    if (move) model.tell("msg:custom", { state: move, frame: frame(move) }); // nothing is asked for ahead: all is here
  });
}

function recorded(mount, modelOf) {
  const packed = data(mount.dataset.of);
  const model = modelOf(packed);
  mount.before(signOf(packed, model));
  return model;
}

const KINDS = {
  explorer: (mount) => [explorer, explorerModel(data(mount.dataset.of))],
  fleet: (mount) => [fleet, recorded(mount, fleetModel)],
  run: (mount) => [longRun, recorded(mount, runModel)],
  bet: (mount, here) => [forms, here.bet(mount.dataset.of)],
  reveal: (mount, here) => [forms, here.reveal(mount.dataset.of)],
  quiz: (_, here) => [forms, here.quiz()],
  record: (_, here) => [forms, here.record()],
  place: (_, here) => [forms, here.place()],
  company: (_, { own }) => [ownForms, own.company()],
  decision: (_, { own }) => [ownForms, own.decision()],
  monday: (_, { own }) => [ownForms, own.monday()],
  where: (_, { own }) => [ownForms, own.where()],
  page: (_, { own }) => [ownForms, own.myPage(document.querySelector("style").textContent)],
  figures: (mount, { own }) => [ownForms, own.figures(data(mount.dataset.of))],
};
const LATER = ["explorer", "fleet", "run", "figures"]; // their data may still be on the way

function fill(mount, here) {
  const [script, model] = KINDS[mount.dataset.widget](mount, here);
  script.render({ model, el: mount });
  mount.dataset.live = "true";
}

function start() {
  const page = data("lesson");
  const cells = [...document.querySelectorAll(".jp-Cell")].map(cellOf);
  const all = () => cells;
  const code = cells.filter((cell) => cell.type === "code");
  code.forEach((cell) => cell.showCode(false));
  let shown = false;
  const parts = sections(all);
  const seal = sealing(view, all, parts, true);
  const bar = slimBar({
    name: page.name,
    parts,
    view,
    home: () => { location.href = "index.html"; },
    menu: [
      ["Show the code", (button) => {
        shown = !shown;
        code.forEach((cell) => cell.showCode(shown));
        button.textContent = shown ? "Fold the code" : "Show the code";
      }],
      ["My page", () => { location.href = "my_page.html"; }],
      ["Print", () => window.print()],
      ["Dark or light", themeSwitch()],
      ["Run the code yourself", () => { location.href = page.door; }],
    ],
  });
  document.querySelector(".faultlab-bar").replaceChildren(bar.element);
  for (const { label, href } of page.next) bar.follow({ label, go: () => { location.href = href; } });
  fold(all, () => true);
  const place = keepPlace(`faultlab:${page.lesson}`, view, all, parts, bar.tell);

  const here = new Classroom(page, ownStorage());
  const mounts = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".mount"))];
  const now = mounts.filter((mount) => !LATER.includes(mount.dataset.widget) || document.getElementById(mount.dataset.of));
  now.forEach((mount) => fill(mount, here));
  document.documentElement.classList.add("ready");
  seal.opened();
  performance.mark("first");
  document.addEventListener("DOMContentLoaded", () => {
    mounts.filter((mount) => !mount.dataset.live).forEach((mount) => fill(mount, here));
    place.back();
    explain(cells, page.glossary);
    performance.mark("ready");
    keepForOffline();
  });
}

start();

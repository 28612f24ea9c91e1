// The first page: where the learner is, what is next, and the place to keep.

import { drawForm, placeForm } from "../../classroom/notebook/forms.js";
import { Classroom, placeModel } from "./classroom.js";
import { keepForOffline, ofTheDisk, ownStorage } from "./stand_in.js";
import { themeSwitch } from "./theme.js";

/** How far a lesson has been read: 0, something between, or 1. */
function readOf(lesson) {
  try {
    const { done, of } = JSON.parse(ownStorage()?.getItem(`faultlab:${lesson}`) ?? "{}");
    return of ? (done + 1 >= of ? 1 : done / of) : 0;
  } catch {
    return 0;
  }
}

export function start() {
  const course = JSON.parse(document.getElementById("course").textContent);
  themeSwitch();
  const here = new Classroom({ number: "", bets: {}, truths: {}, questions: [], ...course }, ownStorage());
  const { bets, quiz } = here.saved.read();
  const begun = [];
  /** @type {NodeListOf<HTMLElement>} */
  const rows = document.querySelectorAll("[data-lesson]");
  for (const row of rows) {
    const { lesson } = row.dataset;
    const number = lesson.slice(0, 2);
    const placed = Object.values(bets[number] ?? {}).filter((one) => "bet" in one).length;
    const share = readOf(lesson);
    const answered = Object.keys(quiz[number] ?? {}).length;
    const state = share === 1 ? "read" : share > 0 || placed || answered ? "begun" : "";
    if (!state) continue;
    row.dataset.state = state;
    begun.push([lesson, state]);
    const parts = [state, placed && `${placed} bet${placed > 1 ? "s" : ""} placed`].filter(Boolean);
    row.querySelector(".state").textContent = ` · ${parts.join(", ")}`;
  }
  if (begun.length) {
    const [last, state] = begun.at(-1);
    const next = state === "read" ? course.lessons[course.lessons.indexOf(last) + 1] : last;
    /** @type {HTMLAnchorElement} */
    const go = document.querySelector(".go a");
    if (next) {
      go.href = `${next}.html`;
      go.textContent = `Go on with lesson ${Number(next.slice(0, 2))}`;
      document.querySelector(`[data-lesson="${next}"]`).setAttribute("aria-current", "step");
    }
  }
  /** @type {HTMLElement} */ (document.querySelector(".take")).hidden = location.protocol === "file:";
  const mount = document.querySelector("[data-widget=place]");
  mount.before(...ofTheDisk());
  drawForm(placeForm, { model: placeModel(here), el: mount });
  document.documentElement.classList.add("ready");
  performance.mark("ready");
  keepForOffline();
}

// Ten decisions before the course and ten after it, and what was gained. Nothing says what is right before both forms
// are handed in, or the second one alone. A notebook and a page without a server show the same.

import { node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";
import { FORMS, hasAnswered, rightOf } from "../../twin/before_and_after.js";
import { widgetTitle } from "../../views/kit/elements.js";
import { drawOwn } from "./own_forms.js";

const HEADS = { before: "Before the course", after: "After the course" };
const SAYS = {
  before: "Leave out what you would have to guess. What is right is said after the course.",
  after: "Answer these when you have done the lessons: ten other stories about the same ideas. Leave out what you would have to guess. Then you see what you gained.",
};

const LEFT_OUT = "left out";
const STATES = { done: "", begun: "not finished", "": "not begun" };
const SIGNS = { right: "✓", wrong: "✗", [LEFT_OUT]: "○" };

const unique = () => `faultlab-ten-${Math.random().toString(36).slice(2)}`;

/** A form of ten questions; `handIn` gets the places of the options that were chosen, by id. */
function questionsForm(form, pairs, handIn) {
  const status = node("p", { class: "status", role: "status" });
  const rows = pairs.map((pair, i) => {
    const { question, options } = pair[form], name = unique();
    const inputs = options.map((_, place) => node("input", { type: "radio", name, value: place, id: `${name}-${place}` }));
    return {
      id: pair.id, inputs,
      element: node("fieldset", {}, node("legend", {}, `${i + 1}. ${question}`),
        ...options.map((option, place) => node("div", { class: "option" }, inputs[place], node("label", { for: `${name}-${place}` }, option)))),
    };
  });
  const element = node("form", { novalidate: "" }, ...rows.map(({ element }) => element), node("button", { type: "submit" }, "Hand in my answers"), status);
  let warned = false;
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = Object.fromEntries(rows.flatMap(({ id, inputs }) => inputs.flatMap((input, place) => (input.checked ? [[id, place]] : []))));
    const open = rows.filter(({ id }) => !(id in chosen));
    if (open.length === rows.length) {
      status.textContent = "Answer at least one of the ten first.";
      return open[0].inputs[0].focus();
    }
    if (open.length && !warned) {
      warned = true;
      status.textContent = `${open.length} of the ten ${open.length === 1 ? "is" : "are"} open. Press again to hand in the others as they are: you can't change them then.`;
      return undefined;
    }
    return handIn({ hand_in: { form, chosen } });
  });
  return { element, status };
}

/** Which of the lessons that the questions are about aren't done, in a paragraph; none where all are. */
function stillOpen(lessons) {
  const parts = ["", "begun"].flatMap((state) => {
    const some = lessons.filter((lesson) => lesson.state === state);
    const links = some.flatMap(({ number, link }, i) => [
      ["", " and ", ", "][i && (i + 1 === some.length ? 1 : 2)], node("a", { href: link }, String(Number(number)))]);
    return some.length ? [[state ? "have not finished " : "have not begun ", some.length > 1 ? "lessons " : "lesson ", ...links]] : [];
  });
  if (!parts.length) return [];
  const told = parts.flatMap((part, i) => [i ? ", and " : "You ", ...part]);
  return [node("p", {}, ...told, ". Some of the ten are about these. You can answer all the same, now or after them: handed in once, the ten stay as they are.")];
}

/** What came of each pair, once the second form is handed in. */
function results(pairs, answers, lessons, gained) {
  const marks = Object.fromEntries(FORMS.map((form) => [form, rightOf(answers, form, pairs)
    .map((right, i) => (right ? "right" : pairs[i].id in (answers[form] ?? {}) ? "wrong" : LEFT_OUT))]));
  const asked = FORMS.filter((form) => hasAnswered(answers, form));
  const count = (what) => marks.after.filter((one) => one === what).length;
  const said = gained || [`You have ${count("right")} of ${pairs.length} right`, count(LEFT_OUT) && `, with ${count(LEFT_OUT)} left out`,
    ". Nobody can say what you gained, since you answered nothing before the course."].filter(Boolean).join("");
  const mark = (form, one) => node("span", { class: one.replace(" ", "-") }, `${SIGNS[one]} ${form}${one === LEFT_OUT ? `: ${LEFT_OUT}` : ""}`);
  const lessonOf = ({ lesson }) => {
    const { link, state } = lessons.find(({ number }) => number === lesson);
    return [node("a", { href: link }, `lesson ${Number(lesson)}`), STATES[state] && `, ${STATES[state]}`];
  };
  return [
    node("p", { class: "faultlab-sentence" }, said),
    node("p", { class: "quiet" }, "Ten questions are few: two more or fewer right can be chance."),
    node("ol", { class: "pairs" }, ...pairs.map((pair, i) => node("li", {},
      node("p", {}, node("b", {}, pair.idea)),
      node("p", { class: "quiet" }, ...asked.flatMap((form) => [mark(form, marks[form][i]), " · "]), ...lessonOf(pair)),
      node("details", {}, node("summary", {}, asked.length > 1 ? "The two questions" : "The question"),
        ...asked.map((form) => {
          const chosen = answers[form]?.[pair.id]?.chosen;
          const right = pair[form].options[pair[form].right];
          const mine = chosen === undefined ? "You left it out." : chosen === right ? "So you said." : `You said: ${chosen}.`;
          return node("p", {}, pair[form].question, " ", node("b", {}, `${right}.`), ` ${mine}`);
        }))))),
  ];
}

export function decisionsForm(root, tell) {
  root.classList.add("quiz", "ten-decisions");
  const parts = Object.fromEntries(FORMS.map((form) => {
    const body = node("div", {});
    return [form, { body, element: node("section", {}, widgetTitle(HEADS[form]), body) }];
  }));
  const came = node("section", { class: "gained" }), todo = node("div", {});
  root.append(parts.before.element, parts.after.element, came);
  let drawn = "";
  const forms = {};
  /** What had the focus is gone once a form is handed in: what came of it gets it, and comes into sight. */
  const leadOn = (form) => {
    const next = form === "after" ? came.firstChild : parts.before.body.firstChild;
    next.tabIndex = -1;
    next.focus();
  };
  return ({ pairs, answers, lessons, gained }, said) => {
    const state = JSON.stringify([FORMS.filter((form) => hasAnswered(answers, form)), lessons]);
    if (state !== drawn || !parts.before.body.firstChild) {
      const handedIn = FORMS.find((form) => forms[form] && parts[form].body.contains(document.activeElement) && hasAnswered(answers, form));
      drawn = state;
      for (const form of FORMS) {
        if (hasAnswered(answers, form)) {
          const line = hasAnswered(answers, "after") ? "✓ Handed in." : "✓ Handed in. What was right is said when you have answered the ten after the course.";
          parts[form].body.replaceChildren(node("p", { class: "status", role: "status" }, line));
          delete forms[form];
        } else if (!forms[form]) {
          forms[form] = questionsForm(form, pairs, tell);
          const asked = [node("p", {}, SAYS[form]), ...(form === "after" ? [todo] : []), forms[form].element];
          // The second form waits behind a fold: its stories belong to the end.
          parts[form].body.replaceChildren(...(form === "after" ? [node("details", {}, node("summary", {}, "The ten after the course"), ...asked)] : asked));
        }
      }
      todo.replaceChildren(...stillOpen(lessons));
      came.replaceChildren(...(hasAnswered(answers, "after") ? results(pairs, answers, lessons, gained) : []));
      if (handedIn) leadOn(handedIn);
    }
    if (said && !said.startsWith("✓")) Object.values(forms).forEach(({ status }) => { status.textContent = said; });
  };
}

export default { render: (given) => drawOwn(decisionsForm, given) };

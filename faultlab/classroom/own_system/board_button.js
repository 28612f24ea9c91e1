// The button that writes the board's page: the kernel writes the file, and the browser opens or saves it.

import { drawOwn } from "../notebook/own_forms.js";
import { linksTo } from "../notebook/sheet.js";
import { node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";

export function boardForm(root, tell) {
  root.classList.add("board-button");
  const budget = node("input", { type: "text", inputmode: "decimal", autocomplete: "off", size: 12 });
  const write = node("button", { type: "submit" }, "Write the board's page");
  const status = node("p", { class: "status", role: "status" });
  const links = node("p", {});
  const form = node("form", { novalidate: "" },
    node("div", { class: "row" }, node("label", {}, "Budget a year, if there is one ", budget), write), status, links);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    status.textContent = "Working it out …";
    tell({ budget: budget.value });
  });
  root.append(form);
  let page = null;
  const show = ({ html, name, company }, said) => {
    status.textContent = said;
    if (!html || form.dataset.html === html) return;
    form.dataset.html = html;
    page?.forget();
    page = linksTo(html, `Open ${company || "it"} as a page`, name);
    links.replaceChildren(...page.links);
  };
  show.forget = () => page?.forget();
  return show;
}

export default { render: (given) => drawOwn(boardForm, given) };

// The button that writes the board's page: the kernel writes the file, and the browser opens or saves it.

import { drawOwn } from "../notebook/own_forms.js";
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
  let address = "";
  const show = ({ html, name, company }, said) => {
    status.textContent = said;
    if (!html || form.dataset.html === html) return;
    form.dataset.html = html;
    if (address) URL.revokeObjectURL(address);
    address = URL.createObjectURL(new Blob([html], { type: "text/html" }));
    links.replaceChildren(node("a", { href: address, target: "_blank", rel: "noopener" }, `Open ${company || "it"} as a page`), " · ", node("a", { href: address, download: name }, "Save it as a file"));
  };
  show.forget = () => { if (address) URL.revokeObjectURL(address); };
  return show;
}

export default { render: (given) => drawOwn(boardForm, given) };

// At a door to Python: the resume code, by which what was done on the pages is there too.

import { node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";
import { placeModel } from "./classroom.js";

/** @param {HTMLElement} mount @param {import("./classroom.js").Classroom} here */
export function takeAlong(mount, here) {
  const code = node("code", { class: "resume", tabindex: "0" });
  const said = node("p", { role: "status" });
  const copy = node("button", { type: "button", class: "plain" }, "Copy my resume code");
  copy.addEventListener("click", async () => {
    code.textContent = placeModel(here).get("answer").code;
    copy.after(code);
    getSelection().selectAllChildren(code);
    await navigator.clipboard?.writeText(code.textContent).catch(() => {});
    said.textContent = "Paste it in lesson 0 there: what you did here comes along.";
  });
  mount.append(copy, said);
}

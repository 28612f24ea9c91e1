// The notebook's half of what is the learner's own (my_page.js): data come from the kernel, and go there.

import { replaceStill } from "../../views/kit/elements.js";
import { keepUnits, node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";
import { companyForm, decisionCard, figuresBeside, mondayLines, myPage, whereYouAre } from "./my_page.js";

const KINDS = { company: companyForm, decision: decisionCard, figures: figuresBeside, monday: mondayLines, page: myPage, where: whereYouAre };

/** Draw one form: a page names the kinds that it has, and carries no others. */
export function drawOwn(form, { model, el }) {
  const root = node("section", { class: "faultlab-form", "aria-label": model.get("title") });
  root.dataset.of = model.get("title");
  // JupyterLab's own keys belong to the form while the focus is in it.
  root.addEventListener("keydown", (event) => event.stopPropagation());
  root.addEventListener("focusin", ({ target }) => { target.dataset.lmSuppressShortcuts = "true"; });
  const show = form(root, (said) => model.send(said), model.get("css"));
  const draw = () => {
    show(model.get("shown"), model.get("status"));
    keepUnits(root);
  };
  el.append(root);
  draw();
  const names = ["shown", "status"];
  names.forEach((name) => model.on(`change:${name}`, draw));
  // Another notebook may have changed what is kept: whatever comes into sight is read anew.
  const watch = new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) model.send({ look: true }); });
  watch.observe(el);
  replaceStill(el);
  return () => {
    watch.disconnect();
    names.forEach((name) => model.off(`change:${name}`, draw));
    show.forget?.();
  };
}

export default { render: (given) => drawOwn(KINDS[given.model.get("form")], given) };

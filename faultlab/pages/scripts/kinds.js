// Each kind of widget that a lesson shows: what draws it, and the model that stands in for the kernel. A page
// carries only the kinds that it has.

import { betForm, drawForm, placeForm, quizForm, recordForm, revealForm } from "../../classroom/notebook/forms.js";
import { companyForm, decisionCard, figuresBeside, mondayLines, myPage, whereYouAre } from "../../classroom/notebook/my_page.js";
import { drawOwn } from "../../classroom/notebook/own_forms.js";
import { decisionsForm } from "../../classroom/notebook/ten_decisions.js";
import { rangesForm } from "../../classroom/own_system/ten_ranges.js";
import { default as explorerWidget } from "../../views/kit/explorer.js";
import { default as fleetWidget } from "../../views/kit/fleet_watch.js";
import { default as runWidget } from "../../views/kit/long_run.js";
import { default as ratingsWidget } from "../../views/lesson_07/free_ratings.js";
import { betModel, placeModel, quizModel, recordModel, revealModel } from "./classroom.js";
import { companyModel, decisionModel, decisionsModel, figuresModel, mondayModel, pageModel, rangesModel, whereModel } from "./own.js";
import { takeAlong } from "./with_python.js";
import { pictureOf } from "./pictures.js";
import { fleetModel, runModel, signOf } from "./recording.js";
import { Model } from "./stand_in.js";

const data = (mount) => JSON.parse(document.getElementById(mount.dataset.of).textContent);

export function explorer(mount) {
  const packed = data(mount);
  const frame = (state) => pictureOf(packed, state);
  const model = new Model({ ...packed, frame: frame(packed.state) }, ({ move }) => {
    if (move) model.tell("msg:custom", { state: move, frame: frame(move) }); // nothing is asked for ahead: all is here
  });
  explorerWidget.render({ model, el: mount });
}

function recorded(mount, modelOf, widget) {
  const packed = data(mount);
  const model = modelOf(packed);
  mount.before(signOf(packed, model));
  widget.render({ model, el: mount });
}

export const fleet = (mount) => recorded(mount, fleetModel, fleetWidget);
export const run = (mount) => recorded(mount, runModel, runWidget);

export const ratings = (mount) => ratingsWidget.render({ model: new Model(data(mount)), el: mount });

export const bet = (mount, here) => drawForm(betForm, { model: betModel(here, mount.dataset.of), el: mount });
export const reveal = (mount, here) => drawForm(revealForm, { model: revealModel(here, mount.dataset.of), el: mount });
export const quiz = (mount, here) => drawForm(quizForm, { model: quizModel(here), el: mount });
export const record = (mount, here) => drawForm(recordForm, { model: recordModel(here), el: mount });
export const place = (mount, here) => drawForm(placeForm, { model: placeModel(here), el: mount });

export const code = takeAlong;

export const company = (mount, here) => drawOwn(companyForm, { model: companyModel(here), el: mount });
export const decision = (mount, here) => drawOwn(decisionCard, { model: decisionModel(here), el: mount });
export const decisions = (mount, here) => drawOwn(decisionsForm, { model: decisionsModel(here), el: mount });
export const monday = (mount, here) => drawOwn(mondayLines, { model: mondayModel(here), el: mount });
export const where = (mount, here) => drawOwn(whereYouAre, { model: whereModel(here), el: mount });
export const figures = (mount, here) => drawOwn(figuresBeside, { model: figuresModel(here, data(mount)), el: mount });
export const ranges = (mount, here) => drawOwn(rangesForm, { model: rangesModel(here, data(mount)), el: mount });
export const page = (mount, here) => drawOwn(myPage, { model: pageModel(here, document.querySelector("style").textContent), el: mount });

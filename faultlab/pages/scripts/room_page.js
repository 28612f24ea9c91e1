// The facilitator's page: a room of learners from their resume codes, with nothing but a browser.

import { roomView } from "../../classroom/notebook/room.js";
import { keepForOffline } from "./stand_in.js";
import { themeSwitch } from "./theme.js";

export function start() {
  themeSwitch();
  roomView(document.querySelector(".faultlab-form"), JSON.parse(document.getElementById("room").textContent));
  document.documentElement.classList.add("ready");
  performance.mark("ready");
  keepForOffline();
}

// What runs in a lesson, played from a recording by the same buttons: start, stop and go on, and how fast.

import { node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";
import { frameAt } from "./pictures.js";
import { Model } from "./stand_in.js";

const SPEEDS = [1, 2, 5, 10, 20];
const LONGEST = 30; // seconds that a recording takes unless its reader slows it down

/** The frames of a recording, one after the other at their times; `show(place, running)` draws one. */
class Player {
  constructor(times, show) {
    this.times = times;
    this.show = show;
    this.at = -1;
    this.timer = 0;
    this.speed = SPEEDS.find((one) => times.at(-1) / one <= LONGEST) ?? SPEEDS.at(-1);
  }
  play() {
    clearTimeout(this.timer);
    if (this.at >= this.times.length - 1) this.at = -1;
    this.step();
  }
  step() {
    this.at += 1;
    const next = this.times[this.at + 1];
    this.show(this.at, next !== undefined);
    if (next !== undefined) this.timer = setTimeout(() => this.step(), (1000 * (next - this.times[this.at])) / this.speed);
  }
  stop() {
    clearTimeout(this.timer);
    this.show(this.at, false);
  }
}

/** A long run that was recorded. */
export function runModel(packed) {
  const { times, done, title } = packed;
  const lasts = `${Math.round(times.at(-1))} seconds`;
  const model = new Model({ title, frame: { svg: "", table: "", done: 0, running: false, sentence: `Not started. The recorded run took ${lasts}.` } },
    ({ do: what }) => (what === "stop" ? player.stop() : player.play()));
  const player = new Player(times, (place, running) => {
    const [svg, sentence, table] = frameAt(packed, place);
    const paused = !running && place < times.length - 1;
    model.update({ frame: { svg, table, done: done[place], running, sentence: paused ? "Stopped. Start goes on from here." : sentence } });
  });
  return Object.assign(model, { player });
}

/** A fleet that was recorded. */
export function fleetModel(packed) {
  const frame = (place, running, begun) => {
    const [svg, sentence, table, events] = frameAt(packed, place);
    return { svg, sentence, table, events: JSON.parse(events), running, recorded: true, begun, ask: false };
  };
  const model = new Model({ title: packed.title, workers: 0, faults: [], frame: frame(packed.first, false, true) }, ({ do: what, number }) => {
    model.tell("msg:custom", { answered: number, note: "" });
    if (what === "stop") return player.stop();
    if (model.get("frame").running) player.at = -1; // Reset
    player.play();
  });
  const player = new Player(packed.times, (place, running) => model.update({ frame: frame(place, running, true) }));
  return Object.assign(model, { player });
}

/** What says that this is a recording, of when and where, and how fast it is played. */
export function signOf({ date, machine }, { player }) {
  const day = new Date(date).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const select = node("select", { "aria-label": "How fast it is played" },
    ...SPEEDS.map((one) => node("option", { value: one }, one === 1 ? "as it was" : `${one} times as fast`)));
  select.value = player.speed;
  select.addEventListener("change", () => { player.speed = Number(select.value); });
  return node("p", { class: "faultlab-recording" }, node("b", {}, "Recording"), `${day}, ${machine}. Played`, select);
}

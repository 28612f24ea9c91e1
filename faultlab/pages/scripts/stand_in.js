// What stands in for a widget's model where there is no kernel: values, who listens to them, and who is told.

import { node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";

export class Model {
  seen = false;
  /** What a form does to be up to date; who makes it says what. */
  show = () => {};

  /** @param {object} values @param {(content: object, model: Model) => void} heard what is sent to the kernel */
  constructor(values, heard = () => {}) {
    this.values = values;
    this.heard = heard;
    this.listeners = new Map();
  }
  get(name) { return this.values[name]; }
  on(event, call) {
    if (!this.listeners.has(event)) this.listeners.set(event, new Set());
    this.listeners.get(event).add(call);
  }
  off(event, call) { this.listeners.get(event)?.delete(call); }
  tell(event, content) { for (const call of this.listeners.get(event) ?? []) call(content); }
  send(content) { this.heard(content, this); }
  /** Change values, all of them before anybody is told of one. */
  update(values) {
    Object.assign(this.values, values);
    for (const name of Object.keys(values)) this.tell(`change:${name}`, values[name]);
  }
}

/** Where this browser keeps things; null where it doesn't. */
export function ownStorage() {
  try { return window.localStorage; } catch { return null; }
}

/** Firefox: from a disk it keeps things for each page alone. */
export const keepsByPage = () => location.protocol === "file:" && window.CSS.supports("-moz-appearance", "none");

/** What a reader has to know of pages that were opened from a disk; nothing on a web host. */
export function ofTheDisk() {
  if (location.protocol !== "file:") return [];
  return [node("p", { class: "on-disk" }, "You opened this page from a disk. Firefox then keeps what you do for each page alone, "
    + "and neither the map nor My page nor a resume code from another page has it. Chrome and Edge keep it for all pages together, and so does every browser "
    + "where the pages have a web address.")];
}

/** On a web host, have every page kept for a time without a network; from a disk nothing is needed. */
export function keepForOffline() {
  if ("serviceWorker" in navigator && location.protocol !== "file:") navigator.serviceWorker.register("offline.js").catch(() => {});
}

// The browser's half of the form in which a system is described. It holds a tree of texts, sends it with every letter,
// and shows what the kernel answers: the diagram, the journeys, what a year costs, or one line on what is amiss.

import { drawOwn } from "../notebook/own_forms.js";
import { node } from "../../labextension/share/jupyter/labextensions/faultlab/static/node.js";
import { FIELDS, MISSION, NAMES, asTyped, chooser, converted, judged, keptNumber, nameList, originControl, plainBox, rangeControl, shownNumber, spoken } from "./fields.js";

const PAUSE = 10; // milliseconds after a letter, when it is sent
const REST = 700; // after which what takes longer is asked for
const PATIENCE = 5000;

const ROOMS = {
  components: { title: "Parts", says: "What your service is made of: programs, databases, suppliers.", add: "Add a part", one: "this part", name: "new part" },
  groups: { title: "Spares", says: "Parts of which there are several, so that not all have to work.", add: "Add spares", one: "these spares", name: "new spares" },
  services: { title: "Shared services", says: "What several journeys stand on. You can do without.", add: "Add a shared service", one: "this shared service", name: "new service" },
  journeys: { title: "Journeys", says: "What a customer wants to get done, what it needs, what an hour without it costs.", add: "Add a journey", one: "this journey", name: "new journey" },
  scenarios: { title: "Rare and large", says: "What no part's figures hold: a supplier gone, data encrypted, a bad change everywhere.", add: "Add a scenario", one: "this scenario", name: "new scenario" },
  options: { title: "What could be bought", says: "What it costs, and which figures it would change to what.", add: "Add an option", one: "this option", name: "new option" },
};
const CHANGED = {
  components: ["availability", "mtbf_hours", "mttr_hours"],
  groups: ["copies", "needs", "shared_cause", "switch_over_fails", "tested_every_hours"],
  scenarios: ["per_year", "hours", "lasting_cost", "data_lost_minutes"],
};
/** @type {Record<string, [string, {unit: string, high?: number}]>} */
const OBJECTIVES = {
  availability: ["Promised: it works for this share of the time", { unit: "%", high: 100 }],
  tolerance_hours: ["The longest outage that can be borne", { unit: "hours" }],
  recovery_hours: ["A recovery may take", { unit: "hours" }],
  recovery_point_minutes: ["A recovery may lose data of the last", { unit: "minutes" }],
};
const LIVES = { "availability mttr_hours": "the share of time for which it works", "mtbf_hours mttr_hours": "how often it fails" };

const listOf = (value) => (Array.isArray(value) ? value : []);

/** The lists in which entries of a room are named. A journey may have the name of a part, and an option too. @type {Record<string, string[]>} */
const LISTS = { journeys: ["journeys"], options: ["requires", "excludes"] };
const listsOf = (room) => LISTS[room] ?? ["needs", "among"];

/** Put a new name of an entry of a room in the place of its old one, wherever the tree names it; "" takes it out of the lists. */
export function renamed(tree, room, old, name) {
  const list = (names) => [...new Set(names.map((one) => (one === old ? name : one)).filter(Boolean))];
  for (const entry of Object.keys(ROOMS).flatMap((one) => Object.values(tree[one] ?? {}))) {
    for (const key of listsOf(room)) {
      if (Array.isArray(entry[key])) entry[key] = list(entry[key]);
    }
    if (room in LISTS) continue;
    if (entry.of === old && name) entry.of = name;
    if (entry.changes?.[old] && name !== old) {
      if (name) entry.changes[name] = entry.changes[old];
      delete entry.changes[old];
    }
  }
}

/** @type {Record<string, object>} */
const PLAIN = { loss: { money: true }, chance: { unit: "%", high: 100 }, copies: {}, needs: {} };

/** What the first field of an entry says of its number, where it can't be read: the field and the answers say the same. */
export function unread(entry, currency) {
  for (const holder of [entry, entry.objectives ?? {}, ...Object.values(entry.changes ?? {})]) {
    const asked = holder === entry.objectives ? Object.fromEntries(Object.entries(OBJECTIVES).map(([key, [, how]]) => [key, how])) : { ...PLAIN, ...FIELDS };
    for (const [key, value] of Object.entries(holder)) {
      if (!(key in asked) || (key === "needs" && Array.isArray(value))) continue;
      const amiss = [value].flat().find((text) => text && !Number.isFinite(Number(text)));
      const how = { question: asked[key].words, ...asked[key], ...(asked[key].money ? { unit: currency } : {}) };
      const { said } = keptNumber(asTyped(amiss ?? "", how), how);
      if (said) return said;
    }
  }
  return "";
}

const inserted = (list, place, one) => [...list.slice(0, place), one, ...list.slice(place)];

/**
 * Take an entry out, of its room and of whatever lists or changes it.
 * @returns {{room: string, name: string, at: number, entry: any, back: (name: string) => void}} what was taken out, and
 * from which place; `back` puts it there again, under this name, and into all that named it and is still there
 */
export function takenOut(tree, room, name) {
  const entry = tree[room][name], at = Object.keys(tree[room]).indexOf(name);
  /** @type {((name: string) => void)[]} */
  const mentions = [];
  for (const other of Object.keys(ROOMS).flatMap((one) => Object.values(tree[one] ?? {}))) {
    for (const key of listsOf(room).filter((one) => listOf(other[one]).includes(name))) {
      const place = other[key].indexOf(name);
      mentions.push((again) => { other[key] = inserted(listOf(other[key]), place, again); });
    }
    const change = room in LISTS ? undefined : other.changes?.[name], among = Object.keys(other.changes ?? {}).indexOf(name);
    if (change) mentions.push((again) => { other.changes = Object.fromEntries(inserted(Object.entries(other.changes ?? {}), among, [again, change])); });
  }
  delete tree[room][name];
  renamed(tree, room, name, "");
  return { room, name, at, entry, back: (again) => {
    tree[room] = Object.fromEntries(inserted(Object.entries(tree[room] ?? {}), at, [again, entry]));
    mentions.forEach((put) => put(again));
  } };
}

/** What is said of an entry while it is folded. */
function summary(room, entry, currency) {
  const ends = (value, percent, unit) => {
    if (value === undefined) return "";
    const [low, likely, high] = listOf(value).length === 3 ? value : [value, value, value];
    if (![low, likely, high].every((text) => Number.isFinite(Number(text)))) return "?";
    const between = low !== high ? ` (${shownNumber(low, percent)} to ${shownNumber(high, percent)})` : "";
    return `${shownNumber(likely, percent)} ${unit}${between}`;
  };
  const needs = listOf(entry.needs).map(spoken).join(", ");
  switch (room) {
    case "components": if (MISSION.some((key) => key in entry)) return "has to outlast a mission";
      return entry.availability !== undefined ? `works ${ends(entry.availability, true, "%")}` : `fails every ${ends(entry.mtbf_hours, false, "h")}`;
    case "groups": return entry.among ? `${entry.needs} of ${listOf(entry.among).map(spoken).join(", ")}` : `${entry.needs ?? "?"} of ${entry.copies ?? "?"} × ${spoken(entry.of ?? "?")}`;
    case "journeys": return `${ends(entry.worth_per_hour, false, `${currency} an hour`)}`;
    case "scenarios": return `${ends(entry.per_year, false, "a year")}`;
    case "options": return `${ends(entry.cost_per_year, false, `${currency} a year`)}`;
    default: return needs;
  }
}

export function systemForm(root, tell) {
  root.classList.add("own-system");
  let tree = {}, load = null, amountsIn = "", journey = "", typical = [], serial = 0, answered = 0, sent = 0, waiting = 0, resting = 0;
  const open = new Set();
  const drawn = new Map(); // how each entry that is open is drawn anew
  let fresh = ""; // the entry that was added last, until it is filled in or left: nothing is amiss with it so far
  /** @type {{room: string, name: string, says: string} | null} */
  let amiss = null;
  const out = []; // what was taken out and can be put back, the last one last

  // One at a time: what was typed meanwhile goes along with the next. A kernel that was restarted never answers.
  const busy = () => serial > answered && performance.now() - sent < PATIENCE;
  const send = (more = {}) => {
    if (busy()) return;
    serial += 1;
    sent = performance.now();
    tell({ serial, journey, ...more });
  };
  let dirty = false;
  const changed = () => {
    dirty = true;
    clearTimeout(waiting);
    waiting = setTimeout(flush, PAUSE);
  };
  const flush = () => {
    if (!dirty || busy()) return;
    dirty = false;
    send({ tree });
    clearTimeout(resting);
    resting = setTimeout(() => send({ offers: true }), REST);
  };

  // ---------- where to begin ----------
  const starts = node("select", { "aria-label": "Begin with" });
  const begin = node("button", { type: "button", disabled: "" }, "Begin with it");
  const file = node("input", { type: "file", accept: ".yaml,.yml", class: "unseen", tabindex: "-1", "aria-hidden": "true" });
  const choose = node("button", { type: "button", class: "line" }, "Open a file");
  starts.addEventListener("change", () => { begin.disabled = !starts.value; });
  begin.addEventListener("click", () => tell({ start: starts.value }));
  choose.addEventListener("click", () => file.click());
  file.addEventListener("change", async () => {
    const [one] = file.files;
    if (one) tell({ open: { name: one.name, text: await one.text() } });
    file.value = "";
  });
  const whose = node("p", {});
  const status = node("p", { class: "status", role: "status" });
  const top = node("div", { class: "begin" }, whose, node("div", { class: "row" }, starts, begin, choose, file), status);

  // ---------- what it answers ----------
  const sentence = node("p", { class: "faultlab-sentence", "aria-live": "polite" });
  const refusal = node("p", { class: "refusal", role: "status" });
  const pick = node("select", { "aria-label": "Journey that is drawn" });
  pick.addEventListener("change", () => { journey = pick.value; send(); });
  const picture = node("div", { class: "faultlab-picture" });
  const journeys = node("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Your journeys" });
  const apart = node("p", { class: "quiet" });
  const idle = node("p", {});
  const carriers = node("div", {});
  const offers = node("p", {});
  const saved = node("p", { class: "quiet" });
  const answers = node("div", { class: "answers" }, sentence, refusal, node("div", { class: "row" }, node("span", { class: "quiet" }, "Drawn:"), pick), picture, journeys, apart, idle, carriers, offers, saved);

  const fields = node("div", { class: "entries" });
  const follows = node("p", { class: "follows", "aria-hidden": "true" }); // on a phone, where the answers are out of sight
  const heard = node("p", { class: "unseen", role: "status" });
  root.append(top, heard, node("div", { class: "both" }, follows, fields, answers));

  // ---------- the fields ----------
  const currency = () => tree.currency ?? "";
  const names = (...rooms) => rooms.flatMap((room) => Object.keys(tree[room] ?? {}));
  const freeName = (wanted) => {
    let free = wanted;
    for (let i = 2; Object.keys(ROOMS).some((room) => free in (tree[room] ?? {})); i += 1) free = `${wanted} ${i}`;
    return free;
  };
  const copied = () => new Set(Object.values(tree.groups ?? {}).map((group) => group.of));

  function startFrom(room, entry, draw) {
    const there = typical.filter((one) => one.room === room);
    if (!there.length) return [];
    const options = Object.fromEntries([["", "a typical value …"], ...there.map((one, i) => [String(i), one.what])]);
    return [chooser("Start from", options, "", (at) => {
      if (!at) return;
      const { values, source } = there[Number(at)];
      if (room === "components") for (const key of Object.keys(FIELDS)) delete entry[key];
      Object.assign(entry, structuredClone(values));
      const origin = source ? { typical: source } : "assumed";
      const whole = Object.keys(entry).filter((key) => key in FIELDS).every((key) => key in values);
      const before = typeof entry.origin === "object" ? {} : Object.fromEntries(numbersOf(entry).map((key) => [key, entry.origin || "assumed"]));
      entry.origin = whole ? origin : { ...before, ...Object.fromEntries(Object.keys(values).map((key) => [key, origin])) };
      draw();
      changed();
    })];
  }
  const numbersOf = (entry) => [...Object.keys(FIELDS), ...MISSION].filter((key) => entry[key] !== undefined);
  const promisesOf = (promised) => Object.keys(OBJECTIVES).filter((key) => promised[key] !== undefined);
  const range = (entry, key, more = {}) => {
    const typed = () => { if (judged(entry, key, numbersOf(entry))) control.dispatchEvent(new Event("judged", { bubbles: true })); };
    const control = rangeControl(entry, key, { ...FIELDS[key], ...more, typed }, currency, changed);
    return control;
  };
  const ticked = (entry, key) => (names) => { entry[key] = names; changed(); };
  const put = (entry, key) => (value) => { if (value.length) entry[key] = value; else delete entry[key]; changed(); };
  const onceIn = (perYear) => (perYear > 0 && perYear < 1 ? ` (likely once in ${Number((1 / perYear).toPrecision(2))} years)` : "");

  const DRAW = {
    components: (entry, draw, name) => {
      const several = node("button", { type: "button", class: "line" }, "There are several of it");
      several.addEventListener("click", () => {
        const spares = freeName(`${name}s`);
        for (const room of ["services", "journeys"]) renamed({ [room]: tree[room] }, "components", name, spares);
        (tree.groups ??= {})[spares] = { ...NEW.groups(), of: name };
        open.add(`groups ${spares}`);
        drawAll();
        changed();
        fields.querySelector(`[data-entry="${CSS.escape(`groups ${spares}`)}"] summary`)?.focus();
      });
      const mission = MISSION.filter((key) => entry[key] !== undefined);
      if (mission.length) {
        const said = mission.map((key) => `${spoken(key)} ${[entry[key]].flat().join(", ")}`).join("; ");
        return [node("p", { class: "quiet" }, `This part has to outlast a mission: ${said}. That is kept as it is; change it in the file.`)];
      }
      const life = entry.mtbf_hours === undefined ? "availability mttr_hours" : "mtbf_hours mttr_hours";
      return [
        chooser("You know", LIVES, life, (chosen) => {
          const kept = entry[chosen.split(" ")[0]];
          delete entry[life.split(" ")[0]];
          entry[chosen.split(" ")[0]] = kept ?? (chosen.startsWith("mtbf") ? ["200", "1000", "5000"] : ["0.99", "0.999", "0.9999"]);
          entry.mttr_hours ??= ["0.25", "1", "8"];
          draw();
          changed();
        }),
        range(entry, life.split(" ")[0]), range(entry, "mttr_hours"), ...(copied().has(name) ? [] : [several]),
      ];
    },
    groups: (entry) => (entry.among
      ? [nameList("Any of these", names("components", "groups", "services"), listOf(entry.among), ticked(entry, "among")), plainBox("How many must work", entry.needs, put(entry, "needs"))]
      : [
        chooser("Copies of", Object.fromEntries(names("components").map((name) => [name, spoken(name)])), entry.of, put(entry, "of")),
        plainBox("How many there are", entry.copies, put(entry, "copies")),
        plainBox("How many must work", entry.needs, put(entry, "needs")),
        range(entry, "shared_cause"),
        node("details", { ...(entry.switch_over_fails || entry.tested_every_hours ? { open: "" } : {}) }, node("summary", {}, "More about these spares"),
          range(entry, "switch_over_fails"), range(entry, "tested_every_hours")),
      ]),
    services: (entry, _draw, name) => [nameList("Tick what it needs", names("components", "groups", "services").filter((one) => one !== name && !copied().has(one)), listOf(entry.needs), ticked(entry, "needs"))],
    journeys: (entry) => {
      const promised = entry.objectives ?? {};
      const origin = originControl(promised, () => promisesOf(promised), changed, "What is promised comes from");
      return [
        nameList("Tick what it needs", names("services", "groups", "components").filter((one) => !copied().has(one)), listOf(entry.needs), ticked(entry, "needs")),
        range(entry, "worth_per_hour"),
        node("p", { class: "quiet" }, "Take the average over all hours of a year, nights and quiet seasons among them. Where an outage stops several journeys, their amounts are added: count each sale in one of them only."),
        ...Object.entries(OBJECTIVES).map(([key, [words, how]]) => plainBox(words, promised[key], (value) => {
          if (value) promised[key] = value; else delete promised[key];
          const left = promisesOf(promised);
          if (judged(promised, key, left)) origin.again();
          if (left.length) entry.objectives = promised; else delete entry.objectives;
          changed();
        }, how)),
        origin,
      ];
    },
    scenarios: (entry) => [
      range(entry, "per_year", { hint: onceIn }), range(entry, "hours"),
      nameList("Tick the journeys that stand still", names("journeys"), listOf(entry.journeys), ticked(entry, "journeys")),
      range(entry, "lasting_cost"), range(entry, "data_lost_minutes"),
    ],
    options: (entry, draw, name) => {
      entry.changes ??= {};
      const places = names("components", "groups", "scenarios");
      const roomOf = (part) => Object.keys(CHANGED).find((room) => tree[room]?.[part]) ?? "components";
      // A figure begins as it is today; where the part has none, with a blank to fill and not with a perfect one.
      const today = (part, field) => structuredClone(tree[roomOf(part)]?.[part]?.[field]) ?? (FIELDS[field] ? "" : "1");
      const fieldOf = (part) => CHANGED[roomOf(part)].find((one) => tree[roomOf(part)]?.[part]?.[one] !== undefined) ?? CHANGED[roomOf(part)][0];
      const rows = Object.entries(entry.changes).flatMap(([part, values]) => Object.keys(values).map((field) => {
        const drop = () => {
          delete values[field];
          if (!Object.keys(values).length) delete entry.changes[part];
        };
        const move = (toPart, toField, value) => {
          drop();
          (entry.changes[toPart] ??= {})[toField] = value;
          draw();
          changed();
        };
        const kinds = [...new Set([...CHANGED[roomOf(part)], field])];
        const less = node("button", { type: "button", class: "plain" }, "Take out this change");
        less.addEventListener("click", () => { drop(); draw(); changed(); });
        const value = FIELDS[field]
          ? rangeControl(values, field, { ...FIELDS[field], words: `Then: ${FIELDS[field].words.toLowerCase()}` }, currency, changed)
          : plainBox("Then", values[field], (kept) => { values[field] = kept; changed(); });
        return node("div", { class: "change" },
          chooser("It touches", Object.fromEntries([...new Set([...places, part])].map((one) => [one, spoken(one)])), part,
            (chosen) => { const first = fieldOf(chosen); move(chosen, first, today(chosen, first)); }),
          chooser("and changes", Object.fromEntries(kinds.map((one) => [one, NAMES[one] ?? spoken(one)])), field, (chosen) => move(part, chosen, today(part, chosen))),
          value, less);
      }));
      const more = node("button", { type: "button", class: "line" }, "It changes one figure more");
      more.addEventListener("click", () => {
        const part = places.find((one) => !entry.changes[one]) ?? places[0];
        const field = fieldOf(part);
        (entry.changes[part] ??= {})[field] = today(part, field);
        draw();
        changed();
      });
      const others = names("options").filter((one) => one !== name);
      return [range(entry, "cost_per_year"), ...rows, more,
        ...(others.length ? [nameList("Only together with", others, listOf(entry.requires), put(entry, "requires")), nameList("Not together with", others, listOf(entry.excludes), put(entry, "excludes"))] : [])];
    },
  };
  const NEW = {
    components: () => ({ mtbf_hours: ["200", "1000", "5000"], mttr_hours: ["0.25", "1", "8"], origin: "assumed" }),
    groups: () => ({ of: names("components")[0] ?? "", needs: "1", copies: "2", shared_cause: ["0.02", "0.1", "0.3"], origin: "assumed" }),
    services: () => ({ needs: [] }),
    journeys: () => ({ needs: [], worth_per_hour: ["100", "1000", "10000"], origin: "assumed" }),
    scenarios: () => ({ per_year: ["0.01", "0.05", "0.2"], hours: ["4", "12", "48"], journeys: [], origin: "assumed" }),
    options: () => {
      const part = names("components")[0], field = CHANGED.components.find((one) => tree.components[part]?.[one] !== undefined);
      return { cost_per_year: ["5000", "10000", "20000"], changes: part ? { [part]: { [field]: structuredClone(tree.components[part][field]) } } : {}, origin: "assumed" };
    },
  };

  function entryOf(room, first) {
    let name = first;
    const told = node("span", { class: "quiet" });
    const title = node("b", {}, spoken(name));
    const inside = node("div", { class: "inside" });
    const fold = node("details", { "data-entry": `${room} ${name}` }, node("summary", {}, title, " ", told), inside);
    const entry = () => tree[room][name];
    let origin = node("div", {});
    inside.addEventListener("judged", () => origin.again());
    const say = () => { told.textContent = summary(room, entry(), currency()); };
    const draw = () => {
      const box = plainBox("Its name", spoken(name), rename, { text: true, size: 24 });
      const away = node("button", { type: "button", class: "plain away" }, `Take out ${ROOMS[room].one}`);
      away.addEventListener("click", () => {
        out.push(takenOut(tree, room, name));
        drawAll();
        changed();
        heard.textContent = `Taken out: ${spoken(name)}. You can put it back.`;
        show(fields.querySelector(".taken button"));
      });
      origin = originControl(entry(), () => numbersOf(entry()), changed);
      inside.replaceChildren(box, ...startFrom(room, entry(), draw), ...DRAW[room](entry(), draw, name),
        ...(room === "services" ? [] : [origin]), away);
      say();
    };
    const rename = (text) => {
      const wanted = text.trim() === spoken(name) ? name : text.trim();
      if (wanted && wanted !== name && wanted in tree[room]) return "There is one of this name already: choose another one.";
      if (!wanted || wanted === name) return "";
      tree[room] = Object.fromEntries(Object.entries(tree[room]).map(([key, value]) => [key === name ? wanted : key, value]));
      for (const some of [tree, ...out.map((one) => ({ [one.room]: { [one.name]: one.entry } }))]) renamed(some, room, name, wanted);
      if (open.delete(`${room} ${name}`)) open.add(`${room} ${wanted}`);
      if (fresh === `${room} ${name}`) fresh = `${room} ${wanted}`;
      name = wanted;
      fold.dataset.entry = `${room} ${name}`;
      title.textContent = spoken(name);
      drawn.forEach((again, other) => { if (other !== fold && other.open) again(); }); // they may list the old name
      changed();
      return "";
    };
    drawn.set(fold, draw);
    fold.addEventListener("toggle", () => {
      if (fold.open && !inside.childElementCount) draw(); // drawn when it is looked at: names may have changed before
      if (!fold.open) inside.replaceChildren();
      open[fold.open ? "add" : "delete"](`${room} ${name}`);
    });
    fold.addEventListener("input", say);
    fold.addEventListener("input", (event) => { if (fresh === fold.dataset.entry && event.target !== inside.querySelector("input")) fresh = ""; }); // its name is none of it
    if (open.has(`${room} ${name}`)) {
      fold.open = true;
      draw(); // at once: what is drawn later pushes away what was focused meanwhile
    }
    say();
    return fold;
  }

  /** Focus what the eye shall find. */
  const show = (found) => {
    if (!found) return;
    found.style.scrollMarginTop = `${follows.offsetHeight + 8}px`; // the line that follows lies over the top
    found.focus({ preventScroll: true });
    found.scrollIntoView({ block: "nearest" });
  };

  /** A line in the place of what was taken out last, with a button that puts it back. */
  function showTaken(section, room) {
    const last = out.at(-1);
    if (last?.room !== room) return;
    const back = node("button", { type: "button", class: "plain" }, "Put it back");
    back.addEventListener("click", () => {
      out.pop();
      const name = last.name in (tree[room] ?? {}) ? freeName(last.name) : last.name;
      last.back(name);
      drawAll();
      changed();
      heard.textContent = `${spoken(name)} is back.`;
      show(fields.querySelector(`[data-entry="${CSS.escape(`${room} ${name}`)}"] summary`));
    });
    const line = node("p", { class: "taken" }, `Taken out: ${spoken(last.name)}. `, back);
    section.insertBefore(line, section.querySelectorAll(":scope > details")[last.at] ?? section.lastElementChild);
  }

  function drawAll() {
    const set = (key) => (value) => { tree[key] = value; changed(); };
    const appetite = tree.appetite ?? {};
    // Amounts are numbers without a unit: in another currency they are other amounts, and that is never left unsaid.
    const rated = node("div", { class: "rated", role: "status" });
    const inAnother = () => {
      const to = currency().trim();
      if (!to || to === amountsIn || !amountsIn) {
        rated.replaceChildren();
        return;
      }
      let rate = "";
      const box = plainBox(`One ${amountsIn} is so many ${to}`, "", (value) => { rate = value; go.disabled = !(Number(value) > 0); });
      const go = node("button", { type: "button", class: "line", disabled: "" }, "Convert every amount");
      go.addEventListener("click", () => {
        converted(tree, Number(rate));
        amountsIn = to;
        drawAll();
        changed();
      });
      rated.replaceChildren(node("p", { class: "quiet" }, `Amounts stay as they were typed: 1,000 ${amountsIn} now counts as 1,000 ${to}. To convert them all, give the rate.`), box, go);
    };
    const limit = (key) => (value) => {
      if (value) appetite[key] = value; else delete appetite[key];
      if (Object.keys(appetite).length) tree.appetite = appetite; else delete tree.appetite;
      changed();
    };
    drawn.clear();
    fields.replaceChildren(
      node("section", {}, plainBox("Company", tree.company, set("company"), { text: true, size: 24 }), plainBox("Currency", tree.currency, (value) => { set("currency")(value); inAnother(); }, { text: true, size: 5 }), rated),
      ...Object.entries(ROOMS).map(([room, { title, says, add, name }]) => {
        const more = node("button", { type: "button", class: "line" }, add);
        more.addEventListener("click", () => {
          const free = freeName(name);
          (tree[room] ??= {})[free] = NEW[room]();
          open.add(`${room} ${free}`);
          fresh = `${room} ${free}`;
          drawAll();
          changed();
          fields.querySelector(`[data-entry="${CSS.escape(`${room} ${free}`)}"] input`)?.focus();
        });
        const section = node("section", {}, node("h3", {}, title), node("p", { class: "quiet" }, says), ...Object.keys(tree[room] ?? {}).map((one) => entryOf(room, one)), more);
        showTaken(section, room);
        return section;
      }),
      node("section", {}, node("h3", {}, "What the board accepts"),
        plainBox("A year that costs so much or more", appetite.loss, limit("loss"), { currency }),
        plainBox("comes with a chance of at most", appetite.chance, limit("chance"), { unit: "%", high: 100 })),
    );
    inAnother();
  }

  /** Say what is amiss, in place of what is said of it now. */
  function showRefusal() {
    const isGone = amiss?.name && !tree[amiss.room]?.[amiss.name];
    const said = amiss && !isGone && `${amiss.room} ${amiss.name}` !== fresh ? amiss : null;
    root.classList.toggle("refused", Boolean(said));
    refusal.replaceChildren();
    if (said) {
      const place = said.name ? `${ROOMS[said.room]?.title ?? ""}, ${spoken(said.name)}: ` : "";
      const about = said.name ? tree[said.room]?.[said.name] : tree[said.room];
      refusal.append(`${place}${(about && typeof about === "object" && unread(about, currency().trim())) || said.says} What stands below is from before.`);
      if (said.name) {
        const go = node("button", { type: "button", class: "plain" }, "Go there");
        go.addEventListener("click", () => {
          const there = fields.querySelector(`[data-entry="${CSS.escape(`${said.room} ${said.name}`)}"]`);
          if (!(there instanceof HTMLDetailsElement)) return;
          there.open = true;
          there.querySelector("summary")?.focus();
        });
        refusal.append(" ", go);
      }
    }
    follows.textContent = said ? refusal.textContent.replace(/ What stands below.*/, "") : sentence.textContent;
  }
  // It is left once something outside of it is pressed or has the focus.
  const leave = (event) => {
    if (!fresh || event.target.closest?.(`[data-entry="${CSS.escape(fresh)}"]`)) return;
    const isAmiss = amiss && `${amiss.room} ${amiss.name}` === fresh;
    fresh = "";
    if (isAmiss) showRefusal();
  };
  root.addEventListener("focusin", leave);
  root.addEventListener("pointerdown", leave);

  return (shown, said) => {
    answered = Math.max(answered, shown.serial);
    if (load !== shown.load) { // what is typed here is newer than any echo of it
      load = shown.load;
      tree = structuredClone(shown.tree);
      amountsIn = (tree.currency ?? "").trim();
      out.length = 0;
      fresh = "";
      typical = shown.typical;
      begin.disabled = true;
      starts.replaceChildren(node("option", { value: "" }, "choose …"), ...Object.entries(shown.starts).map(([key, words]) => node("option", { value: key }, words)));
      drawAll();
      clearTimeout(resting);
      resting = setTimeout(() => send({ offers: true }), REST);
    }
    whose.textContent = shown.own
      ? "This is your system. You can start over: your present system is kept as a copy."
      : "This is Kestrel's. Follow it for half an hour, or begin with a template and make it yours.";
    begin.classList.toggle("line", shown.own);
    status.textContent = said;
    const { answers: found, told } = shown;
    amiss = shown.refusal;
    if (found.svg) {
      sentence.textContent = found.sentence;
      journey = found.journey;
      pick.replaceChildren(...Object.entries(found.names).map(([key, words]) => node("option", { value: key }, words)));
      pick.value = journey;
      if (picture.dataset.svg !== found.svg) { picture.innerHTML = found.svg; picture.dataset.svg = found.svg; }
      const [first] = found.rows;
      journeys.replaceChildren(node("table", {}, node("thead", {}, node("tr", {}, ...Object.keys(first).map((head) => node("th", { scope: "col" }, head)))),
        node("tbody", {}, ...found.rows.map((row) => node("tr", {}, ...Object.values(row).map((cell, i) => node(i ? "td" : "th", i ? {} : { scope: "row" }, cell)))))));
      carriers.replaceChildren(...(found.carriers.length ? [node("p", { class: "head" }, "What carries the loss"),
        node("ol", {}, ...found.carriers.map((one) => node("li", {}, `${one.name}: ${one.share}`)))] : []));
      offers.textContent = found.offers ?? "";
      apart.textContent = found.apart;
      idle.textContent = found.idle;
    }
    showRefusal();
    saved.textContent = [
      told[0] ? "" : "What a year costs will stand here once you have placed your bet on it and turned the card.",
      shown.own ? (shown.kept ? `✓ Saved in ${shown.place}. Nothing leaves this machine.` : "It can't be saved here and is kept until this notebook is closed.") : "",
    ].filter(Boolean).join(" ");
    if (dirty) setTimeout(flush);
  };
}

export default { render: (given) => drawOwn(systemForm, given) };

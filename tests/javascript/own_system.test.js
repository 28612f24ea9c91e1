// The form of a system: what is kept of a number that was typed, ranges, names that change, ten ranges and their count.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AUTHOR, choose, converted, judged, keptNumber, rangeFrom, shownNumber, withoutThousands } from "../../faultlab/classroom/own_system/fields.js";
import { renamed, takenOut, unread } from "../../faultlab/classroom/own_system/system_form.js";
import { scored, verdict } from "../../faultlab/classroom/own_system/ten_ranges.js";

test("a share is kept as a fraction and shown in per cent", () => {
  for (const [typed, kept] of [["99.95", "0.9995"], ["99,95 %", "0.9995"], ["100", "1"], ["0.002", "0.00002"]]) {
    assert.equal(keptNumber(typed, { unit: "%", high: 100 }).kept, kept);
  }
  assert.equal(shownNumber("0.9995", true), "99.95");
  assert.equal(shownNumber("0.999999", true), "99.9999");
});

test("thousands and millions are read, and stay apart when they are shown", () => {
  assert.equal(keptNumber("2.5 million", {}).kept, "2500000");
  assert.equal(keptNumber("50k", {}).kept, "50000");
  assert.equal(shownNumber("2500000", false), "2,500,000");
  for (const [typed, kept] of [["1,000", "1000"], ["20,000", "20000"], ["1,234,567", "1234567"], ["£4,000", "4000"], ["1,5", "1.5"]]) {
    assert.equal(keptNumber(withoutThousands(typed).replace("£", ""), {}).kept, kept);
    assert.equal(keptNumber(typed.replace("£", ""), {}).kept, kept);
  }
  assert.equal(keptNumber("99,950", { unit: "%", high: 100 }).kept, "0.9995", "a share has no thousands");
  const written = ["1000", "20000", "1500", "2500000"].map((value) => shownNumber(value, false));
  assert.deepEqual(written.map((text) => keptNumber(text, { unit: "hours" }).kept), ["1000", "20000", "1500", "2500000"]);
});

test("money is read with its currency as bets are: a thousand, or asked back with both readings", () => {
  const read = (typed, unit) => keptNumber(typed, { unit, money: true, question: "An hour without it costs" });
  for (const [typed, kept] of [["1.000", "1000"], ["100.000", "100000"], ["1,000", "1000"], ["1.000,50", "1000.5"], ["1,5", "1.5"], ["40k EUR", "40000"], ["4,000 € an hour", "4000"], ["0.125", "0.125"]]) {
    assert.equal(read(typed, "EUR").kept, kept, typed);
    assert.equal(read(typed, "EUR").said, "", typed);
  }
  for (const [typed, unit] of [["$1.000", "USD"], ["£1,000", "GBP"], ["1'000 Fr.", "CHF"]]) assert.equal(read(typed, unit).kept, "1000", typed);
  for (const [typed, unit] of [["1.500", "EUR"], ["1.500", "USD"], ["1.000", ""]]) {
    const { kept, said } = read(typed, unit);
    assert.ok(!Number.isFinite(Number(kept)), "it counts as no number until it is clear");
    assert.ok(said.includes(`means ${Number(typed.replace(".", "")).toLocaleString("en")} or ${Number(typed)}.`), said);
  }
  assert.equal(keptNumber("1.500", { unit: "hours" }).kept, "1.5", "hours have decimals");
});

test("the answers say of a number what its field says, wherever it stands in an entry", () => {
  assert.equal(unread({ availability: ["often", "0.9", "0.99"], origin: "assumed" }, "EUR"), keptNumber("often", { unit: "%", high: 100 }).said);
  const { kept, said } = keptNumber("1.500", { unit: "EUR", money: true });
  assert.equal(unread({ needs: ["a"], worth_per_hour: ["1", kept, "2000"] }, "EUR"), said);
  assert.match(unread({ needs: ["a"], objectives: { availability: "150 %" } }, "EUR"), /^I read 150\. Type a number from 0 to 100\./);
  assert.match(unread({ cost_per_year: "1", changes: { disk: { mttr_hours: "soon" } } }, "EUR"), /'soon'/);
  assert.match(unread({ needs: "some", copies: "2" }, "EUR"), /'some'/);
  assert.match(unread({ availability: "%" }, "EUR"), /'%'/);
  assert.match(unread({ loss: "a lot", chance: "0.1" }, "EUR"), /'a lot' as a number in EUR/);
  assert.equal(unread({ needs: ["a"], worth_per_hour: ["1", "", "9"], objectives: { availability: "0.9" } }, "EUR"), "", "what else is amiss is for the kernel to say");
});

test("what can't be read is kept as it was typed, and never as another number", () => {
  for (const typed of ["ninety", "12 apples", "1..2"]) {
    const { kept, said } = keptNumber(typed, { unit: "hours" });
    assert.equal(kept, typed);
    assert.ok(said);
  }
  const beyond = keptNumber("150", { unit: "%", high: 100 });
  assert.ok(beyond.said);
  assert.ok(!Number.isFinite(Number(beyond.kept)), "1.5 would be taken for a share");
  assert.equal(shownNumber(beyond.kept, true), beyond.kept);
});

test("a range without a middle gets one between its ends, and one number is no range", () => {
  assert.deepEqual(rangeFrom("100", "", "10000"), ["100", "1000", "10000"]);
  assert.deepEqual(rangeFrom("0", "", "10"), ["0", "5", "10"]);
  const [low, likely, high] = rangeFrom("0.999", "", "0.99999").map(Number);
  assert.ok(low < likely && likely < high);
  assert.equal(rangeFrom("", "7", ""), "7");
  assert.equal(rangeFrom("7", "7", "7"), "7");
  assert.equal(rangeFrom("", "", ""), undefined);
  assert.deepEqual(rangeFrom("1", "2", ""), ["1", "2", ""], "nothing typed is lost");
});

test("a new name stands wherever the old one did", () => {
  const tree = () => ({
    components: { disk: {} },
    groups: { disks: { of: "disk" }, either: { among: ["disk", "tape"] } },
    services: { store: { needs: ["disk", "net"] } },
    journeys: { buy: { needs: ["store"] } },
    scenarios: { fire: { journeys: ["buy"] } },
    options: { better: { changes: { disk: { mttr_hours: "1" } }, excludes: ["other"] } },
  });
  const changed = tree();
  renamed(changed, "components", "disk", "drive");
  assert.deepEqual(changed.groups, { disks: { of: "drive" }, either: { among: ["drive", "tape"] } });
  assert.deepEqual(changed.services.store.needs, ["drive", "net"]);
  assert.deepEqual(changed.options.better.changes, { drive: { mttr_hours: "1" } });
  const without = tree();
  renamed(without, "journeys", "buy", "");
  assert.deepEqual(without.scenarios.fire.journeys, []);
  renamed(without, "components", "disk", "");
  assert.deepEqual(without.options.better.changes, {});
});

test("a journey with the name of a part is another thing", () => {
  const tree = { services: { search: { needs: ["disk"] } }, journeys: { search: { needs: ["search"] } }, scenarios: { fire: { journeys: ["search"] } } };
  renamed(tree, "journeys", "search", "find");
  assert.deepEqual(tree.journeys.search.needs, ["search"]);
  assert.deepEqual(tree.scenarios.fire.journeys, ["find"]);
});

test("what was taken out comes back where it was, and into all that named it", () => {
  const tree = () => ({
    components: { disk: { availability: "0.9" }, net: {}, tape: {} },
    groups: { either: { among: ["disk", "tape"] } },
    services: { store: { needs: ["net", "disk"] } },
    journeys: { look: { needs: ["store"] }, buy: { needs: ["disk", "store"] } },
    scenarios: { fire: { journeys: ["buy", "look"] }, flood: { journeys: [] } },
    options: { better: { changes: { net: { mttr_hours: "1" }, disk: { mttr_hours: "1" }, fire: { hours: "1" } } }, other: { requires: ["better"], changes: {} } },
  });
  const before = JSON.stringify(tree());
  for (const [room, name] of [["components", "disk"], ["groups", "either"], ["services", "store"], ["journeys", "buy"], ["scenarios", "fire"], ["options", "better"]]) {
    const now = tree();
    const last = takenOut(now, room, name);
    assert.ok(!(name in now[room]));
    assert.equal([last.room, last.name].join(" "), `${room} ${name}`);
    last.back(name);
    assert.equal(JSON.stringify(now), before, `${room} ${name}`);
  }
  const now = tree();
  const first = takenOut(now, "components", "disk"), second = takenOut(now, "journeys", "buy");
  now.services.store.needs.push("tape");
  second.back("buy");
  first.back("drive");
  assert.deepEqual(now.services.store.needs, ["net", "drive", "tape"], "what was typed meanwhile stays");
  assert.deepEqual(now.journeys.buy.needs, ["drive", "store"]);
  assert.deepEqual(Object.keys(now.components), ["drive", "net", "tape"]);
});

test("ranges that hold, miss, can't be read, or aren't there", () => {
  const questions = [50, 50, 50, 50, 50].map((truth) => ({ truth, unit: "%", high: 100 }));
  const { held, said } = scored(questions, { 0: ["40", "60 %"], 1: ["60", "70"], 2: ["60", "40"], 3: ["a few", "60"] });
  assert.deepEqual(held, [true, false, null, null, null]);
  assert.deepEqual(said.map(Boolean), [false, false, true, true, false]);
});

test("what a count means", () => {
  assert.match(verdict(6, 10), /too narrow: make|too narrow\. Make/i);
  assert.match(verdict(7, 10), /can be luck/);
  assert.match(verdict(10, 10), /very wide/);
  assert.match(verdict(3, 4), /all ten/);
});

test("a number that somebody types is their judgement, until they choose an origin", () => {
  const keys = ["availability", "mttr_hours"];
  const mine = { judgement: AUTHOR };
  const part = { origin: { typical: "a page" } };
  assert.equal(judged(part, "mttr_hours", keys), true);
  assert.deepEqual(part.origin, { availability: { typical: "a page" }, mttr_hours: mine });
  assert.equal(judged(part, "mttr_hours", keys), false, "the next letter changes nothing");
  judged(part, "availability", keys);
  assert.deepEqual(part.origin, mine, "one for all again");
  part.origin = { contract: "ours" };
  choose(part, keys);
  assert.equal(judged(part, "mttr_hours", keys), false);
  assert.deepEqual(part.origin, { contract: "ours" });
  const unsaid = {};
  judged(unsaid, "hours", ["hours", "per_year"]);
  assert.deepEqual(unsaid.origin, { hours: mine }, "what nobody said stays unsaid");
  judged(unsaid, "hours", ["per_year"]);
  assert.deepEqual(unsaid, {}, "a number that is gone has no origin");
  const whole = { origin: "assumed" };
  assert.equal(judged(whole, "hours", ["per_year"]), false);
  assert.equal(whole.origin, "assumed");
});

test("every amount goes along into another currency, and nothing else", () => {
  const tree = {
    currency: "EUR", company: "7",
    components: { disk: { mttr_hours: "2" } },
    journeys: { buy: { needs: ["disk"], worth_per_hour: ["10", "20", ""], objectives: { tolerance_hours: "4" } } },
    scenarios: { fire: { hours: "3", lasting_cost: "a lot" } },
    options: { better: { cost_per_year: "1000", changes: { fire: { lasting_cost: ["1", "2", "3"], hours: "1" } } } },
    appetite: { loss: "500", chance: "0.1" },
  };
  converted(tree, 1.1);
  assert.deepEqual(tree.journeys.buy.worth_per_hour, ["11", "22", ""]);
  assert.deepEqual(tree.options.better, { cost_per_year: "1100", changes: { fire: { lasting_cost: ["1.1", "2.2", "3.3"], hours: "1" } } });
  assert.deepEqual(tree.appetite, { loss: "550", chance: "0.1" });
  assert.deepEqual(tree.scenarios.fire, { hours: "3", lasting_cost: "a lot" }, "what can't be read stays");
  assert.equal(tree.components.disk.mttr_hours + tree.journeys.buy.objectives.tolerance_hours + tree.company, "247");
});

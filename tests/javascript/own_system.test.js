// The form of a system: what is kept of a number that was typed, ranges, names that change, ten ranges and their count.

import assert from "node:assert/strict";
import { test } from "node:test";
import { keptNumber, rangeFrom, shownNumber, withoutThousands } from "../../faultlab/classroom/own_system/fields.js";
import { renamed } from "../../faultlab/classroom/own_system/system_form.js";
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
  renamed(changed, "disk", "drive");
  assert.deepEqual(changed.groups, { disks: { of: "drive" }, either: { among: ["drive", "tape"] } });
  assert.deepEqual(changed.services.store.needs, ["drive", "net"]);
  assert.deepEqual(changed.options.better.changes, { drive: { mttr_hours: "1" } });
  const without = tree();
  renamed(without, "buy", "");
  assert.deepEqual(without.scenarios.fire.journeys, []);
  renamed(without, "disk", "");
  assert.deepEqual(without.options.better.changes, {});
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

// Progress in a browser: kept, set aside where it is damaged, and held until the page is closed where nothing is kept.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Progress, empty } from "../../faultlab/twin/progress.js";

const KEY = "faultlab-progress";

/** @param {Record<string, string>} [kept] */
function storage(kept = {}) {
  return { kept, getItem: (/** @type {string} */ key) => kept[key] ?? null, setItem: (/** @type {string} */ key, /** @type {string} */ text) => { kept[key] = text; } };
}

test("what was changed is there for the next page", () => {
  const place = storage();
  const mine = new Progress(place);
  assert.equal(mine.team, "kestrel");
  mine.change((data) => { data.team = "red-7"; });
  assert.equal(new Progress(place).team, "red-7");
  assert.ok(mine.saved);
  mine.read().team = "changed in a copy";
  assert.equal(mine.team, "red-7");
});

test("what can't be read is set aside and reported, and nothing is thrown away", () => {
  for (const damaged of ["", "{", "[]", '{"format": 99}', '{"format": 1, "team": "", "tasks": 3}']) {
    const place = storage({ [KEY]: damaged });
    const mine = new Progress(place);
    assert.deepEqual(mine.read(), empty());
    assert.match(mine.remark, /set aside/);
    assert.ok(Object.entries(place.kept).some(([key, text]) => key !== KEY && text === damaged));
    mine.change((data) => { data.team = "red-7"; });
    assert.equal(new Progress(place).team, "red-7");
  }
});

test("where nothing can be kept the page goes on and says so", () => {
  const full = { getItem: () => null, setItem: () => { throw new Error("no room"); } };
  const shut = { getItem: () => { throw new Error("denied"); }, setItem: () => {} };
  for (const place of [null, full, shut]) {
    const mine = new Progress(place);
    mine.change((data) => { data.team = "red-7"; });
    assert.equal(mine.team, "red-7");
    assert.equal(mine.saved, false);
    assert.match(mine.remark, /kept until this page is closed/);
  }
});

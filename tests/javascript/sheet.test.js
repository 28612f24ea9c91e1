// The lines of My page that tell what came of the course.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cameOf } from "../../faultlab/classroom/notebook/sheet.js";

test("a game that came by a resume code says where it is told", () => {
  const code = "GD1-7", told = (/** @type {string} */ said) => cameOf({ lessons: [{ number: "11", board: null, game: { said, code } }], gained: "" })[0];
  assert.equal(told("Board, year 3: it cost 1.2 million EUR.").said, "Board, year 3: it cost 1.2 million EUR.");
  assert.match(told("").said, /^A year played to its end\. Open lesson 11 once/);
  assert.equal(told("").where, "code GD1-7");
});

// What of JupyterLab's extension can be tried without JupyterLab.

import assert from "node:assert/strict";
import { test } from "node:test";

const STATIC = new URL("../../faultlab/labextension/share/jupyter/labextensions/faultlab/static/", import.meta.url);
const { asOutline, eventsOf, parse, parseTree } = await import(new URL("answer_box.js", STATIC).href);
const { open, opening, save, startAhead } = await import(new URL("opening.js", STATIC).href);
const { minutesLeft, sections } = await import(new URL("page_parts.js", STATIC).href);
const { follows } = await import(new URL("reading.js", STATIC).href);

const soon = () => new Promise((done) => { setTimeout(done, 5); });
const signal = () => ({ connect() {}, disconnect() {} });

test("an answer is found in its cell, and written back beside what stands there", () => {
  for (const [source, value] of [
    ["mttr = ...", ""], ["mttr = 12.5  # minutes", "12.5"], ["mttr = -1_000", "-1_000"], ['mttr = "a \\"b\\""', 'a "b"'],
    ["mttr = B", "B"], ["  mttr=1e-5\n", "1e-5"],
  ]) assert.deepEqual(parse(source, { name: "mttr" })?.values, [value], source);
  assert.equal(parse("mttr = 12.5  # minutes", { name: "mttr" }).write(["8"]), "mttr = 8  # minutes");
  for (const code of ["mttr = sum(x)", "mttr = 1\nmore = 2", "other = 1", "mttr == 3", "mttr = I"]) {
    assert.equal(parse(code, { name: "mttr" }), null, code);
  }
});

test("several answers in one cell each have their line", () => {
  const source = 'mine = {\n    "count": ...,\n    "mttr": 12,  # minutes\n}';
  const found = parse(source, { name: "mine", parts: ["count", "mttr"] });
  assert.deepEqual(found.values, ["", "12"]);
  assert.equal(found.write(["3", "45.5"]), 'mine = {\n    "count": 3,\n    "mttr": 45.5,  # minutes\n}');
  assert.equal(parse(source, { name: "mine", parts: ["count", "other"] }), null);
});

test("an outline's events are the names with nothing below them, each once", () => {
  assert.deepEqual(eventsOf("Down: any of\n  - Database\n  Both: all of\n    web 1\n    web 2\n  Both\n\n  Database"), ["Database", "web 1", "web 2"]);
  const tree = { down: ["or", "database", "both"], both: ["and", "web 1", "web 2"] };
  assert.deepEqual(eventsOf(asOutline(tree)), ["database", "web 1", "web 2"]);
  assert.deepEqual(parseTree(`tree = ${JSON.stringify({ tree, enough: ["database"] })}`, { name: "tree" }).values, [{ tree, enough: ["database"] }]);
  assert.equal(parseTree("tree = grow()", { name: "tree" }), null);
});

test("sections begin with a heading of the second level and share the minutes that were promised", () => {
  const cell = (type, source) => ({ type, source });
  const cells = [
    cell("markdown", "# Lesson\n\n*30 minutes*"), cell("code", "Explorer(picture, [])"),
    cell("markdown", `## First\n\n${"word ".repeat(200)}`), cell("markdown", "### Within"), cell("code", 'lesson.bet("one")'),
    cell("markdown", "Before it\n\n## No beginning"), cell("markdown", "## Last"),
  ];
  const found = sections(() => cells);
  assert.deepEqual(found.map((part) => part.title), ["Lesson", "First", "Last"]);
  assert.ok(Math.abs(found.reduce((sum, part) => sum + part.minutes, 0) - 30) < 1e-9);
  assert.ok(found[0].minutes > found[1].minutes && found[1].minutes > found[2].minutes);
});

test("a game that was played to its end takes no minutes any more", () => {
  let played = false;
  const cell = (type, source) => ({ type, source, node: { querySelector: () => (played && source.includes("GameDay") ? {} : null) } });
  const parts = sections(() => [
    cell("markdown", "# Lesson\n\n*75 minutes*"), cell("markdown", "## Your year"), cell("code", "game = lesson.play(GameDay())"),
    cell("markdown", "## After it"), cell("code", "lesson.quiz()"),
  ]);
  assert.ok(minutesLeft(parts, 1) > 70);
  assert.ok(Math.abs(minutesLeft(parts, 0) - 75) < 1e-9);
  played = true;
  assert.ok(minutesLeft(parts, 1) < 4);
  assert.ok(Math.abs(minutesLeft(parts, 1) - minutesLeft(parts, 2) - (parts[1].minutes - parts[1].games[0].minutes)) < 1e-9);
});

test("of a lab, the time goes to its tasks, and most of it to functions", () => {
  const cell = (type, source) => ({ type, source });
  const found = sections(() => [
    cell("markdown", "# Lab\n\n*40 minutes; about 20 for the decisions alone.*"), cell("markdown", "## Decisions"),
    ...["one", "two", "three"].map((name) => cell("code", `check.${name}.question()`)),
    cell("markdown", "## Functions"), cell("code", "check.year_function.question()"), cell("markdown", "## Take this to work"),
  ]);
  const [opening, decisions, functions, closing] = found.map((part) => part.minutes);
  assert.ok(functions > decisions && decisions > 10 && opening + closing < 1);
});

test("after a lesson comes its lab, and after a lab the next lesson", async () => {
  const folders = {
    "here/course": ["here/course/01_one.ipynb", "here/course/02_two.ipynb", "here/course/02_two.yaml"],
    "here/labs": ["here/labs/01_one.ipynb"],
  };
  const get = async (path) => {
    if (!(path in folders)) throw new Error("no such folder");
    return { content: folders[path].map((one) => ({ path: one })) };
  };
  const app = { serviceManager: { contents: { get } } };
  assert.deepEqual(await follows(app, "here/course/01_one.ipynb"), { path: "here/labs/01_one.ipynb", label: "Lab 1" });
  assert.deepEqual(await follows(app, "here/labs/01_one.ipynb"), { path: "here/course/02_two.ipynb", label: "Lesson 2" });
  assert.equal(await follows(app, "elsewhere.ipynb"), null);
  assert.equal(await follows(app, "nowhere/course/03_three.ipynb"), null);
});

test("saves follow one another, and a folder that is for reading only is left alone", async () => {
  const log = [];
  const panel = (writable) => ({ isDisposed: false, context: { contentsModel: { writable }, save: async () => { log.push("begin"); await soon(); log.push("end"); } } });
  const mine = panel(true);
  await Promise.all([save(mine), save(mine), save(panel(false))]);
  assert.deepEqual(log, ["begin", "end", "begin", "end"]);
  await save({ isDisposed: false, context: { contentsModel: { writable: true }, save: () => Promise.reject(new Error("gone")) } });
});

test("a kernel that is on its way is not started twice", async () => {
  const started = [];
  const sessions = /** @type {any} */ ({
    ready: Promise.resolve(), running: () => [], connectTo: ({ model }) => model,
    startNew: async ({ path }) => {
      await soon();
      started.push(path);
      return { model: `${path}, ${started.length}`, kernel: { requestExecute: () => ({ done: Promise.resolve() }) } };
    },
  });
  const first = "course/01_small.ipynb";
  startAhead(first, sessions);
  const [mine, other] = await Promise.all([sessions.startNew({ path: first }), sessions.startNew({ path: "b.ipynb" })]);
  assert.equal(mine, `${first}, ${started.indexOf(first) + 1}`);
  assert.equal(other.model, `b.ipynb, ${started.indexOf("b.ipynb") + 1}`);
  assert.equal((await sessions.startNew({ path: first })).model, `${first}, 3`, "asked for once more, it is a new one");
});

test("what the kernel knows already is not run again", async () => {
  const shown = { data: { "application/vnd.jupyter.widget-view+json": { model_id: "abc" } } };
  const cell = { model: { type: "code", outputs: { length: 1, get: () => shown } } };
  const kernel = (comms) => ({ requestCommInfo: async () => ({ content: { comms } }) });
  const panel = (comms) => ({
    isDisposed: false, node: { dataset: {}, querySelector: () => null, append() {} }, content: { widgets: [cell] }, disposed: signal(), context: { path: "" },
    sessionContext: { ready: Promise.resolve(), session: { kernel: kernel(comms) }, statusChanged: signal(), kernelChanged: signal() },
  });
  const known = panel({ abc: {} });
  const run = open(known, "lesson", { execute: () => assert.fail("run again") });
  assert.equal(known.node.dataset.faultlab, "opening");
  assert.equal(opening(known), run);
  await run;
  assert.equal(known.node.dataset.faultlab, "open");
  await opening({});
});

test("the extension speaks the container's protocol and leaves strangers' notebooks alone", async () => {
  globalThis.document = /** @type {any} */ ({
    currentScript: { src: new URL("remoteEntry.js", STATIC).href },
    createElement: () => ({}), head: { append: (style) => { globalThis.looks = style.textContent; } },
  });
  globalThis.fetch = /** @type {any} */ (async () => ({ text: async () => ":root { --ink: light-dark(#101820, #e8edf2); }" }));
  await import(new URL("remoteEntry.js", STATIC).href);
  const container = globalThis._JUPYTERLAB.faultlab;
  const shared = (name, things) => ({ [name]: { "1.0.0": { get: async () => () => things } } });
  container.init({
    ...shared("@jupyterlab/notebook", { INotebookTracker: "tracker" }), ...shared("@jupyterlab/cells", { CodeCell: {} }),
    ...shared("@jupyterlab/ui-components", { ToolbarButton: class {} }), ...shared("@lumino/widgets", { Widget: class {} }),
    ...shared("@jupyterlab/coreutils", { PageConfig: { getOption: () => "stranger.ipynb" } }),
  });
  const { default: plugin } = (await container.get())();
  assert.equal(plugin.id, "faultlab:lesson");
  assert.deepEqual(plugin.requires.slice(0, 1), ["tracker"]);
  let met;
  const sessions = { startNew: () => assert.fail("a kernel for a stranger") };
  plugin.activate({ serviceManager: { contents: {}, sessions } }, { widgetAdded: { connect: (call) => { met = call; } } });
  const touched = [];
  await met(null, {
    context: { ready: Promise.resolve() }, addClass: (name) => touched.push(name),
    content: { widgets: [], model: { getMetadata: () => undefined, cells: { changed: signal() } } },
  });
  assert.deepEqual(touched, []);
  assert.match(globalThis.looks, /\.look \.faultlab-picture \[fill="#101820"\] \{ fill: var\(--ink\); \}/);
});

// Reads a lesson in Firefox as a learner does, and says what was seen; driven by puppeteer over WebDriver BiDi.
// On standard input: { firefox, tools, addresses, lesson, code }; `code` is a resume code of another browser.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { firefox, tools, addresses, lesson, code } = JSON.parse(readFileSync(0, "utf-8"));
const puppeteer = createRequire(`${tools}/`)("puppeteer-core").default;

/** Wait until something is true on the page; both are told what was waited for. */
const until = (page, what, ...given) => page.waitForFunction(what, { timeout: 30_000, polling: 100 }, ...given);
const ready = (page) => until(page, () => performance.getEntriesByName("ready").length > 0);
const text = (page, selector) => page.$eval(selector, (one) => one.textContent);

async function press(page, selector) {
  await page.$eval(selector, (one) => one.click());
}

async function read(browser, address) {
  const page = await browser.newPage();
  const said = [];
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("console", (message) => { if (message.type() === "error") said.push(message.text()); });
  const seen = {};
  await page.goto(`${address}/${lesson}.html`);
  await ready(page);

  seen.told = await page.$$eval("[data-widget=bet] + .on-disk", (found) => found.map((one) => one.textContent).join());
  await page.type(".slip input", "8,5 hours");
  await press(page, ".slip button[type=submit]");
  await until(page, () => document.querySelector(".slip .status").textContent.startsWith("✓"));
  seen.bet = await text(page, ".slip .status");
  for (;;) {
    const covered = await page.$$eval("[data-covered=true]", (found) => found.length);
    if (!covered) break;
    await press(page, "[data-covered=true] .stub > button:not(.plain)");
    await until(page, (count) => document.querySelectorAll("[data-covered=true]").length < count, covered);
  }
  seen.answer = await text(page, ".slip .off");

  seen.before = await text(page, ".faultlab-sentence");
  await page.focus(".faultlab-explorer input[type=range]");
  await page.keyboard.press("ArrowRight");
  await until(page, (before) => document.querySelector(".faultlab-sentence").textContent !== before, seen.before);
  seen.after = await text(page, ".faultlab-sentence");

  await press(page, ".quiz .option input");
  await press(page, ".quiz button[type=submit]");
  seen.quiz = await text(page, ".quiz .status");
  await page.reload();
  await ready(page);
  seen.kept = await text(page, ".mybet");
  seen.code = await text(page, ".resume");

  await page.goto(`${address}/index.html`);
  await ready(page);
  seen.index = await text(page, ".state");
  seen.disk = await page.$$eval(".on-disk", (found) => found.map((one) => one.textContent).join());
  await page.goto(`${address}/${lesson}.html`);
  await ready(page);
  await page.$eval("input[id$=code]", (box, value) => { box.value = value; }, code);
  await page.$eval("input[id$=code]", (box) => box.form.requestSubmit());
  await until(page, () => /✓ Restored|code/.test([...document.querySelectorAll(".status")].at(-1).textContent));
  seen.restored = await page.$$eval(".status", (found) => found.at(-1).textContent);
  seen.team = await page.$eval("input[id$=team]", (box) => box.value);
  seen.errors = said;
  await page.close();
  return seen;
}

const browser = await puppeteer.launch({ browser: "firefox", executablePath: firefox, headless: true, extraPrefsFirefox: { "security.fileuri.strict_origin_policy": true } });
try {
  const found = [];
  for (const address of addresses) found.push(await read(browser, address));
  console.log(JSON.stringify({ version: await browser.version(), found }));
} finally {
  await browser.close();
}

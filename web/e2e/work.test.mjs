// A section lead's re-plan, the orders that come of it, the outlook behind them, a file that needs mending, and the brief that is printed.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { axe, cutTexts, launch, makeAccounts, makeCity, open, serve } from "./support.mjs";

let city, server, browser;
before(async () => {
  city = makeCity();
  server = await serve(city);
  await makeAccounts(server, ["commander-1", "lead-transfer", "auditor-1"]);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  city?.remove();
});

const HAN = /[\u4e00-\u9fff]/;
const DAY = "2022-11-18";
const settled = (page) => page.waitForFunction(() => document.querySelector("main h1") !== null && document.querySelector("main .loading") === null);

describe("every page, in both languages", () => {
  for (const lang of ["zh", "en"])
    for (const [path, number] of [[`/plan/${DAY}`, /\d/], ["/orders", null], ["/outlook", /95%/], ["/intake", /\d/], [`/brief/${DAY}`, /\d/]])
      test(`${path} ${lang}: a sentence with its number, nothing cut, nothing that axe finds`, async () => {
        const { page, context, wrong } = await open(browser, server, { lang, path });
        await settled(page);
        const sentence = await page.locator("main h1").first().textContent();
        if (number !== null) assert.match(sentence, number);
        assert.equal(HAN.test(sentence), lang === "zh", sentence);
        assert.deepEqual(await axe(page), []);
        assert.deepEqual(await cutTexts(page), []);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
        assert.deepEqual(wrong, []);
        await context.close();
      });
});

test("a plan is made again with a pin, the pin is answered in it, and the two are compared", async () => {
  const { page, context, wrong } = await open(browser, server, { who: "lead-transfer", path: `/plan/${DAY}` });
  await settled(page);
  await page.keyboard.press("e");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("What").selectOption("cap");
  await dialog.getByLabel("Facility").selectOption("CQ-MH-03");
  await dialog.getByLabel("Number").fill("1500");
  await dialog.getByRole("button", { name: "Add" }).click();
  await dialog.getByRole("button", { name: /Re-plan with 1 pin/ }).click();
  await dialog.getByRole("status").waitFor();
  await dialog.waitFor({ state: "detached", timeout: 240_000 });
  await page.waitForURL(/plan=\d{8}-[0-9a-f]{8}/);
  await page.getByText("1 pin, 0 refused").waitFor();
  await page.getByRole("link", { name: "Compare two plans" }).click();
  await page.waitForURL(/\/compare/);
  await page.getByRole("heading", { name: /changes?, and why/ }).waitFor();
  assert.match(await page.locator("main h1").textContent(), /placed otherwise/);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a selected order goes to the ledger and through its steps; what is refused says why, and nothing is lost", async () => {
  const { page, context } = await open(browser, server, { who: "commander-1", path: `/plan/${DAY}` });
  await settled(page);
  // Life-saving care stands first and takes no part in the selection.
  assert.match(await page.locator("li[data-id]").first().textContent(), /▲/);
  await page.getByRole("button", { name: "Select none" }).click();
  const send = page.getByRole("button", { name: /Send 0 for approval/ });
  assert.equal(await send.getAttribute("aria-disabled"), "true");
  await page.locator("li[data-id] input[type=checkbox]").first().check();
  await page.getByRole("button", { name: /Send 1 for approval/ }).click();
  await page.getByText(/sent for approval/).waitFor();
  await page.goto(`${server.base}/orders`);
  await settled(page);
  assert.match(await page.locator("main h1").textContent(), /for approval/);
  await page.keyboard.press("j");
  await page.getByRole("heading", { name: "What it meets" }).waitFor();
  await page.getByRole("button", { name: "Cancel…" }).click();
  const dialog = page.getByRole("dialog");
  assert.equal(await dialog.getByRole("button", { name: /^Cancel/ }).last().getAttribute("aria-disabled"), "true");
  await dialog.getByRole("textbox").fill("the district asked for another day");
  await dialog.getByRole("button", { name: /^Cancel/ }).last().click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText(/Cancel: 1 order/).waitFor();
  await context.close();
});

test("who may not plan is told so, and what was typed stays", async () => {
  const { page, context } = await open(browser, server, { who: "auditor-1", path: `/plan/${DAY}` });
  await settled(page);
  await page.keyboard.press("e");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Add" }).click();
  await dialog.getByRole("button", { name: /Re-plan with 1 pin/ }).click();
  await dialog.getByRole("alert").waitFor();
  assert.match(await dialog.getByRole("alert").textContent(), /may not/);
  assert.equal(await dialog.getByRole("button", { name: "Remove" }).count(), 1);
  await context.close();
});

test("a bad file is checked, mended for all alike, checked again and taken in; it balances", async () => {
  const file = join(city.folder, "infections-day.csv");
  const row = (place, confirmed) => `${place},2022-11-18T00:00,2022-11-18T12:00,${confirmed},7,2022-11-18T18:00`;
  writeFileSync(file, `place,period_start,period_end,confirmed,asymptomatic,known_at\n${[row("500101", "many"), row("500102", "many"), row("500103", 5)].join("\n")}\n`);
  const { page, context, wrong } = await open(browser, server, { who: "commander-1", path: "/intake" });
  await settled(page);
  await page.setInputFiles("input[type=file]", file);
  await page.getByLabel("Office code").fill("cq-hc");
  await page.getByLabel("Source document").fill("S23");
  await page.keyboard.press("Enter");
  await page.getByText("is not a whole number").first().waitFor();
  await page.getByPlaceholder("confirmed becomes").first().fill("4");
  await page.getByRole("button", { name: /Set 2 rows to/ }).click();
  const take = page.getByRole("button", { name: /^Take in/ });
  assert.equal(await take.getAttribute("aria-disabled"), "true", "mends are checked before they are taken in");
  await page.getByRole("button", { name: "Check again" }).click();
  await page.getByText("Every row is good").waitFor();
  await page.getByRole("button", { name: /^Take in 3 rows/ }).click();
  await page.waitForURL(/\/intake\/[0-9a-f]/);
  await page.getByText("balances, difference 0").waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
});

test("the brief prints on paper of its own: no bar, no buttons", async () => {
  const { page, context } = await open(browser, server, { path: `/brief/${DAY}` });
  await settled(page);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.getByRole("button", { name: "Print this page" }).isVisible(), false);
  assert.equal(await page.getByRole("heading", { name: /For decision/ }).isVisible(), true);
  await context.close();
});

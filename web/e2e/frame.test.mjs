// What every page stands in: the palette, keys, languages, and the faults that a day brings.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, launch, makeAccounts, makeCity, open, PASSWORD, serve } from "./support.mjs";

let city, server, browser;
before(async () => {
  city = makeCity();
  server = await serve(city);
  await makeAccounts(server, ["commander-1"]);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  city?.remove();
});

test("the palette finds places by Chinese, pinyin, code, and pages; what is not there says so", async () => {
  const { page, context, wrong } = await open(browser, server);
  for (const typed of ["渝北", "yubei", "500112"]) {
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByRole("combobox").fill(typed);
    await page.getByRole("option", { name: /Yubei/ }).first().waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(/area=500112/);
    await page.goto(`${server.base}/situation`);
    await page.locator("main h1").waitFor();
  }
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").getByRole("combobox").fill("x".repeat(200));
  await page.getByText("Nothing is called").waitFor();
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").getByRole("combobox").waitFor({ state: "detached" });
  assert.deepEqual(wrong, []);
  await context.close();
});

test("G and a letter goes to a page; ? tells all keys; single keys can be turned off", async () => {
  const { page, context, wrong } = await open(browser, server);
  await page.keyboard.press("g");
  await page.keyboard.press("b");
  await page.waitForURL(/\/brief/);
  await page.locator("main h1").waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.waitForURL(/\/situation/);
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole("checkbox").uncheck();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.keyboard.press("g");
  await page.keyboard.press("b");
  assert.match(page.url(), /\/situation/);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("the language changes in place, and is remembered", async () => {
  const { page, context, wrong } = await open(browser, server, { lang: "en", path: "/situation?area=500105" });
  await page.getByRole("button", { name: "中文" }).click();
  await page.getByRole("navigation", { name: "主导航" }).waitFor();
  assert.match(page.url(), /area=500105/);
  assert.equal(await page.evaluate(() => document.documentElement.lang), "zh-CN");
  await page.reload();
  await page.getByRole("navigation", { name: "主导航" }).waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a session that ends is signed in over the page, which stays as it is", async () => {
  const { page, context, wrong } = await open(browser, server, { path: "/situation?area=500105" });
  await page.evaluate(() => (document.querySelector("main").dataset.same = "yes"));
  await context.request.delete(`${server.base}/api/v1/session`, { headers: { "x-levee": "1" } });
  await page.getByRole("link", { name: "Brief" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Your session has ended").waitFor();
  assert.equal(await dialog.getByLabel("Account").inputValue(), "commander-1");
  await page.keyboard.press("Escape");
  assert.equal(await dialog.count(), 1, "it cannot be closed but by signing in");
  await dialog.getByLabel("Password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => document.querySelector("main").dataset.same), "yes");
  await page.locator("main h1").waitFor();
  assert.deepEqual(wrong.filter((one) => !/status of 401/.test(one)), []);
  await context.close();
});

test("a server that is gone is said to be gone, figures stay, and its return needs nobody", async () => {
  const { page, context } = await open(browser, server);
  await page.locator("main h1", { hasText: "4,666" }).waitFor();
  const { port } = server;
  await server.stop();
  await page.getByText("No connection since").waitFor();
  assert.match(await page.locator("main h1").textContent(), /4,666/);
  assert.deepEqual(await axe(page), []);
  server = await serve(city, port);
  await page.getByText("No connection since").waitFor({ state: "detached" });
  await context.close();
});

test("a page whose new version is not loaded says so and does not break", async () => {
  const { page, context } = await open(browser, server);
  await page.route(/assets\/AreaPage.*\.js/, (route) => route.fulfill({ status: 404, body: "" }));
  await page.goto(`${server.base}/areas/500105`);
  await page.getByRole("heading", { name: "Levee was updated" }).waitFor();
  await page.getByRole("button", { name: "Load anew" }).waitFor();
  await context.close();
});

test("an address that leads nowhere says so, and how to go on", async () => {
  const { page, context, wrong } = await open(browser, server, { path: "/elsewhere" });
  await page.getByRole("link", { name: "Go to the situation" }).click();
  await page.locator("main h1", { hasText: "4,666" }).waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
});

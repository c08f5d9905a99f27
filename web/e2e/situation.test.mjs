// The commander's minute: where it stands, where, when, and what can be trusted, in both languages.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, colours, cutTexts, launch, makeAccounts, makeCity, open, PASSWORD, picture, serve } from "./support.mjs";

let city, server, browser;
before(async () => {
  city = makeCity();
  server = await serve(city);
  await makeAccounts(server, ["commander-1", "clerk-1"]);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  city?.remove();
});

const HAN = /[\u4e00-\u9fff]/;

for (const lang of ["zh", "en"])
  describe(`the situation, ${lang}`, () => {
    test("one look tells: a sentence with its number, six figures, the map, the curve, what to know first", async () => {
      const { page, context, wrong } = await open(browser, server, { lang });
      const sentence = await page.locator("main h1").textContent();
      assert.match(sentence, /4,666/);
      assert.equal(HAN.test(sentence), lang === "zh", sentence);
      assert.equal(await page.locator("dl.keys .key").count(), 6);
      // Unknown is hatched and says so; it is no zero.
      const ends = page.locator("dl.keys .key", { hasText: lang === "zh" ? "社会面清零" : "Community spread ends" });
      assert.equal(await ends.locator(".unk").count(), 1);
      await page.locator("[data-map] svg path[data-area]").first().waitFor();
      assert.ok((await colours(page, "[data-map]")) >= 6, "the map is blank");
      assert.equal(await page.locator("main table tbody th[scope=row]").count(), 38);
      assert.match(await page.locator("section.epi svg").getAttribute("aria-label"), /\d/);
      assert.ok((await page.locator("section.trust li").count()) > 4);
      assert.deepEqual(await cutTexts(page), []);
      assert.deepEqual(wrong, []);
      await context.close();
    });

    test("one selection for map and table, by keys too, and the address says which", async () => {
      const { page, context, wrong } = await open(browser, server, { lang });
      const jiangbei = page.getByRole("row", { name: lang === "zh" ? /江北/ : /Jiangbei/ });
      await jiangbei.locator("td").first().click();
      assert.match(page.url(), /area=500105/);
      await page.locator("[data-map] path.sel").first().waitFor();
      await page.keyboard.press("j");
      assert.doesNotMatch(page.url(), /area=500105/);
      await page.keyboard.press("k");
      assert.match(page.url(), /area=500105/);
      await page.locator("main").focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/areas\/500105/);
      await page.locator("main h1", { hasText: lang === "zh" ? "江北区" : "Jiangbei District" }).waitFor();
      assert.deepEqual(await axe(page), []);
      await page.goBack();
      await page.waitForURL(/\/situation\?area=500105/);
      // A colleague who opens the link sees the same view.
      const colleague = await open(browser, server, { lang, who: "clerk-1", path: "/situation?area=500105&metric=late" });
      await colleague.page.locator("tr[aria-selected=true]", { hasText: lang === "zh" ? "江北" : "Jiangbei" }).waitFor();
      assert.equal(await colleague.page.locator("section.where select").inputValue(), "late");
      assert.deepEqual([...wrong, ...colleague.wrong], []);
      await context.close();
      await colleague.context.close();
    });

    test("as known then: the past is amber, knows nothing later, and the link carries the moment", async () => {
      const { page, context, wrong } = await open(browser, server, { lang, path: "/situation?at=2022-11-14T00:00" });
      assert.match(await page.locator("main h1").textContent(), /1,820/);
      assert.equal(await page.locator(".app.past").count(), 1);
      assert.doesNotMatch(await page.locator("main").textContent(), /4,666|4,072/);
      const link = await page.getByRole("navigation").getByRole("link").nth(6).getAttribute("href");
      assert.equal(link, "/brief?at=2022-11-14T00:00");
      await picture(page, `situation-past-${lang}-1366`);
      await page.getByRole("button", { name: lang === "zh" ? "与现在比较" : "Compare with now" }).click();
      await page.locator("main .beside", { hasText: "4,666" }).first().waitFor();
      assert.match(page.url(), /with=now/);
      assert.deepEqual(await axe(page), []);
      await page.getByRole("button", { name: lang === "zh" ? "与现在比较" : "Compare with now" }).click();
      await page.locator("main .beside").first().waitFor({ state: "detached" });
      const slider = page.getByRole("slider");
      const before = await slider.getAttribute("aria-valuenow");
      await page.keyboard.press("[");
      await page.waitForFunction((was) => document.querySelector("[role=slider]")?.getAttribute("aria-valuenow") !== was, before);
      await page.keyboard.press("n");
      await page.waitForURL((url) => !url.searchParams.has("at"));
      await page.locator("main h1", { hasText: "4,666" }).waitFor();
      assert.equal(await page.locator(".app.past").count(), 0);
      assert.deepEqual(wrong, []);
      await context.close();
    });

    test("from a figure to who said it, and from a contradiction to its reports", async () => {
      const { page, context, wrong } = await open(browser, server, { lang });
      await page.locator("dl.keys .key").first().getByRole("link").click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("NHC").waitFor();
      assert.deepEqual(await axe(page), []);
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      await page.locator("section.trust").getByRole("link", { name: lang === "zh" ? "核对" : "Reconcile" }).nth(1).click();
      await page.waitForURL(/\/contradictions\//);
      assert.ok((await page.locator("main tbody tr").count()) > 0);
      await page.goBack();
      await page.locator("section.trust").getByRole("link", { name: lang === "zh" ? "全部来源" : "All sources" }).click();
      await page.waitForURL(/\/sources/);
      await page.locator("main tbody tr").nth(10).waitFor();
      assert.deepEqual(await axe(page), []);
      await picture(page, `sources-${lang}-1366`);
      assert.deepEqual(wrong, []);
      await context.close();
    });

    test("every chart has its table, and the map by any figure its legend", async () => {
      const { page, context, wrong } = await open(browser, server, { lang });
      await page.keyboard.press("t");
      await page.locator("section.epi table tbody tr").nth(20).waitFor();
      assert.equal(await page.locator("[data-map]").count(), 0);
      assert.deepEqual(await axe(page), []);
      await page.keyboard.press("t");
      await page.locator("section.epi svg").waitFor();
      for (const metric of ["new", "week", "share", "r", "beds", "late", "rate"]) {
        await page.locator("section.where select").selectOption(metric);
        await page.waitForFunction((wanted) => (new URLSearchParams(location.search).get("metric") ?? "rate") === wanted, metric);
        assert.notEqual((await page.locator("section.where h2").textContent()).trim(), "");
        assert.equal(await page.locator("section.where .scale li").count(), 7);
      }
      await page.getByRole("checkbox").first().check();
      await page.locator("[data-map] canvas").waitFor();
      assert.deepEqual(wrong, []);
      await context.close();
    });

    test("nothing stands against WCAG 2.2 AA, in both themes", async () => {
      for (const theme of ["light", "dark"]) {
        const { page, context, wrong } = await open(browser, server, { lang, theme });
        await page.locator("[data-map] svg path[data-area]").first().waitFor();
        assert.deepEqual(await axe(page), [], theme);
        assert.deepEqual(wrong, []);
        await context.close();
      }
    });

    test("at every size nothing is cut, and at 1366 and above nothing scrolls but panels", async () => {
      for (const [width, height] of [[1366, 768], [1920, 1080], [3840, 2160], [390, 844]]) {
        const { page, context, wrong } = await open(browser, server, { lang, width, height });
        if (width > 700) await page.locator("[data-map] svg path[data-area]").first().waitFor();
        const room = await page.evaluate(() => {
          const main = document.querySelector("main");
          return { wide: document.documentElement.scrollWidth - innerWidth, high: main.scrollHeight - main.clientHeight };
        });
        assert.ok(room.wide <= 0, `${width}: ${room.wide} px sideways`);
        if (width > 1100) assert.ok(room.high <= 1, `${width}: ${room.high} px down`);
        assert.deepEqual(await cutTexts(page), [], String(width));
        // One picture of the wall is enough for the documentation: it is a megabyte.
        if (width > 700 && !(width > 3000 && lang === "en")) await picture(page, `situation-${lang}-${width}`);
        assert.deepEqual(wrong, []);
        await context.close();
      }
    });
  });

test("somebody new sets a password with a link, signs in, and lands on the situation", async () => {
  const { page, context, wrong } = await open(browser, server, { who: null });
  await page.getByLabel("Account").fill("commander-1");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel("Account").inputValue(), "commander-1");
  assert.deepEqual(await axe(page), []);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator("main h1", { hasText: "4,666" }).waitFor();
  // The refusals were answers: the browser tells them as errors of loading, and nothing else went wrong.
  assert.deepEqual(wrong.filter((one) => !/status of 401/.test(one)), []);
  await context.close();
});

// The coordinator's day, from what is late to a sealed day; and a measure's gate with its two people. In both languages.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, cutTexts, launch, makeAccounts, makeCity, open, PASSWORD, picture, serve } from "./support.mjs";

const PEOPLE = ["commander-1", "commander-2", "lead-transfer", "lead-supplies", "lead-safety", "coordinator-500103", "auditor-1"];
let city, server, browser;
const cookies = {};

async function ask(who, method, path, body) {
  if (!cookies[who]) {
    const signed = await fetch(`${server.base}/api/v1/session`, { method: "POST", headers: { "x-levee": "1", "content-type": "application/json" }, body: JSON.stringify({ login: who, password: PASSWORD }) });
    cookies[who] = signed.headers.get("set-cookie").split(";")[0];
  }
  const response = await fetch(server.base + path, { method, headers: { "x-levee": "1", "content-type": "application/json", cookie: cookies[who] }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === "" ? null : JSON.parse(text);
}

/** What is owed in two districts: an urgent call that is late, deliveries late and in time. */
function owed() {
  const one = (kind, area, units, due, more = {}) => ({ do: "open", kind, area, units, due: `2022-11-${due}:00+08:00`, synthetic: true, ...more });
  return [
    one("urgent_care_dispatch", "500103", 1, "18T23:46", { subject: "s-1", fields: { call: "call-1" } }),
    one("food_delivery", "500103", 12, "18T12:00", { fields: { packages: 12 } }),
    one("food_delivery", "500103", 9, "19T12:00", { fields: { packages: 9 } }),
    one("medicine_delivery", "500103", 5, "18T18:00", { fields: { prescription: true } }),
    one("medicine_delivery", "500105", 7, "18T18:00", { fields: { prescription: true } }),
  ];
}

const PROPOSAL = {
  decided_by: "commander-1",
  appeal_channel: "12345-3",
  tests_on: [1, 2, 3, 5],
  place: { code: "500103-jfb-7", within: "500103", zh: "解放碑7号楼", en: "Building 7, Jiefangbei" },
  ground: { rule: "cn.zone.high.designate", clause: "20 measures, measure 4" },
  time: { start: "2022-11-19T06:00", review: "2022-11-22T06:00", end: "2022-11-24T06:00" },
  evidence: [{ report: "flow-17", occurred: "2022-11-18T08:00" }],
  people: { persons: 40, households: 14, medicine: 6, dialysis: 1, chemotherapy: 0, obstetric: 0, help_for_the_old: 3, help_for_children: 0 },
  way: [{ id: "main-door", kind: "exit" }, { id: "lane", kind: "fire_lane" }],
  words: {
    what: { zh: "本楼居民足不出户，服务上门。", en: "People of the building stay at home; services come to the door." },
    why: { zh: "两个单元发现3名感染者，传播链不清。", en: "Three infections in two stairwells; how they are linked is not known." },
    alternative: { zh: "只管控一个单元：另一单元的来源不明。", en: "One stairwell only: where the infection of the other came from is not known." },
  },
  facts: {
    "measure.type": "close_area", "measure.level": "high", "place.role": "residence", "measure.scope": "building", "measure.ordered_by": "county",
    "measure.services": ["food", "medicine", "emergency_medical", "egress"], "measure.exits": "open", "measure.expires": true, "measure.announced": true,
    "outbreak.transmission_risk_unclear": false, "outbreak.extensive_community": false, "area.cases": 3,
  },
};

let measure;
before(async () => {
  city = makeCity();
  server = await serve(city);
  await makeAccounts(server, PEOPLE);
  await ask("commander-1", "POST", "/api/v1/ledger", { at: "2022-11-17T21:00:00+08:00", commands: owed() });
  measure = (await ask("coordinator-500103", "POST", "/api/v1/measures", { sheet: PROPOSAL, at: "2022-11-18T22:00:00+08:00" })).measure;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  city?.remove();
});

const HAN = /[\u4e00-\u9fff]/;
/** An answer that refuses is no fault of the page; the browser reports it all the same. */
const faults = (wrong) => wrong.filter((line) => !/status of (409|422)/.test(line));

for (const lang of ["zh", "en"])
  describe(`what is owed, ${lang}`, () => {
    const say = (zh, en) => (lang === "zh" ? zh : en);

    test("life first, then the longest overdue; nothing is cut off; axe finds nothing", async () => {
      const { page, context, wrong } = await open(browser, server, { lang, who: "coordinator-500103", path: "/owed" });
      await page.locator("tr[aria-rowindex='2']").first().waitFor();
      const sentence = await page.locator("main h1").textContent();
      assert.match(sentence, say(/1件急救逾期/, /1 urgent-care request is past its time/));
      assert.equal(HAN.test(sentence), lang === "zh");
      assert.match(await page.locator("tr[aria-rowindex='2']").first().textContent(), say(/急救派车/, /urgent care dispatched/));
      assert.deepEqual(await cutTexts(page), []);
      assert.deepEqual(await axe(page), []);
      assert.deepEqual(faults(wrong), []);
      await picture(page, `owed-${lang}-1366`);
      await context.close();
    });

    test("selected by keys, given to somebody as one group, and undone as one", async () => {
      const { page, context, wrong } = await open(browser, server, { lang, path: "/owed?area=500103" });
      await page.locator("tr[aria-rowindex='3']").first().waitFor();
      for (const key of ["j", "x", "j", "x", "a"]) await page.keyboard.press(key);
      const dialog = page.getByRole("dialog");
      await dialog.locator("select").first().selectOption("lead-transfer");
      await dialog.locator("footer .btn.p").click();
      const said = page.getByRole("status").filter({ hasText: say("已指派2项", "2 obligations assigned") });
      await said.waitFor();
      await said.getByRole("button").first().click();
      await page.getByRole("status").filter({ hasText: say("已撤销", "Undone") }).waitFor();
      assert.deepEqual(faults(wrong), []);
      await context.close();
    });

    test("an auditor sees it and is told why nothing can be done", async () => {
      const { page, context } = await open(browser, server, { lang, who: "auditor-1", path: "/owed" });
      await page.locator("tr[aria-rowindex='2']").first().waitFor();
      const assign = page.getByRole("button", { name: say("指派", "Assign") }).first();
      assert.equal(await assign.getAttribute("aria-disabled"), "true");
      assert.match(await assign.getAttribute("title"), say(/审计员/, /auditor/));
      await context.close();
    });

    test("the gate is shut, and says what is missing and what mends it", async () => {
      const at = (time) => `2022-11-18T${time}:00+08:00`;
      if (lang === "zh") await ask("coordinator-500103", "POST", `/api/v1/measures/${measure}/steps`, { at: at("22:20"), step: { do: "assess" } });
      const { page, context, wrong } = await open(browser, server, { lang, who: "coordinator-500103", path: `/measures?sel=${measure}` });
      await page.getByRole("button", { name: say("过门槛", "Run the gate") }).first().click();
      await page.getByRole("dialog").locator("footer .btn.p").click();
      const shut = page.getByRole("dialog").getByRole("alert");
      await shut.waitFor();
      const text = await shut.textContent();
      assert.match(text, say(/未告知居民/, /no notice was given/));
      assert.match(text, say(/饮水：全程已登记0，需40/, /water: 0 of 40 promised/));
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      assert.match(page.url(), /sel=/);
      assert.deepEqual(await axe(page), []);
      await picture(page, `measures-${lang}-1366`);
      assert.deepEqual(faults(wrong), []);
      await context.close();
    });
  });

test("the measure is in force only when the second person has read it and confirms", async () => {
  const step = (who, time, one) => ask(who, "POST", `/api/v1/measures/${measure}/steps`, { at: `2022-11-18T${time}:00+08:00`, step: one });
  for (const [service, provider, units] of [["food", "Yonghui", 40], ["water", "Yonghui", 40], ["medicine", "Tongjun Pharmacy", 6], ["urgent_care", "Second Hospital", 40], ["dialysis", "Second Hospital", 1], ["help_for_the_old", "Volunteers", 3], ["refuse", "Sanitation", 40]])
    await step("lead-supplies", "23:00", { do: "reserve", service, provider, units, ...(service === "urgent_care" ? { vehicle: "ambulance 3" } : {}) });
  for (const way of ["main-door", "lane"]) await step("lead-safety", "23:30", { do: "inspect", way, open: true });
  await step("coordinator-500103", "23:40", { do: "notice", how: "both-doors" });
  const first = await open(browser, server, { who: "coordinator-500103", path: `/measures?sel=${measure}` });
  await first.page.getByRole("button", { name: "Run the gate" }).first().click();
  await first.page.getByRole("dialog").locator("footer .btn.p").click();
  const activate = first.page.locator("button.p", { hasText: "Activate" });
  await activate.waitFor();
  await first.page.getByRole("dialog").waitFor({ state: "detached" });
  await activate.click();
  await first.page.getByRole("dialog").locator("select").selectOption("commander-1");
  await first.page.getByRole("dialog").locator("footer .btn.p").click();
  await first.page.getByText("waits for Commander One").first().waitFor();
  // Nothing is in force, and whoever asked cannot confirm.
  assert.equal((await ask("commander-1", "GET", `/api/v1/measures/${measure}?at=${encodeURIComponent("2022-11-19T08:00:00+08:00")}`)).binds, false);
  assert.equal(await first.page.getByRole("button", { name: "Read and confirm" }).count(), 0);
  const second = await open(browser, server, { who: "commander-1", path: `/measures?sel=${measure}` });
  await second.page.getByRole("button", { name: "Read and confirm" }).click();
  const text = await second.page.getByRole("dialog").textContent();
  for (const part of ["Three infections in two stairwells", "40 people", "main-door: open"]) assert.ok(text.includes(part), part);
  assert.deepEqual(faults([...first.wrong, ...second.wrong]), []);
  await first.context.close();
  await second.context.close();
});

test("a day is explained in one go, signed by one and sealed by another", async () => {
  const first = await open(browser, server, { who: "commander-1", path: "/settlement/2022-11-18" });
  const { page } = first;
  await page.getByRole("button", { name: /Explain all/ }).click();
  await page.getByRole("dialog").locator("select").nth(0).selectOption("lead-transfer");
  await page.getByRole("dialog").locator("select").nth(1).selectOption("no_capacity");
  await page.getByRole("dialog").locator("footer .btn.p").click();
  await page.locator("main h1", { hasText: "ready for the first of two signatures" }).waitFor();
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press("Shift+S");
  await page.getByRole("dialog").locator("footer .btn.p").click();
  await page.locator("main h1", { hasText: "waits for a second person" }).waitFor();
  const second = await open(browser, server, { who: "commander-2", lang: "zh", path: "/settlement/2022-11-18" });
  await second.page.locator("main h1", { hasText: "账已平" }).waitFor();
  await second.page.keyboard.press("Shift+S");
  assert.match(await second.page.getByRole("dialog").textContent(), /无可用容量/);
  await second.page.getByRole("dialog").locator("footer .btn.p").click();
  await second.page.locator("main h1", { hasText: "已封账" }).waitFor();
  assert.deepEqual(await cutTexts(second.page), []);
  await picture(second.page, "settlement-zh-1366");
  assert.deepEqual(faults([...first.wrong, ...second.wrong]), []);
  assert.equal((await ask("commander-1", "GET", "/api/v1/days/2022-11-18/settlement")).sealed, true);
  await first.context.close();
  await second.context.close();
});

test("somebody is invited with a link that is told once", async () => {
  const { page, context, wrong } = await open(browser, server, { who: "admin", path: "/admin" });
  await page.getByRole("searchbox").fill("analyst");
  await page.getByRole("row", { name: /Analyst/ }).locator("td").first().click();
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByRole("dialog").locator("footer .btn.p").click();
  const link = await page.getByRole("dialog").locator("textarea").inputValue();
  assert.match(link, /#link=[0-9a-f]{64}$/);
  await page.keyboard.press("Escape");
  await page.getByRole("searchbox").fill("");
  assert.ok(!(await page.locator("main").textContent()).includes(link.slice(-64)));
  assert.deepEqual(await cutTexts(page), []);
  assert.deepEqual(await axe(page), []);
  // An administrator who is nobody of the city may not see what the frame asks for beside the page.
  assert.deepEqual(faults(wrong).filter((line) => !line.includes("status of 403")), []);
  await picture(page, "admin-en-1366");
  await context.close();
});

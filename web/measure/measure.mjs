// What the screens cost, in processor time of the page's main thread (a loaded machine makes clocks lie): `LEVEE=… npm run measure`.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { cpus } from "node:os";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch, makeAccounts, makeCity, open, PASSWORD, serve } from "../e2e/support.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = join(HERE, "../node_modules/.measure");
const results = {};

/** Milliseconds of processor time of the main thread that something takes, and what the clock says. */
async function cost(page, does) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  const read = async () => Object.fromEntries((await cdp.send("Performance.getMetrics")).metrics.map(({ name, value }) => [name, value]));
  const before = await read();
  const began = performance.now();
  await does();
  const clock = performance.now() - began;
  const after = await read();
  await cdp.detach();
  return { processor_ms: Math.round((after.TaskDuration - before.TaskDuration) * 1000), clock_ms: Math.round(clock) };
}
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Frames while something goes on: the processor time of each, and gaps between them by the clock. */
async function frames(page, does) {
  await page.evaluate(() => {
    globalThis.gaps = [];
    let last = performance.now();
    const tick = (now) => {
      globalThis.gaps.push(now - last);
      last = now;
      globalThis.ticking = requestAnimationFrame(tick);
    };
    globalThis.ticking = requestAnimationFrame(tick);
  });
  const spent = await cost(page, does);
  const gaps = await page.evaluate(() => {
    cancelAnimationFrame(globalThis.ticking);
    return globalThis.gaps;
  });
  gaps.sort((a, b) => a - b);
  return { ...spent, frames: gaps.length, processor_ms_a_frame: Number((spent.processor_ms / Math.max(1, gaps.length)).toFixed(2)), gap_p50_ms: Math.round(gaps[Math.floor(gaps.length / 2)] ?? 0), gap_p95_ms: Math.round(gaps[Math.floor(gaps.length * 0.95)] ?? 0) };
}

const browser = await launch();

// 1. The parts, with more than a city gives them.
if (spawnSync("npx", ["vite", "build", "--config", join(HERE, "vite.config.ts"), "--logLevel", "error"], { cwd: join(HERE, ".."), stdio: "inherit" }).status !== 0) process.exit(2);
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
const files = createServer((asked, answer) => {
  const name = asked.url === "/" ? "/index.html" : asked.url;
  try {
    const body = readFileSync(join(OUT, name));
    answer.writeHead(200, { "content-type": TYPES[extname(name)] ?? "application/octet-stream" });
    answer.end(body);
  } catch {
    answer.writeHead(404).end();
  }
});
await new Promise((done) => files.listen(0, "127.0.0.1", done));
{
  const page = await browser.newPage({ viewport: { width: 1700, height: 1600 } });
  await page.goto(`http://127.0.0.1:${files.address().port}/`);
  await page.locator("#table tbody tr").nth(5).waitFor();
  await page.locator("#map canvas").waitFor();
  results.table_100000_rows = {
    drawn_rows: await page.locator("#table tbody tr").count(),
    scroll: await frames(page, () =>
      page.evaluate(async () => {
        const box = document.querySelector("#table .box");
        for (let nth = 0; nth < 200; nth++) {
          box.scrollTop += 400;
          await new Promise(requestAnimationFrame);
        }
      }),
    ),
    sort: await cost(page, () => page.locator("#table thead button").nth(1).click()),
  };
  const box = await page.locator("#map .map").boundingBox();
  for (let nth = 0; nth < 3; nth++) await page.locator("#map .tools button").first().click();
  const seen = () => page.locator("#map svg > g").first().getAttribute("transform");
  const stood = await seen();
  results.map_20000_points = {
    pan: await frames(page, async () => {
      await page.mouse.move(box.x + 500, box.y + 350);
      await page.mouse.down();
      for (let nth = 0; nth < 120; nth++) await page.mouse.move(box.x + 500 + 200 * Math.sin(nth / 10), box.y + 350 + 150 * Math.cos(nth / 8));
      await page.mouse.up();
    }),
  };
  if ((await seen()) === stood) throw new Error("the map did not move");
  await page.close();
}
files.close();

// 2. The app in a real city.
const city = makeCity();
const server = await serve(city);
await makeAccounts(server, ["commander-1"]);
const colds = [];
for (let nth = 0; nth < 10; nth++) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  await context.request.post(`${server.base}/api/v1/session`, { headers: { "x-levee": "1" }, data: { login: "commander-1", password: PASSWORD } });
  const page = await context.newPage();
  // Half of them with the brake of 4, for the clock; half without, for the processor time.
  const braked = nth % 2 === 0;
  const cdp = await context.newCDPSession(page);
  if (braked) await cdp.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const spent = await cost(page, async () => {
    await page.goto(`${server.base}/situation`);
    await page.locator("[data-map] svg path[data-area]").first().waitFor();
  });
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null);
  colds.push({ braked, first_paint_ms: Math.round(paint), map_there_ms: spent.clock_ms, processor_ms: spent.processor_ms });
  await context.close();
}
const [slow, fast] = [colds.filter((one) => one.braked), colds.filter((one) => !one.braked)];
results.cold_cache = {
  braked_4x: { first_paint_ms: median(slow.map((one) => one.first_paint_ms)), map_there_ms: median(slow.map((one) => one.map_there_ms)) },
  unbraked: { first_paint_ms: median(fast.map((one) => one.first_paint_ms)), map_there_ms: median(fast.map((one) => one.map_there_ms)), processor_ms_to_the_map: median(fast.map((one) => one.processor_ms)) },
};
{
  const { page, context } = await open(browser, server);
  await page.locator("[data-map] svg path[data-area]").first().waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("b");
  await page.waitForURL(/brief/);
  await page.waitForTimeout(1000);
  const switches = [];
  for (let nth = 0; nth < 5; nth++) {
    switches.push(
      await cost(page, async () => {
        await page.getByRole("navigation").getByRole("link").first().click();
        await page.locator("[data-map] svg path[data-area]").first().waitFor();
      }),
    );
    await page.getByRole("navigation").getByRole("link").nth(6).click();
    await page.locator("ul.points, .page h1").first().waitFor();
    await page.waitForTimeout(300);
  }
  results.switch_to_situation_warm = { processor_ms: median(switches.map((one) => one.processor_ms)), clock_ms: median(switches.map((one) => one.clock_ms)) };
  await context.close();
}
// 3. Two hundred changes a second for ten seconds, as the stream tells them.
{
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  await context.request.post(`${server.base}/api/v1/session`, { headers: { "x-levee": "1" }, data: { login: "commander-1", password: PASSWORD } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const real = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      if (!String(input instanceof Request ? input.url : input).endsWith("/api/v1/changes")) return real(input, init);
      let position = 1000;
      const stream = new ReadableStream({
        start(controller) {
          const text = new TextEncoder();
          setInterval(() => {
            let piece = "";
            for (let nth = 0; nth < 10; nth++) piece += `id: ${++position}\nevent: change\ndata: {"position":${position},"kind":"obligation_met","stream":"transfer/500105","occurred":"2022-11-18T10:00:00Z","recorded":"2022-11-18T10:00:00Z"}\n\n`;
            controller.enqueue(text.encode(piece));
          }, 50);
        },
      });
      return Promise.resolve(new Response(stream, { headers: { "content-type": "text/event-stream" } }));
    };
  });
  await page.goto(`${server.base}/situation`);
  await page.locator("[data-map] svg path[data-area]").first().waitFor();
  results.live_200_changes_a_second = await frames(page, () => page.waitForTimeout(10_000));
  await context.close();
}
await browser.close();
await server.stop();
city.remove();

const told = { command: "LEVEE=target/release/levee npm --prefix web run measure", day: new Date().toISOString().slice(0, 10), machine: `${cpus().length} x ${cpus()[0]?.model ?? "?"}`, note: process.env.LEVEE_NOTE ?? null, ...results };
console.log(JSON.stringify(told, null, 2));
if (process.env.LEVEE_WRITE_MEASURES) writeFileSync(process.env.LEVEE_WRITE_MEASURES, `${JSON.stringify(told, null, 2)}\n`);

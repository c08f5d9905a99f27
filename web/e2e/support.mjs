// A real city, a real server, a real browser. The binary is named by LEVEE; the screens are those in it, with its own policy.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { front } from "./front.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, "../..");
export const PASSWORD = "a long sentence for tests";
/** So long anything may take before a test gives up, in ms: a slow machine is no fault. */
export const PATIENCE = 60_000;
const CHROMIUM = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((one) => existsSync(one));

function levee() {
  const binary = process.env.LEVEE;
  if (!binary || !existsSync(binary)) throw new Error("set LEVEE to the levee binary, built after `npm run build`: LEVEE=target/release/levee npm run e2e");
  return resolve(ROOT, binary);
}

function run(args, env) {
  const done = spawnSync(levee(), args, { cwd: ROOT, env, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`levee ${args.join(" ")}: ${done.stderr}`);
}

/** A city of the Chongqing pack with its meeting of 18 Nov 2022, or a copy of the one that LEVEE_CITY and LEVEE_KEYS name. */
export function makeCity() {
  const folder = mkdtempSync(join(tmpdir(), "levee-e2e-"));
  const city = join(folder, "city");
  const prepared = process.env.LEVEE_CITY;
  const keys = prepared ? process.env.LEVEE_KEYS : join(folder, "keys");
  const env = { ...process.env, LEVEE_KEYS: keys };
  if (prepared) cpSync(prepared, city, { recursive: true, filter: (name) => !/access\.db|levee\.lock/.test(name) });
  else {
    const pack = join(ROOT, "packs/chongqing-2022");
    run(["init", city, "--pack", pack, "--replay"], env);
    run(["import", city, "--pack", pack], env);
    run(["day", city, "--date", "2022-11-18", "--as", "commander-1"], env);
  }
  return { folder, city, env, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Starts the server; gives its address and, the first time, the administrator's link. LEVEE_SCREENS=dist puts `dist/` before it. */
export async function serve(of, port = 0) {
  const before = process.env.LEVEE_SCREENS === "dist";
  const child = spawn(levee(), ["serve", of.city, "--listen", `127.0.0.1:${before ? 0 : port}`], { cwd: ROOT, env: of.env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const base = await new Promise((done, failed) => {
    const late = setTimeout(() => failed(new Error(`the server did not start: ${said}`)), PATIENCE);
    const hear = (piece) => {
      said += piece;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found) setTimeout(() => done(found[0]), 200), clearTimeout(late);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", (code) => failed(new Error(`the server ended with ${code}: ${said}`)));
  });
  const screens = before ? await front(base, port) : null;
  const address = screens?.base ?? base;
  return {
    base: address,
    port: Number(new URL(address).port),
    link: /#link=([0-9a-f]{64})/.exec(said)?.[1] ?? null,
    stop: async () => {
      await screens?.stop();
      await new Promise((done) => {
        child.once("exit", done);
        child.kill("SIGTERM");
        setTimeout(() => child.kill("SIGKILL"), 8_000).unref();
      });
    },
  };
}

async function ask(base, method, path, body, cookie) {
  const headers = { "x-levee": "1", "content-type": "application/json", ...(cookie ? { cookie } : {}) };
  const response = await fetch(base + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return { body: response.status === 204 ? null : await response.json(), cookie: response.headers.get("set-cookie")?.split(";")[0] ?? null };
}

/** Makes accounts for people of the pack, by the administrator's own way. */
export async function makeAccounts(server, people) {
  await ask(server.base, "POST", "/api/v1/links", { link: server.link, password: PASSWORD });
  const { cookie } = await ask(server.base, "POST", "/api/v1/session", { login: "admin", password: PASSWORD });
  for (const person of people) {
    const made = await ask(server.base, "POST", "/api/v1/accounts", { login: person, person, administrator: false }, cookie);
    await ask(server.base, "POST", "/api/v1/links", { link: made.body.link, password: PASSWORD });
  }
  return cookie;
}

export const launch = () => chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none"] });

/** A window of somebody who is signed in. What a page may not do is collected in `wrong`: errors, and requests to elsewhere. */
export async function open(browser, server, { lang = "en", width = 1366, height = 768, theme = "light", who = "commander-1", path = "/situation" } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, locale: lang === "zh" ? "zh-CN" : "en-GB", timezoneId: "America/New_York", reducedMotion: "reduce" });
  context.setDefaultTimeout(PATIENCE);
  const wrong = [];
  const page = await context.newPage();
  page.on("request", (request) => {
    if (!request.url().startsWith(server.base) && !/^(data|blob):/.test(request.url())) wrong.push(`asked ${request.url()}`);
  });
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") wrong.push(`${message.text()} ${message.location().url ?? ""}`);
  });
  if (who !== null) {
    const signed = await context.request.post(`${server.base}/api/v1/session`, { headers: { "x-levee": "1" }, data: { login: who, password: PASSWORD } });
    if (!signed.ok()) throw new Error(`signing in: ${signed.status()} ${await signed.text()}`);
  }
  await page.goto(server.base + path);
  if (who !== null) await page.locator("main h1").first().waitFor();
  return { page, context, wrong };
}

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const axeSource = readFileSync(axePath, "utf8");

/** What axe finds against WCAG 2.2 AA, as lines; none is what is wanted. */
export async function axe(page) {
  // The page's policy forbids inline scripts; the browser's own console may run them.
  await page.evaluate(axeSource);
  const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] }));
  return found.violations.flatMap(({ id, help, nodes }) => nodes.slice(0, 5).map(({ html, any }) => `${id}: ${help}: ${html.slice(0, 160)} ${any[0]?.message ?? ""}`));
}

/** Texts that are cut off: cells and figures whose content is wider than they are. */
export function cutTexts(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll("main td, main th, main dd, main dt, main h1, main h2, header a, header button")]
      .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline" && !(getComputedStyle(one).textOverflow === "ellipsis" && one.title !== ""))
      .map((one) => `${one.tagName} ${one.textContent?.trim().slice(0, 60)} ${one.scrollWidth} > ${one.clientWidth}`),
  );
}

/** How many clearly different colours a part of the page shows, each in at least a thousandth of it. A blank map has two or three. */
export async function colours(page, selector) {
  const picture = (await page.locator(selector).first().screenshot()).toString("base64");
  return page.evaluate(async (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const seen = new Map();
    for (let at = 0; at < data.length; at += 4) {
      const key = ((data[at] >> 4) << 8) | ((data[at + 1] >> 4) << 4) | (data[at + 2] >> 4);
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    return [...seen.values()].filter((many) => many > data.length / 4 / 1000).length;
  }, picture);
}

/** Where pictures go: beside the documentation when they are asked for, else nowhere. */
export async function picture(page, name) {
  const folder = process.env.LEVEE_WRITE_SCREENS === "1" ? join(ROOT, "docs/screens") : process.env.LEVEE_E2E_PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

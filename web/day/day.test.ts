// A day of a city through the API alone, by the client that openapi-typescript and openapi-fetch make of the server's document. Whatever
// the document says of an address, a body or an answer must be so, or this does not compile, or does not run.
//
// The city is Chongqing of November 2022, run again. Needs the binary: LEVEE_BIN, or target/debug/levee of the workspace.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import createClient from "openapi-fetch";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { paths } from "../src/api/generated/schema";

const root = resolve(import.meta.dirname, "../..");
const levee = process.env.LEVEE_BIN ?? join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "debug/levee");
const folder = mkdtempSync(join(tmpdir(), "levee-day-"));
const env = { ...process.env, LEVEE_KEYS: join(folder, "keys"), LEVEE_LOG: "warn" };
const PASSWORD = "correct horse battery staple";
const DAY = "2022-11-22";
const path = { day: DAY };

type Client = ReturnType<typeof createClient<paths>>;
let server: ChildProcess;
let base = "";
let link = "";

function client(cookie?: string): Client {
  return createClient<paths>({ baseUrl: base, headers: { "x-levee": "1", ...(cookie === undefined ? {} : { cookie }) } });
}

/** What an answer held; a problem fails the test in the server's own words. */
async function ok<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await asked;
  if (!response.ok) throw new Error(`${response.status} ${response.url}: ${JSON.stringify(error)}`);
  return data as T;
}

/** A moment on the city's clocks. */
const at = (local: string) => `${local}:00+08:00`;

function run(...args: string[]) {
  const done = spawnSync(levee, args, { cwd: folder, env, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`levee ${args.join(" ")}: ${done.stderr}`);
}

beforeAll(async () => {
  const pack = join(root, "packs/chongqing-2022");
  run("init", "city", "--pack", pack, "--replay");
  run("import", "city", "--pack", pack, "--until", DAY);
  server = spawn(levee, ["serve", "city", "--listen", "127.0.0.1:0"], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  await new Promise<void>((done, failed) => {
    server.once("exit", (code) => failed(new Error(`the server ended with ${code}`)));
    server.stdout?.on("data", (bytes: Buffer) => {
      said += bytes.toString();
      base = /http:\/\/[^\s/]+/.exec(said)?.[0] ?? "";
      link = /#link=(\S+)/.exec(said)?.[1] ?? "";
      if (base !== "" && link !== "") done();
    });
  });
}, 120_000);

afterAll(() => {
  server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

async function signedIn(login: string): Promise<Client> {
  const { response } = await client().POST("/api/v1/session", { body: { login, password: PASSWORD } });
  expect(response.status).toBe(200);
  const cookie = response.headers.get("set-cookie")?.split(";")[0];
  return client(cookie);
}

async function person(admin: Client, id: string): Promise<Client> {
  const made = await ok(admin.POST("/api/v1/accounts", { body: { login: id, person: id } }));
  await ok(client().POST("/api/v1/links", { body: { link: made.link, password: PASSWORD } }));
  return signedIn(id);
}

/** A UUID of version 7: the command's id, made by whoever asks. */
function commandId(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

async function over(by: Client, id: string) {
  for (;;) {
    const job = await ok(by.GET("/api/v1/jobs/{id}", { params: { path: { id } } }));
    if (job.state === "done") return job;
    if (job.state !== "queued" && job.state !== "running") throw new Error(JSON.stringify(job));
    await new Promise((wake) => setTimeout(wake, 200));
  }
}

test("a day: import, picture, outlook, plan, approve, issue, do, a restriction through its gate, settle", { timeout: 300_000 }, async () => {
  await ok(client().POST("/api/v1/links", { body: { link, password: PASSWORD } }));
  const admin = await signedIn("admin");
  const commander = await person(admin, "commander-1");
  const second = await person(admin, "commander-2");
  const clerk = await person(admin, "clerk-1");

  // Import: one file, in which one row cannot be read. Received = accepted + rejected + duplicate.
  const file = [
    "place,period_start,period_end,confirmed,asymptomatic,known_at",
    "500101,2022-11-21T00:00,2022-11-22T00:00,3,40,2022-11-22T09:00",
    "500103,2022-11-21T00:00,2022-11-22T00:00,minus,7,2022-11-22T09:00",
  ].join("\n");
  const taken = await ok(
    clerk.POST("/api/v1/imports", {
      params: { query: { table: "infections", name: "21nov.csv", office: "cq-hc", source: "S23" }, header: { "idempotency-key": commandId() } },
      headers: { "content-type": "application/octet-stream" },
      body: file as never,
      bodySerializer: (body) => body as unknown as string,
    }),
  );
  expect([taken.balance.received, taken.balance.accepted, taken.balance.rejected, taken.balance.duplicate]).toEqual([2, 1, 1, 0]);
  expect(taken.first_rejected[0]?.line).toBe(3);

  // Picture: what is known, what is not, and how old it is.
  const situation = await ok(commander.GET("/api/v1/days/{day}/situation", { params: { path } }));
  expect(situation.districts).toHaveLength(38);
  const wanzhou = situation.districts.find((district) => district.code === "500101");
  expect(wanzhou?.series.confirmed[situation.days.indexOf("2022-11-21")]).toBe(3);
  expect(situation.city.series.unknown.at(-1)).toBe("not_yet_known");

  // Outlook, brief: a day is a job.
  const job = await ok(commander.POST("/api/v1/days/{day}/run", { params: { path } }));
  await over(commander, job.job);
  const outlook = await ok(commander.GET("/api/v1/days/{day}/outlook", { params: { path } }));
  const city = outlook.series.find((series) => series.place === situation.city.code);
  expect(city?.quantiles).toHaveLength(outlook.days.length);
  expect(city?.quantiles[0]).toHaveLength(outlook.levels.length);

  // Plan: proposed by the planner.
  const planning = await ok(commander.POST("/api/v1/plans", { body: { day: DAY, parts: ["transfer"] } }));
  const made = (await over(commander, planning.job)).made;
  const checked = await ok(commander.GET("/api/v1/plans/{id}/check", { params: { path: { id: made?.name ?? "" } } }));
  expect(checked.violations).toEqual([]);

  // Something is owed; an order meets it: proposed, approved by a person, issued, accepted, done with its proof.
  const step = (by: Client, ...commands: paths["/api/v1/ledger"]["post"]["requestBody"]["content"]["application/json"]["commands"]) =>
    ok(by.POST("/api/v1/ledger", { body: { at: at("2022-11-22T20:00"), commands } }));
  const due = at("2022-11-23T12:00");
  const owed = (await step(commander, { do: "open", kind: "care_placement", area: "500103", units: 40, due })).made[0] ?? "";
  const proposed = await step(commander, { do: "propose_order", action: "transfer", meets: { [owed]: 40 }, why: "need", rests_on: owed, due });
  const order = proposed.made[0] ?? "";
  await step(commander, { do: "approve_order", order });
  await step(commander, { do: "issue_order", order });
  await step(commander, { do: "accept_order", order });
  const evidence = [{ what: "photo", base64: btoa("photo") }];
  await step(commander, { do: "finish_order", order, reason: "transferred", evidence });
  const finished = await ok(commander.GET("/api/v1/orders/{id}", { params: { path: { id: order } } }));
  expect(finished.state).toBe("done");

  // What the meeting decided, with an owner and a time.
  const decisions = [{ what: "makeshift beds in use within two days", owner: "lead-transfer", due: at("2022-11-24T18:00") }];
  await ok(commander.POST("/api/v1/days/{day}/decisions", { params: { path }, body: { at: at("2022-11-22T20:30"), decisions } }));

  await restriction(admin, commander);

  // Settle: what is late needs a reason and somebody who answers for it; then the first person signs, and a second one seals.
  const close = { at: at("2022-11-23T00:30") };
  const unexplained = await commander.POST("/api/v1/days/{day}/settlement", { params: { path }, body: close });
  expect(unexplained.response.status).toBe(409);
  const query = { at: at("2022-11-23T00:01"), late: true, limit: 1000 };
  const late = await ok(commander.GET("/api/v1/obligations", { params: { query } }));
  const what = late.items.map(({ obligation }) => ({ obligation }));
  const explain = { do: "explain" as const, what, day: DAY, reason: "no_capacity", owner: "commander-1" };
  await ok(commander.POST("/api/v1/ledger", { body: { at: at("2022-11-23T00:20"), commands: [explain] } }));
  const signed = await ok(commander.POST("/api/v1/days/{day}/settlement", { params: { path }, body: close }));
  expect(signed.state).toBe("prepared");
  const sealed = await ok(second.POST("/api/v1/days/{day}/settlement", { params: { path }, body: close }));
  expect(sealed.state).toBe("sealed");
});

async function restriction(admin: Client, commander: Client) {
  const lead = await person(admin, "coordinator-500103");
  const supplies = await person(admin, "lead-supplies");
  const safety = await person(admin, "lead-safety");
  const drafted = await ok(lead.POST("/api/v1/measures", { body: { sheet: SHEET as never, at: at("2022-11-22T22:00") } }));
  const id = drafted.measure ?? "";
  type Step = paths["/api/v1/measures/{id}/steps"]["post"]["requestBody"]["content"]["application/json"]["step"];
  const steps = (by: Client, moment: string, step: Step) => by.POST("/api/v1/measures/{id}/steps", { params: { path: { id } }, body: { step, at: at(moment) } });

  // The gate refuses while anything is missing.
  const refused = await steps(lead, "2022-11-22T22:20", { do: "gate" });
  expect(refused.response.status).toBe(409);
  await ok(steps(lead, "2022-11-22T22:30", { do: "assess" }));
  for (const [service, provider, units] of SERVICES) {
    const vehicle = service === "urgent_care" ? "ambulance 3" : null;
    await ok(steps(supplies, "2022-11-22T23:00", { do: "reserve", service, provider, units, vehicle }));
  }
  for (const way of ["main-door", "lane"]) await ok(steps(safety, "2022-11-22T23:10", { do: "inspect", way, open: true }));
  await ok(steps(lead, "2022-11-22T23:20", { do: "notice", how: "both-doors" }));
  await ok(steps(lead, "2022-11-22T23:40", { do: "gate" }));
  // Two people: nothing binds until the second one confirms with their own session.
  const waiting = await steps(lead, "2022-11-23T08:00", { do: "activate", second: "commander-1" });
  expect(waiting.response.status).toBe(202);
  const confirmations = await ok(commander.GET("/api/v1/confirmations"));
  await ok(commander.POST("/api/v1/confirmations/{id}", { params: { path: { id: confirmations[0]?.confirm ?? "" } } }));
  const shown = await ok(commander.GET("/api/v1/measures/{id}", { params: { path: { id }, query: { at: at("2022-11-23T09:00") } } }));
  expect((shown as { binds?: boolean }).binds).toBe(true);
}

const SERVICES: [string, string, number][] = [
  ["food", "Yonghui Jiefangbei", 40],
  ["water", "Yonghui Jiefangbei", 40],
  ["medicine", "Tongjun Pharmacy", 6],
  ["urgent_care", "Second Hospital", 40],
  ["dialysis", "Second Hospital", 1],
  ["help_for_the_old", "Jiefangbei volunteers", 3],
  ["refuse", "Yuzhong Sanitation", 40],
];

const SHEET = {
  decided_by: "commander-1",
  appeal_channel: "12345-3",
  tests_on: [1, 2, 3, 5],
  place: { code: "500103-jfb-7", within: "500103", zh: "解放碑7号楼", en: "Building 7, Jiefangbei" },
  ground: { rule: "cn.zone.high.designate", clause: "20 measures, measure 4" },
  time: { start: "2022-11-23T08:00", review: "2022-11-26T08:00", end: "2022-11-28T08:00" },
  evidence: [{ report: "flow-2022-11-22-17", occurred: "2022-11-22T20:00" }],
  people: { persons: 40, households: 14, medicine: 6, dialysis: 1, chemotherapy: 0, obstetric: 0, help_for_the_old: 3, help_for_children: 0 },
  way: [
    { id: "main-door", kind: "exit" },
    { id: "lane", kind: "fire_lane" },
  ],
  words: {
    what: { zh: "本楼居民足不出户，服务上门。", en: "People of the building stay at home; services come to the door." },
    why: { zh: "两个单元发现3名感染者，传播链不清。", en: "Three infections in two stairwells; how they are linked is not known." },
    alternative: { zh: "只管控一个单元：另一单元的来源不明。", en: "One stairwell only: where the infection of the other came from is not known." },
  },
  facts: {
    "measure.type": "close_area",
    "measure.level": "high",
    "place.role": "residence",
    "measure.scope": "building",
    "measure.ordered_by": "county",
    "measure.services": ["food", "medicine", "emergency_medical", "egress"],
    "measure.exits": "open",
    "measure.expires": true,
    "measure.announced": true,
    "outbreak.transmission_risk_unclear": false,
    "outbreak.extensive_community": false,
    "area.cases": 3,
  },
};

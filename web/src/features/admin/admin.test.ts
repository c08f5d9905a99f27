import { describe, expect, it } from "vitest";
import { health, joined, linkAddress, standingOf, type Account, type Somebody } from "./admin";

const account = (login: string, more: Partial<Account> = {}): Account => ({ login, person: login, administrator: false, has_password: true, has_second_factor: false, closed: false, linked: false, ...more });
const person = (id: string): Somebody => ({ id, name_zh: id, name_en: id, role: "commander" });

describe("people and accounts", () => {
  it("are everybody once", () => {
    const rows = joined([person("a"), person("b")], [account("admin", { person: null }), account("b"), account("gone")]);
    expect(rows.map((row) => [row.id, row.account?.login ?? null])).toEqual([["@admin", "admin"], ["@gone", "gone"], ["a", null], ["b", "b"]]);
  });
  it("stand somewhere", () => {
    const now = Date.parse("2026-01-01T00:00:00Z");
    expect([null, account("a", { closed: true, has_password: false }), account("a", { locked_until: "2026-01-01T00:00:01Z" }), account("a", { locked_until: "2025-12-31T00:00:00Z" }), account("a", { has_password: false }), account("a", { has_password: false, linked: true })].map((one) => standingOf(one, now))).toEqual(["none", "closed", "locked", "active", "invited", "active"]);
  });
  it("get a link that opens here", () => {
    expect(linkAddress("ab12", "https://x")).toBe("https://x/#link=ab12");
    expect(linkAddress("/#link=ab12", "https://x")).toBe("https://x/#link=ab12");
    expect(linkAddress("https://y/#link=ab12", "https://x")).toBe("https://y/#link=ab12");
  });
});

describe("the server's figures", () => {
  const line = (route: string, status: number, le: string, n: number) => `levee_http_request_seconds_bucket{method="GET",route="${route}",status="${status}",le="${le}"} ${n}`;
  const count = (route: string, status: number, n: number) => `levee_http_request_seconds_count{method="GET",route="${route}",status="${status}"} ${n}`;
  const text = ["levee_waiting_requests 2", "levee_streams 3", line("/a", 200, "0.1", 90), line("/a", 200, "1", 99), line("/a", 200, "+Inf", 100), count("/a", 200, 100), line("/b", 500, "0.1", 0), line("/b", 500, "1", 0), line("/b", 500, "+Inf", 1), count("/b", 500, 1)].join("\n");
  it("are sums, a bound for 99 of 100, and never a bound that is not known", () => {
    const found = health(text);
    expect([found?.waiting, found?.streams, found?.answered, found?.failures, found?.most]).toEqual([2, 3, 101, 1, 1]);
    expect(found?.routes).toEqual([{ route: "GET /b", count: 1, within: null }, { route: "GET /a", count: 100, within: 1 }]);
    expect(found?.within).toBeNull();
  });
  it("are none where nothing was told", () => expect(health("hello")).toBeNull());
});

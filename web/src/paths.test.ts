import { describe, expect, it } from "vitest";
import { carrying, paths, queried } from "./paths";
import { routeOf, SECTIONS } from "./routes";

const LINKS = {
  situation: paths.situation(),
  area: paths.area("500105"),
  sources: paths.sources(),
  contradiction: paths.contradiction("c-1"),
  outlook: paths.outlook(),
  scenario: paths.scenario("tighter"),
  plan: paths.plan(),
  planOf: paths.planOf("2022-11-19"),
  planCompare: paths.planCompare("2022-11-19"),
  orders: paths.orders(),
  order: paths.order("1119-01"),
  owed: paths.owed(),
  obligation: paths.obligation("a/b c"),
  settlement: paths.settlement("2022-11-18"),
  measures: paths.measures(),
  measure: paths.measure("m-1"),
  measuresAudit: paths.measuresAudit(),
  briefLatest: paths.briefLatest(),
  brief: paths.brief("2022-11-18"),
  directive: paths.directive("d-1"),
  intake: paths.intake(),
  batch: paths.batch("01a2-0"),
  admin: paths.admin(),
  my: paths.my(),
  myOrder: paths.myOrder("1119-01"),
  publicPage: paths.publicPage(),
  publicPlace: paths.publicPlace("b-7"),
};

describe("links", () => {
  it("are these", () => {
    expect(Object.values(LINKS).join("\n")).toMatchInlineSnapshot(`
      "/situation
      /areas/500105
      /sources
      /contradictions/c-1
      /outlook
      /outlook/tighter
      /plan
      /plan/2022-11-19
      /plan/2022-11-19/compare
      /orders
      /orders/1119-01
      /owed
      /owed/a%2Fb%20c
      /settlement/2022-11-18
      /measures
      /measures/m-1
      /measures/audit
      /brief
      /brief/2022-11-18
      /directives/d-1
      /intake
      /intake/01a2-0
      /admin
      /my
      /my/1119-01
      /public
      /public/b-7"
    `);
  });
  it("lead to pages, and what they name arrives whole", () => {
    for (const [name, link] of Object.entries(LINKS)) expect(routeOf(link), name).not.toBeNull();
    expect(routeOf(LINKS.obligation)?.params).toEqual({ id: "a/b c" });
    expect(routeOf("/measures/audit")?.route.path).toBe("/measures/audit");
  });
  it("elsewhere lead nowhere", () => {
    for (const bad of ["/elsewhere", "/brief/2022-02-30", "/plan/today", "/owed/%E0%A4%A", "/situation/more"]) expect(routeOf(bad), bad).toBeNull();
  });
  it("take the moment along, unless they name one themselves", () => {
    const from = new URLSearchParams("at=2022-11-17T13:00&sel=x");
    expect(carrying("/plan", from)).toBe("/plan?at=2022-11-17T13:00");
    expect(carrying("/plan?at=2022-11-18T00:00", from)).toBe("/plan?at=2022-11-18T00:00");
    expect(carrying("/plan?area=500105", from, ["at", "sel"])).toBe("/plan?area=500105&at=2022-11-17T13:00&sel=x");
    expect(queried("/plan", new URLSearchParams())).toBe("/plan");
  });
});

it("each of the eight pages has a letter of its own", () => {
  const letters = SECTIONS.map(([, letter]) => letter);
  expect(new Set(letters).size).toBe(8);
});

import { expect, it } from "vitest";
import { paths } from "./paths";
import { pageOf } from "./routes";

it("every link leads to a page", () => {
  const links = {
    brief: paths.brief("2022-11-18"),
    briefLatest: paths.briefLatest(),
    situation: paths.situation(),
    outlook: paths.outlook(),
    plan: paths.plan(),
    orders: paths.orders(),
    owed: paths.owed(),
    measures: paths.measures(),
    intake: paths.intake(),
    admin: paths.admin(),
    my: paths.my(),
    publicPage: paths.publicPage(),
  };
  expect(links).toMatchInlineSnapshot(`
    {
      "admin": "/admin",
      "brief": "/brief/2022-11-18",
      "briefLatest": "/brief",
      "intake": "/intake",
      "measures": "/measures",
      "my": "/my",
      "orders": "/orders",
      "outlook": "/outlook",
      "owed": "/owed",
      "plan": "/plan",
      "publicPage": "/public",
      "situation": "/situation",
    }
  `);
  for (const [name, link] of Object.entries(links)) expect(pageOf(link).page, name).not.toBe("nowhere");
  expect(pageOf("/brief/2022-02-30").page).toBe("nowhere");
  expect(pageOf("/elsewhere").page).toBe("nowhere");
});

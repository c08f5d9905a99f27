import { expect, it } from "vitest";
import { asBrief, findings } from "./brief";

const sentence = (en: string) => ({ zh: en, en, synthetic: false });
const masthead = { day: "2022-11-18" };

it("a document of another form is no brief", () => {
  for (const bad of [null, {}, [], "brief", { lead: [], points: [{}], titles: {}, facts: { masthead } }]) expect(asBrief(bad)).toBeNull();
  expect(asBrief({ lead: [], points: [], titles: {}, facts: { masthead } })).not.toBeNull();
});

it("findings come in the order of the brief, unknown ones last", () => {
  const titles = { zebra: sentence("z"), ages: sentence("a"), city: sentence("c"), outlook: sentence("o") };
  const brief = asBrief({ lead: [], points: [], titles, facts: { masthead } });
  expect(brief === null ? [] : findings(brief).map(([key]) => key)).toEqual(["city", "outlook", "ages", "zebra"]);
});

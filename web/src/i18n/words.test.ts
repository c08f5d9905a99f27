import { describe, expect, it } from "vitest";
import { fill, firstLang, slots, type Catalogue, type Words } from "./core";

/** Every catalogue of the app: a page's words cannot be forgotten here. */
const files = import.meta.glob<Record<string, unknown>>("../**/words.ts", { eager: true });

function catalogues(): [string, Catalogue][] {
  return Object.entries(files).flatMap(([file, module]) =>
    Object.entries(module).filter(([, value]) => typeof value === "object" && value !== null).map(([name, value]): [string, Catalogue] => [`${file} ${name}`, value as Catalogue]),
  );
}

const HAN = /[\u4e00-\u9fff]/;

describe("every catalogue", () => {
  it("is found", () => expect(catalogues().length).toBeGreaterThan(0));
  for (const [name, words] of catalogues()) {
    const each = (check: (key: string, one: Words) => void) => Object.entries(words).forEach(([key, one]) => check(key, one));
    it(`${name}: has both languages`, () =>
      each((key, { zh, en }) => {
        expect(zh.trim(), key).not.toBe("");
        expect(en.trim(), key).not.toBe("");
      }));
    it(`${name}: needs the same figures in both languages`, () => each((key, { zh, en }) => expect(slots(zh), key).toEqual(slots(en))));
    it(`${name}: has no typed space between Chinese characters`, () => each((key, { zh }) => expect(zh, key).not.toMatch(/[\u4e00-\u9fff] [\u4e00-\u9fff]/)));
    it(`${name}: has full-width punctuation after Chinese characters`, () => each((key, { zh }) => expect(zh, key).not.toMatch(/[\u4e00-\u9fff][,;:!?]/)));
    it(`${name}: writes of people with respect`, () =>
      each((key, { zh, en }) => {
        expect(zh, key).not.toMatch(/羊|阳性者|对象|排查对象/);
        expect(en, key).not.toMatch(/\b(suspects?|positives|leaked|targets?)\b/i);
      }));
  }
});

describe("words", () => {
  it("are filled, with thousands and the right number", () => {
    expect(fill("{n} {n:change|changes} since {time}", { n: 1, time: "17:59" })).toBe("1 change since 17:59");
    expect(fill("{n} {n:change|changes} since {time}", { n: 1400, time: "17:59" })).toBe("1,400 changes since 17:59");
    expect(fill("{time}以来有{n}项变化", { n: 0, time: "17:59" })).toBe("17:59以来有0项变化");
  });
  it("keep a slot that nobody filled, so that it is seen", () => expect(fill("{n} rows", {})).toBe("{n} rows"));
  it("know their slots", () => expect(slots("{n} {n:row|rows} of {all}")).toEqual(["all", "n"]));
  it("in English are not Chinese", () => {
    for (const [, words] of catalogues()) for (const [key, { en }] of Object.entries(words)) if (key !== "language" && key !== "switchLang") expect(HAN.test(en), key).toBe(false);
  });
  it("begin in the language that was asked for", () => {
    expect(firstLang("en", "zh", "zh-CN")).toBe("en");
    expect(firstLang(null, "en", "zh-CN")).toBe("en");
    expect(firstLang("fr", null, "zh-CN")).toBe("zh");
    expect(firstLang(null, null, "fr")).toBe("en");
  });
});

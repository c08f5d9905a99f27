import { describe, expect, it } from "vitest";
import { firstLang, words } from "./words";

describe("words", () => {
  it("are there in both languages, without typed spaces in Chinese", () => {
    for (const [key, { zh, en }] of Object.entries(words)) {
      expect(zh, key).not.toBe("");
      expect(en, key).not.toBe("");
      expect(zh, key).not.toMatch(/[\u4e00-\u9fff] [\u4e00-\u9fff]/);
      expect(/[\u4e00-\u9fff]/.test(zh), key).toBe(true);
    }
  });
  it("begin in the language that was asked for", () => {
    expect(firstLang("en", "zh", "zh-CN")).toBe("en");
    expect(firstLang(null, "en", "zh-CN")).toBe("en");
    expect(firstLang("fr", null, "zh-CN")).toBe("zh");
    expect(firstLang(null, null, "fr")).toBe("en");
  });
});

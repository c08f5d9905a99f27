import { expect, it } from "vitest";
import messages from "../api/generated/messages.json";
import { messageRuns, messageText, type Message } from "./messages";

const transfer: Message = {
  code: "order.transfer_to",
  args: {
    n: { is: "count", value: 1155 },
    class: { is: "words", value: { zh: "轻症", en: "mild" } },
    to: { is: "words", value: { zh: "方舱一", en: "Hall one" } },
    origins: { is: "list", value: [{ is: "message", value: { code: "order.origin", args: { n: { is: "count", value: 3 }, place: { is: "words", value: { zh: "垫江", en: "Dianjiang" } } } } }] },
  },
};

it("a message is a sentence in both languages, with what stands within it", () => {
  for (const lang of ["zh", "en"] as const) {
    const said = messageText(transfer, lang);
    expect(said).toContain("1,155");
    expect(said).toContain(lang === "zh" ? "垫江" : "Dianjiang");
    expect(said).not.toMatch(/[{}*]/);
  }
});

it("one is one and not many, and what is missing is unknown, not nothing", () => {
  const care = (n: number): Message => ({ code: "reason.need_known", args: { n: { is: "count", value: n } } });
  expect(messageText(care(1), "en")).toBe("1 person waits now");
  expect(messageText(care(2), "en")).toBe("2 people wait now");
  expect(messageText({ code: "reason.need_known", args: {} }, "zh")).toContain("未知");
});

it("a code that nobody knows says itself and what it carries", () => {
  expect(messageText({ code: "no.such", args: { n: { is: "count", value: 7 } } }, "en")).toBe("no.such; n = 7");
});

it("strong parts are told apart, and every sentence of the catalogue closes what it opens", () => {
  const strong = Object.entries(messages).find(([, words]) => words.en.includes("**"))?.[0] ?? "";
  expect(messageRuns({ code: strong, args: {} }, "en").some((run) => run.strong)).toBe(true);
  for (const words of Object.values(messages)) for (const text of [words.zh, words.en]) expect(text.split("**").length % 2).toBe(1);
});

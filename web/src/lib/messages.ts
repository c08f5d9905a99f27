// Messages of the engines: a code with its arguments, written in the words of the brief (`crates/engine/brief`). A code without a sentence shows
// as it is, so that nothing that was said is lost.
import messages from "../api/generated/messages.json";
import type { Lang, Words } from "../i18n/core";
import { hours as ageHours } from "./ages";
import { dayShort, dayWords, momentShort } from "./dates";
import { count } from "./numbers";

export type Arg =
  | { is: "count"; value: number }
  | { is: "qualified"; value: { qualifier: string; count: number } }
  | { is: "number"; value: { value: number | null; decimals: number } }
  | { is: "percent" | "hours"; value: number | null }
  | { is: "day" | "moment" | "plain"; value: string }
  | { is: "period"; value: { start: string; end: string } }
  | { is: "words"; value: Words }
  | { is: "list"; value: readonly Arg[] }
  | { is: "message"; value: Message };

export type Message = { code: string; args: Readonly<Record<string, Arg>> };

/** Part of a sentence; the strong ones carry its finding. */
export type Run = { text: string; strong: boolean };

const SENTENCES = messages as Readonly<Record<string, Words>>;
const UNKNOWN: Words = { zh: "未知", en: "unknown" };
const QUALIFIERS: Readonly<Record<string, Words>> = { ">": { zh: "超过", en: "more than " }, "<": { zh: "少于", en: "fewer than " }, "~": { zh: "约", en: "about " } };
const DEEPEST = 6;

function list(lang: Lang, items: readonly string[]): string {
  if (lang === "zh") return items.join("、");
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1) ?? ""}`;
}

function percent(value: number): string {
  return `${value.toLocaleString("en-US", { maximumFractionDigits: 2 })}%`;
}

/** An argument as a sentence or a cell of a table has it. */
export function argText(arg: Arg, lang: Lang, style: "short" | "full" = "short", depth = 0): string {
  switch (arg.is) {
    case "count":
      return count(arg.value);
    case "qualified":
      return `${QUALIFIERS[arg.value.qualifier]?.[lang] ?? ""}${count(arg.value.count)}`;
    case "number":
      return arg.value.value === null ? UNKNOWN[lang] : count(arg.value.value, arg.value.decimals);
    case "percent":
      return arg.value === null ? UNKNOWN[lang] : percent(arg.value);
    case "hours":
      return arg.value === null ? UNKNOWN[lang] : ageHours(lang, arg.value);
    case "day":
      return style === "full" ? dayWords(lang, arg.value) : dayShort(lang, arg.value);
    case "moment":
      return momentShort(lang, arg.value);
    case "period":
      return `${momentShort(lang, arg.value.start)}${lang === "zh" ? "—" : " to "}${momentShort(lang, arg.value.end)}`;
    case "words":
      return arg.value[lang];
    case "plain":
      return arg.value;
    case "list":
      return list(lang, arg.value.map((item) => argText(item, lang, style, depth + 1)));
    case "message":
      return messageText(arg.value, lang, depth + 1);
  }
}

function filled(template: string, message: Message, lang: Lang, depth: number): string {
  return template.replace(/\{([^}]+)\}/g, (_, place: string) => {
    const [counted = "", words] = place.split("#");
    if (words !== undefined) {
      const arg = message.args[counted];
      const [one = "", many = one] = words.split("|");
      return arg?.is === "count" && arg.value === 1 ? one : many;
    }
    const [name = "", style] = place.split("!");
    const arg = message.args[name];
    return arg === undefined ? UNKNOWN[lang] : argText(arg, lang, style === "full" ? "full" : "short", depth);
  });
}

/** The sentence of a message, its strong parts apart. */
export function messageRuns(message: Message, lang: Lang, depth = 0): Run[] {
  const sentence = depth < DEEPEST ? SENTENCES[message.code]?.[lang] : undefined;
  if (sentence === undefined) {
    const args = Object.entries(message.args).map(([name, arg]) => `; ${name} = ${argText(arg, lang, "short", depth + 1)}`);
    return [{ text: `${message.code}${args.join("")}`, strong: false }];
  }
  return sentence.split("**").map((part, nth) => ({ text: filled(part, message, lang, depth), strong: nth % 2 === 1 })).filter((run) => run.text !== "");
}

export function messageText(message: Message, lang: Lang, depth = 0): string {
  return messageRuns(message, lang, depth).map((run) => run.text).join("");
}

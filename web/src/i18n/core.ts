// Two languages: each key has two sentences that people wrote, not translated word by word. A key is a name, never a sentence; what it needs
// to be filled in is part of its type, so a forgotten figure does not compile.
export type Lang = "zh" | "en";

/** Words in both languages, as the server gives them too. */
export type Words = { readonly zh: string; readonly en: string };

export type Catalogue = Readonly<Record<string, Words>>;

/** Names of the slots in a sentence: `{n}` and `{n:change|changes}` are both the slot `n`. */
type Slot<S extends string> = S extends `${string}{${infer Inside}}${infer Rest}` ? (Inside extends `${infer Name}:${string}` ? Name : Inside) | Slot<Rest> : never;

/** What a sentence needs: nothing, or a value for each slot. A number is written with its thousands. */
export type Filling<W extends Words> = [Slot<W["en"]>] extends [never] ? [] : [Readonly<Record<Slot<W["en"]>, string | number>>];

/** Holds a catalogue to its form and keeps its keys and slots as types. One catalogue for each feature, loaded with its page. */
export function catalogue<const C extends Catalogue>(words: C): C {
  return words;
}

const SLOT = /\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g;

/** The names of the slots of a text, sorted. */
export function slots(text: string): string[] {
  return [...new Set([...text.matchAll(SLOT)].map((found) => found[1] ?? ""))].sort();
}

function thousands(n: number): string {
  return n.toLocaleString("en-US", { maximumFractionDigits: 2 });
}

/** Fills the slots. `{n:change|changes}` takes the first form for exactly one, the second for any other number. */
export function fill(text: string, values: Readonly<Record<string, string | number>> = {}): string {
  return text.replace(SLOT, (whole, name: string, one: string | undefined, many: string | undefined) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (one !== undefined) return (value === 1 || value === "1" ? one : many) ?? "";
    return typeof value === "number" ? thousands(value) : value;
  });
}

/** The language of the address, of this browser's last visit, or of the browser. */
export function firstLang(asked: string | null, kept: string | null, browser: string): Lang {
  for (const one of [asked, kept]) if (one === "zh" || one === "en") return one;
  return browser.toLowerCase().startsWith("zh") ? "zh" : "en";
}

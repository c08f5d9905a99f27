// Names of what comes as a code: kinds of obligations with their units, people, sections.
import { api, type Schemas } from "../api/client";
import { kindShort, sections } from "../i18n/things";
import { locale } from "./locale.svelte";
import { read } from "./store.svelte";

export type Kind = Schemas["Kind"];
export type Somebody = Schemas["Somebody"];

/** Reads the names as long as a component is there. A code without a name stays a code. */
export function names() {
  const kinds = read(() => ["kinds"], (signal) => api.GET("/api/v1/kinds", { signal }), { kinds: ["reference_taken"] });
  const people = read(() => ["people"], (signal) => api.GET("/api/v1/people", { signal }), { kinds: ["reference_taken"] });
  const byKind = $derived(new Map((kinds.value ?? []).map((kind) => [kind.kind, kind])));
  const byPerson = $derived(new Map((people.value ?? []).map((one) => [one.id, one])));
  return {
    get people(): readonly Somebody[] {
      return people.value ?? [];
    },
    get kinds(): readonly Kind[] {
      return kinds.value ?? [];
    },
    /** The whole name: transfer to the place of care. */
    kind(code: string): string {
      const kind = byKind.get(code);
      return kind === undefined ? code : locale.name(kind.name_zh, kind.name_en);
    },
    /** One or two words, for headings of columns. */
    short(code: string): string {
      const short = kindShort[code];
      return short === undefined ? this.kind(code) : locale.pick(short);
    },
    /** What is counted: people, households, tubes. */
    unit(code: string): string {
      const kind = byKind.get(code);
      return kind === undefined ? "" : locale.name(kind.unit_zh, kind.unit_en);
    },
    person(id: string): string {
      const one = byPerson.get(id);
      return one === undefined ? id : locale.name(one.name_zh, one.name_en);
    },
    section(code: string): string {
      const words = sections[code];
      return words === undefined ? code : locale.pick(words);
    },
  };
}

export type Names = ReturnType<typeof names>;

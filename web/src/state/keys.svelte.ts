// Keys. Single keys work outside fields only and can be switched off (WCAG 2.1.4); the ones with Ctrl always work.
import { untrack } from "svelte";
import { keep, kept } from "./locale.svelte";

export type Key = {
  /** `j`, `Enter`, `Escape`, `?`, `[`, `Ctrl k`, or `g s` for one after the other. */
  key: string;
  /** What it does, for the list behind `?`. */
  says: string;
  /** False leaves the key to the browser. */
  does: (event: KeyboardEvent) => boolean | void;
};

const KEPT = "levee.keys";
/** So long a `g` waits for its page, in ms. */
const SEQUENCE = 1_500;

function inField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) && !(target instanceof HTMLInputElement && /^(checkbox|radio|button|range)$/.test(target.type));
}

class Keys {
  on = $state(kept(KEPT) !== "off");
  #groups: (() => readonly Key[])[] = $state.raw([]);
  #first: { key: string; at: number } | null = null;
  /** All keys that work now, the nearest first. */
  all = $derived(this.#groups.flatMap((group) => group()));

  constructor() {
    addEventListener("keydown", (event) => this.#pressed(event));
  }

  turn(on: boolean) {
    this.on = on;
    keep(KEPT, on ? "on" : "off");
  }

  add(group: () => readonly Key[]): () => void {
    this.#groups = [group, ...this.#groups];
    return () => (this.#groups = this.#groups.filter((one) => one !== group));
  }

  #pressed(event: KeyboardEvent) {
    if (event.defaultPrevented || event.isComposing) return;
    const control = event.ctrlKey || event.metaKey;
    // A modifier alone is no key: it would be taken for the first of a pair.
    if (event.altKey || /^(Shift|Control|Meta|Alt)$/.test(event.key)) return;
    // Enter and blank belong to the button or link that has the focus.
    const onControl = event.target instanceof Element && event.target.closest("button,a[href],[role=option],[role=menuitem],summary") !== null;
    if (!control && (inField(event.target) || !this.on) && event.key !== "Escape") return;
    if (onControl && (event.key === "Enter" || event.key === " ")) return;
    const inDialog = document.querySelector("dialog[open]") !== null;
    if (inDialog && event.key !== "Escape") return;
    const name = control ? `Ctrl ${event.key.toLowerCase()}` : event.key.length === 1 && /[A-Z]/.test(event.key) && !event.shiftKey ? event.key.toLowerCase() : event.key.length === 1 && event.shiftKey && /[A-Za-z]/.test(event.key) ? `Shift ${event.key.toLowerCase()}` : event.key;
    const now = Date.now();
    const pair = this.#first !== null && now - this.#first.at < SEQUENCE ? `${this.#first.key} ${name}` : null;
    this.#first = null;
    const found = this.all.filter((one) => one.key === pair || (pair === null && one.key === name));
    for (const one of found) {
      if (one.does(event) === false) continue;
      event.preventDefault();
      return;
    }
    if (!control && this.all.some((one) => one.key.startsWith(`${name} `))) this.#first = { key: name, at: now };
  }
}

export const keys = new Keys();

/** Keys of a component, as long as it is there. */
export function useKeys(group: () => readonly Key[]) {
  $effect(() => {
    const drop = untrack(() => keys.add(group));
    return () => untrack(drop);
  });
}

// What can be done on a page, for the palette. What is refused is listed too, with its reason.
import { untrack } from "svelte";

export type Action = {
  /** Names under which it is found, the one that is shown first. */
  names: readonly string[];
  /** Figures that help to choose, such as "213 overdue, oldest 39 h". */
  detail?: string;
  key?: string;
  /** Why it cannot be done now, and who or what would mend it. */
  refused?: string | undefined;
  does: () => void;
};

class Actions {
  #groups: (() => readonly Action[])[] = $state.raw([]);
  all = $derived(this.#groups.flatMap((group) => group()));

  add(group: () => readonly Action[]): () => void {
    this.#groups = [group, ...this.#groups];
    return () => (this.#groups = this.#groups.filter((one) => one !== group));
  }
}

export const actions = new Actions();

/** Actions of a page, as long as it is there. */
export function useActions(group: () => readonly Action[]) {
  $effect(() => {
    const drop = untrack(() => actions.add(group));
    return () => untrack(drop);
  });
}

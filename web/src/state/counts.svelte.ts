// The small figures in the top bar, such as what is overdue. A page's own code tells them; none is shown in a view of the past.
import { untrack } from "svelte";
import type { Section } from "../routes";

export type Count = { text: string; tone?: "over" };

class Counts {
  #said: Partial<Record<Section, Count>> = $state.raw({});

  of(section: Section): Count | undefined {
    return this.#said[section];
  }

  say(section: Section, count: Count | null) {
    // Pages say it in an effect: what stood before is no reason to say it again.
    untrack(() => {
      const next = { ...this.#said };
      if (count === null) delete next[section];
      else next[section] = count;
      this.#said = next;
    });
  }
}

export const counts = new Counts();

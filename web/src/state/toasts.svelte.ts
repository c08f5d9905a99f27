// One line at the foot that says what was done. It never covers the page and never carries an error: errors stand where they arose.
export type Toast = { id: number; text: string; action?: { says: string; does: () => void } };

/** So long a line stays, in ms; longer while a pointer or the focus is on it. */
const STAYS = 8_000;

class Toasts {
  list: readonly Toast[] = $state.raw([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  say(text: string, action?: Toast["action"]) {
    const toast: Toast = action === undefined ? { id: this.#next++, text } : { id: this.#next++, text, action };
    this.list = [...this.list.slice(-2), toast];
    this.stay(toast.id, false);
  }

  stay(id: number, held: boolean) {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    if (!held) this.#timers.set(id, setTimeout(() => this.drop(id), STAYS));
  }

  drop(id: number) {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();

// What was read of the server, kept while somebody looks: shown at once when they come back, asked for again when it may have changed.
import { untrack } from "svelte";
import { answered, type Fetched, type Problem } from "../api/client";
import { live, type Change } from "./live.svelte";
import { session } from "./session.svelte";

/** Read again on coming back when older than this, in ms. */
const FRESH = 30_000;
/** However many changes come, one thing is asked for at most this often, in ms. */
const AT_MOST_EVERY = 2_000;
/** So many answers are kept that nobody looks at. */
const KEPT = 80;

class Entry {
  value: unknown = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  asking = $state(false);
  /** Since when it is being asked for, by this machine's clock. */
  askedAt = $state(0);
  /** When it was answered, by this machine's clock; 0 = never. */
  at = $state(0);
  /** Changes that came since and are not shown, and since when. */
  waiting = $state(0);
  waitingSince = $state(0);
  looking = 0;
  #next: ReturnType<typeof setTimeout> | null = null;
  #stop: AbortController | null = null;
  #again = false;

  constructor(public ask: (signal: AbortSignal) => Promise<Fetched<unknown>>) {}

  async load() {
    if (this.asking) {
      this.#again = true;
      return;
    }
    const stop = new AbortController();
    this.#stop = stop;
    this.asking = true;
    this.askedAt = Date.now();
    const answer = await answered(this.ask(stop.signal));
    if (stop.signal.aborted) {
      this.asking = false;
      return;
    }
    this.asking = false;
    if (answer.ok) {
      this.value = answer.value;
      this.problem = null;
      this.at = Date.now();
      this.waiting = 0;
    } else {
      this.problem = answer.problem;
      // A right that was taken away takes with it what was read by it.
      if (answer.problem.status === 403 || answer.problem.status === 404) this.value = null;
    }
    if (this.#again) {
      this.#again = false;
      this.loadSoon();
    }
  }

  loadSoon() {
    const wait = Math.max(0, this.askedAt + AT_MOST_EVERY - Date.now());
    this.#next ??= setTimeout(() => {
      this.#next = null;
      if (this.looking > 0) void this.load();
      else this.at = 0;
    }, wait);
  }

  forget() {
    this.#stop?.abort();
    if (this.#next !== null) clearTimeout(this.#next);
  }
}

const kept = new Map<string, Entry>();

function entryOf(key: string, ask: Entry["ask"]): Entry {
  const found = kept.get(key);
  if (found !== undefined) {
    // The one looked at last stands last.
    kept.delete(key);
    kept.set(key, found);
    found.ask = ask;
    return found;
  }
  const made = new Entry(ask);
  kept.set(key, made);
  for (const [old, entry] of kept) {
    if (kept.size <= KEPT) break;
    if (entry.looking > 0) continue;
    entry.forget();
    kept.delete(old);
  }
  return made;
}

/** Forgets all that was read: another person is here. */
export function forgetAll() {
  for (const entry of kept.values()) entry.forget();
  kept.clear();
}

/** Asks again for whatever anybody looks at. */
export function refreshAll() {
  for (const entry of kept.values()) {
    if (entry.looking > 0) void entry.load();
    else entry.at = 0;
  }
}

export type Kinds = "all" | "none" | readonly string[] | ((change: Change) => boolean);

export type ReadOptions = {
  /** Which changes may touch it. Default: all. */
  kinds?: Kinds;
  /** True while no change can touch it: a view of the past stays as it was. */
  still?: () => boolean;
  /** Changes wait until somebody asks for them (`waiting`, `show()`): for lists that must not move under a pointer. */
  hold?: boolean;
  /** While another key is read, the value of the last one stays (`previous` is true). Only where a title cannot then lie. */
  keepLast?: boolean;
};

/** What a page sees of something that it reads. */
export type Read<T> = {
  /** The last answer; null before the first. It stays while it is asked for again, and when that fails. */
  readonly value: T | null;
  /** Why the last asking failed. With a value beside it, the value is old (`at`). */
  readonly problem: Problem | null;
  /** Being asked for, since `askedAt` (ms). */
  readonly asking: boolean;
  readonly askedAt: number;
  /** When `value` was answered, ms by this machine's clock; 0 = never. */
  readonly at: number;
  /** The value belongs to the key before. */
  readonly previous: boolean;
  /** Changes that wait to be shown (with `hold`), and since when. */
  readonly waiting: number;
  readonly waitingSince: number;
  /** Asks again now. */
  show(): void;
};

function touches(kinds: Kinds, changes: readonly Change[]): number {
  if (kinds === "all") return changes.length;
  if (kinds === "none") return 0;
  if (typeof kinds === "function") return changes.filter(kinds).length;
  return changes.filter((change) => kinds.includes(change.kind)).length;
}

/**
 * Reads something and goes on reading it while the component is there.
 *
 * `key` names it, with everything that it depends on; null reads nothing. `ask` asks the typed client:
 * `read(() => ["situation", time.day], (signal) => api.GET("/api/v1/…", { params, signal }))`.
 */
export function read<T>(key: () => readonly unknown[] | null, ask: (signal: AbortSignal) => Promise<Fetched<T>>, options: ReadOptions = {}): Read<T> {
  let entry = $state.raw<Entry | null>(null);
  let last = $state.raw<Entry | null>(null);
  const name = $derived.by(() => {
    const parts = key();
    return parts === null ? null : JSON.stringify(parts);
  });

  $effect(() => {
    const wanted = name;
    const person = session.person;
    const looked = wanted === null ? null : entryOf(`${person} ${wanted}`, ask);
    untrack(() => {
      if (entry !== null && entry.value !== null) last = entry;
      entry = looked;
      if (looked !== null) {
        looked.looking += 1;
        if (!looked.asking && (looked.at === 0 || Date.now() - looked.at > FRESH)) void looked.load();
      }
    });
    if (looked === null) return;
    const deaf = live.listen((changes, lookAgain) => {
      if (options.kinds === "none" || options.still?.() === true) return;
      const many = lookAgain ? Math.max(1, changes.length) : touches(options.kinds ?? "all", changes);
      if (many === 0) return;
      if (options.hold === true) {
        if (looked.waiting === 0) looked.waitingSince = Date.now();
        looked.waiting += many;
      } else looked.loadSoon();
    });
    return () => {
      deaf();
      looked.looking -= 1;
    };
  });

  const shown = $derived(entry !== null && entry.value === null && options.keepLast === true && entry.problem === null ? last ?? entry : entry);
  return {
    get value() {
      return (shown?.value ?? null) as T | null;
    },
    get problem() {
      return entry?.problem ?? null;
    },
    get asking() {
      return entry?.asking ?? name !== null;
    },
    get askedAt() {
      return entry?.askedAt ?? 0;
    },
    get at() {
      return shown?.at ?? 0;
    },
    get previous() {
      return shown !== null && shown !== entry;
    },
    get waiting() {
      return entry?.waiting ?? 0;
    },
    get waitingSince() {
      return entry?.waitingSince ?? 0;
    },
    show() {
      void entry?.load();
    },
  };
}

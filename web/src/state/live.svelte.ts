// Changes as they happen. They come one by one, up to hundreds a second, and are told in batches four times a second.
import { GUARD, sessionEnded } from "../api/client";
import { backoff, EventReader, retryAfter } from "../lib/sse";

/** What the server tells of a change: what and where, never about whom. */
export type Change = { position: number; kind: string; stream: string; occurred: string; recorded: string };

type Listener = (changes: readonly Change[], lookAgain: boolean) => void;

/** Changes are told this often, in ms. */
const TOLD_EVERY = 250;
/** The server says something at least every 15 s; a line that is silent for longer is cut. */
const SILENT_TOO_LONG = 35_000;
/** A line that was cut is shown as cut after so long: a server that starts again is back sooner. */
const SHOWN_AFTER = 2_000;

class Live {
  /** `cut` is shown; `opening` is not yet. */
  state: "off" | "opening" | "live" | "cut" = $state("off");
  /** Since when there is no line, by this machine's clock. */
  cutSince: number | null = $state(null);
  /** When something was last heard, by this machine's clock. */
  heard = $state(0);
  /** How many changes were told since the page was opened. */
  told = $state(0);

  #listeners = new Set<Listener>();
  #lastId: string | null = null;
  #waiting: Change[] = [];
  #lookAgain = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #stop: AbortController | null = null;
  #wake: (() => void) | null = null;

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Opens the line and keeps it open until the returned function is called. */
  start(): () => void {
    const whole = new AbortController();
    const again = () => this.#wake?.();
    const gone = () => this.#stop?.abort();
    addEventListener("online", again);
    addEventListener("offline", gone);
    void this.#run(whole.signal);
    return () => {
      whole.abort();
      this.#stop?.abort();
      removeEventListener("online", again);
      removeEventListener("offline", gone);
      this.state = "off";
    };
  }

  async #run(signal: AbortSignal) {
    let tries = 0;
    this.state = "opening";
    while (!signal.aborted) {
      const { opened, wait, end } = await this.#once(signal);
      if (signal.aborted || end) return;
      tries = opened ? 0 : tries + 1;
      if (this.cutSince === null) {
        this.cutSince = Date.now();
        setTimeout(() => {
          if (this.cutSince !== null && !signal.aborted) this.state = "cut";
        }, SHOWN_AFTER);
      }
      await new Promise<void>((done) => {
        const timer = setTimeout(done, backoff(tries, Math.random(), wait));
        this.#wake = () => {
          clearTimeout(timer);
          done();
        };
      });
      this.#wake = null;
    }
  }

  /** One line, from its opening to its end. */
  async #once(whole: AbortSignal): Promise<{ opened: boolean; wait: number | null; end: boolean }> {
    const stop = new AbortController();
    this.#stop = stop;
    if (whole.aborted) stop.abort();
    let watch: ReturnType<typeof setTimeout> | undefined;
    const heard = () => {
      this.heard = Date.now();
      clearTimeout(watch);
      watch = setTimeout(() => stop.abort(), SILENT_TOO_LONG);
    };
    let opened = false;
    try {
      heard();
      const headers: Record<string, string> = { ...GUARD, accept: "text/event-stream" };
      if (this.#lastId !== null) headers["last-event-id"] = this.#lastId;
      const response = await fetch("/api/v1/changes", { headers, credentials: "same-origin", cache: "no-store", signal: stop.signal });
      // Nobody is signed in any more: signing in opens the line again.
      if (response.status === 401) {
        sessionEnded();
        return { opened, wait: null, end: true };
      }
      if (!response.ok || response.body === null) return { opened, wait: retryAfter(response.headers.get("retry-after")), end: false };
      opened = true;
      // What happened while there was no line comes first, told by the server from the last id; without one, everything may have changed.
      if (this.cutSince !== null && this.#lastId === null) this.#tellSoon(null);
      this.state = "live";
      this.cutSince = null;
      const reader = new EventReader();
      const pieces = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { value, done } = await pieces.read();
        if (done) break;
        heard();
        for (const { event, data, id } of reader.take(value)) {
          if (id !== null) this.#lastId = id;
          if (event === "change") this.#tellSoon(data);
          else if (event === "look-again") this.#tellSoon(null);
        }
      }
    } catch {
      // Cut, or given up: the loop tries again.
    } finally {
      clearTimeout(watch);
    }
    return { opened, wait: null, end: false };
  }

  #tellSoon(data: string | null) {
    if (data === null) this.#lookAgain = true;
    else {
      try {
        this.#waiting.push(JSON.parse(data) as Change);
      } catch {
        this.#lookAgain = true;
      }
    }
    this.#timer ??= setTimeout(() => this.#tell(), TOLD_EVERY);
  }

  #tell() {
    const changes = this.#waiting;
    const lookAgain = this.#lookAgain;
    this.#waiting = [];
    this.#lookAgain = false;
    this.#timer = null;
    this.told += changes.length;
    for (const listener of this.#listeners) listener(changes, lookAgain);
  }
}

export const live = new Live();

// Server-sent events as they come in pieces. Our own reader and not EventSource: that one cannot send where it stopped after a refusal, does not
// tell a full server (503) from one that is gone, and gives up for good.
export type Told = { event: string; data: string; id: string | null };

/** Takes text as it arrives, in any pieces, and gives whole events. A comment or a blank keeps the line alive and is no event. */
export class EventReader {
  #rest = "";
  #event = "";
  #data: string[] = [];
  /** The last id seen: sent back when the line is opened again. */
  lastId: string | null = null;

  take(piece: string): Told[] {
    const told: Told[] = [];
    // A carriage return at the end may be half of a line end.
    const text = this.#rest + piece;
    const held = text.endsWith("\r") ? 1 : 0;
    const lines = text.slice(0, text.length - held).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "") + (held === 1 ? "\r" : "");
    for (const line of lines) this.#line(line, told);
    return told;
  }

  #line(line: string, told: Told[]) {
    if (line === "") {
      if (this.#data.length > 0) told.push({ event: this.#event === "" ? "message" : this.#event, data: this.#data.join("\n"), id: this.lastId });
      this.#event = "";
      this.#data = [];
      return;
    }
    if (line.startsWith(":")) return;
    const at = line.indexOf(":");
    const field = at < 0 ? line : line.slice(0, at);
    const value = at < 0 ? "" : line.slice(at + 1).replace(/^ /, "");
    if (field === "event") this.#event = value;
    else if (field === "data") this.#data.push(value);
    else if (field === "id" && !value.includes("\0")) this.lastId = value;
  }
}

/** How long to wait before the next try, in ms: half a second, doubling to 20 s, with chance so that a thousand screens do not come at once. */
export function backoff(tries: number, chance: number, asked: number | null = null): number {
  if (asked !== null) return asked * (1 + 0.25 * chance);
  return Math.min(20_000, 500 * 2 ** Math.min(tries, 6)) * (0.5 + 0.5 * chance);
}

/** Retry-After in ms; only the form in seconds, as our server sends it. */
export function retryAfter(header: string | null): number | null {
  return header !== null && /^\d{1,4}$/.test(header.trim()) ? Number(header) * 1000 : null;
}

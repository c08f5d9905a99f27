import { describe, expect, it } from "vitest";
import { backoff, EventReader, retryAfter } from "./sse";

const STREAM = ': alive\n\nid: 7\nevent: change\ndata: {"kind":"a"}\n\nid: 8\r\nevent: change\r\ndata: one\r\ndata: two\r\n\r\nevent: look-again\ndata: {}\n\ndata\n\n';

function read(pieces: string[]) {
  const reader = new EventReader();
  return { told: pieces.flatMap((piece) => reader.take(piece)), last: reader.lastId };
}

describe("the stream of changes", () => {
  it("is read whole", () => {
    const { told, last } = read([STREAM]);
    expect(told).toEqual([
      { event: "change", data: '{"kind":"a"}', id: "7" },
      { event: "change", data: "one\ntwo", id: "8" },
      { event: "look-again", data: "{}", id: "8" },
      { event: "message", data: "", id: "8" },
    ]);
    expect(last).toBe("8");
  });
  it("means the same however it is cut", () => {
    const whole = read([STREAM]).told;
    for (let cut = 1; cut < STREAM.length; cut++) expect(read([STREAM.slice(0, cut), STREAM.slice(cut)]).told, String(cut)).toEqual(whole);
    expect(read([...STREAM]).told).toEqual(whole);
  });
  it("half an event is none", () => expect(read(["id: 9\nevent: change\ndata: x\n"]).told).toEqual([]));
});

describe("trying again", () => {
  it("waits longer each time, never for ever, and never all at once", () => {
    const waits = [0, 1, 2, 3, 10, 1000].map((tries) => backoff(tries, 1));
    expect(waits).toEqual([500, 1000, 2000, 4000, 20_000, 20_000]);
    expect(backoff(3, 0)).toBe(2000);
  });
  it("waits as long as a full server asks", () => {
    expect(backoff(0, 0, retryAfter("5"))).toBe(5000);
    expect(retryAfter("Wed, 21 Oct 2015 07:28:00 GMT")).toBeNull();
    expect(retryAfter(null)).toBeNull();
  });
});

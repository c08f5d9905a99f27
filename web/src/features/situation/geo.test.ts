import { describe, expect, it } from "vitest";
import { atlas, inside, layOut, overlap, placeLabels, thin, type Box, type Geometry, type Point } from "./geo";

const square = (x: number, y: number, side: number): Geometry => ({ type: "Polygon", coordinates: [[[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]] });
/** Four large districts about a middle of four tiny ones, one without an outline. */
const CITY = [
  { code: "nw", geometry: square(106, 30, 1) }, { code: "ne", geometry: square(107, 30, 1) }, { code: "sw", geometry: square(106, 29, 1) }, { code: "se", geometry: square(107, 29, 1) },
  ...[0, 1, 2, 3].map((n) => ({ code: `m${n}`, geometry: square(106.9 + (n % 2) * 0.1, 29.9 + Math.floor(n / 2) * 0.1, 0.1) })),
  { code: "unknown", geometry: null },
];

describe("a map", () => {
  const map = atlas(CITY);
  it("is as long as it should be, and leaves out what has no outline", () => {
    expect(map?.outlines.map(({ code }) => code)).not.toContain("unknown");
    expect(Math.max(map?.width ?? 0, map?.height ?? 0)).toBeCloseTo(1000);
  });
  it("has north above, and a point where it lies", () => {
    const [, north = 0] = map?.place(106.5, 30.9) ?? [];
    const [, south = 0] = map?.place(106.5, 29.1) ?? [];
    expect(north).toBeLessThan(south);
    const ne = map?.outlines.find(({ code }) => code === "ne");
    expect(ne !== undefined && inside(map?.place(107.5, 30.5) ?? [0, 0], ne.box)).toBe(true);
  });
  it("enlarges its dense middle", () => expect([...(map?.dense?.codes ?? [])].sort()).toEqual(["m0", "m1", "m2", "m3"]));
  it("without anything to enlarge has no enlargement", () => expect(atlas(CITY.slice(0, 4))?.dense).toBeNull());
  it("of nothing is none", () => expect(atlas([{ code: "a", geometry: null }])).toBeNull());
  it("stands within its frame, with its enlargement, at any size", () => {
    if (map === null) throw new Error("no map");
    for (const [w, h] of [[400, 390], [900, 600], [300, 800], [2000, 1400]] as const) {
      const laid = layOut(map, w, h);
      expect(laid.x).toBeGreaterThanOrEqual(0);
      expect(laid.x + map.width * laid.scale).toBeLessThanOrEqual(w + 0.01);
      expect(laid.y + map.height * laid.scale).toBeLessThanOrEqual(h + 0.01);
      const inset = laid.inset;
      expect(inset).not.toBeNull();
      if (inset !== null) expect(inset.x >= 0 && inset.y >= 0 && inset.x + inset.w <= w && inset.y + inset.h <= h).toBe(true);
    }
  });
});

describe("thinning", () => {
  it("keeps corners and drops what lies on the line", () => expect(thin([[0, 0], [5, 0.01], [10, 0], [10, 10], [0, 10], [0, 0]], 0.25)).toEqual([[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]));
  it("stays within its tolerance", () => {
    const circle = Array.from({ length: 400 }, (_, n): Point => [100 * Math.cos((n / 399) * 2 * Math.PI), 100 * Math.sin((n / 399) * 2 * Math.PI)]);
    const thinned = thin(circle, 0.5);
    expect(thinned.length).toBeLessThan(80);
    for (const [x, y] of thinned) expect(Math.hypot(x, y)).toBeCloseTo(100, 5);
  });
});

it("names never cover one another, nor what is taken, and stay in the frame", () => {
  const frame: Box = { x: 0, y: 0, w: 300, h: 200 };
  const taken: Box[] = [{ x: 0, y: 0, w: 100, h: 100 }];
  const wanted = Array.from({ length: 60 }, (_, n) => ({ code: String(n), text: n % 2 ? "九龙坡 356" : "Jiulongpo 356", at: [(n * 37) % 300, (n * 53) % 200] as Point }));
  const placed = placeLabels(wanted, frame, 11, taken, () => 70);
  expect(placed.length).toBeGreaterThan(5);
  const boxes = placed.map(({ x, y }): Box => ({ x: x - 35, y: y - 8.8, w: 70, h: 12.65 }));
  boxes.forEach((a, nth) => {
    expect(taken.some((other) => overlap(a, other))).toBe(false);
    for (const b of boxes.slice(nth + 1)) expect(overlap(a, b)).toBe(false);
    expect(a.x >= 0 && a.x + a.w <= 300).toBe(true);
  });
});

// Outlines of districts as a map without a base map: projected, thinned to what a screen can show, with the dense middle of the city enlarged
// in the emptiest corner, and with names placed so that none covers another.
export type Ring = readonly (readonly [lon: number, lat: number])[];
export type Geometry = { type: "Polygon"; coordinates: readonly Ring[] } | { type: "MultiPolygon"; coordinates: readonly (readonly Ring[])[] };
export type Point = readonly [x: number, y: number];
export type Box = { x: number; y: number; w: number; h: number };

/** One district, in units of the map: its long side is 1000. */
export type Outline = { code: string; path: string; area: number; centre: Point; box: Box };
export type Atlas = {
  outlines: readonly Outline[];
  width: number;
  height: number;
  /** From longitude and latitude to units of the map. */
  place: (lon: number, lat: number) => Point;
  /** The part that is too dense to read, if there is one, and its districts. */
  dense: { box: Box; codes: ReadonlySet<string> } | null;
};

const LONG_SIDE = 1000;
/** Points nearer than this to the line through their neighbours are left out, in units of the map: less than a pixel on a wall. */
const TOLERANCE = 0.25;

function rings(geometry: Geometry): readonly Ring[] {
  return geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
}

/** Thins a closed line (Douglas and Peucker 1973), without recursion: outlines have many thousand points. */
export function thin(points: readonly Point[], tolerance: number): Point[] {
  if (points.length < 4) return [...points];
  const keep = new Uint8Array(points.length);
  keep[0] = 1;
  keep[points.length - 1] = 1;
  const todo: [number, number][] = [[0, points.length - 1]];
  for (let span = todo.pop(); span !== undefined; span = todo.pop()) {
    const [from, to] = span;
    const a = points[from];
    const b = points[to];
    if (a === undefined || b === undefined) continue;
    const dx = b[0] - a[0];
    const dy = b[1] - a[1];
    const long = Math.hypot(dx, dy);
    let far = 0;
    let at = -1;
    for (let nth = from + 1; nth < to; nth++) {
      const p = points[nth];
      if (p === undefined) continue;
      // A ring begins where it ends: then the distance is to that point.
      const off = long < 1e-9 ? Math.hypot(p[0] - a[0], p[1] - a[1]) : Math.abs(dx * (a[1] - p[1]) - dy * (a[0] - p[0])) / long;
      if (off > far) {
        far = off;
        at = nth;
      }
    }
    if (at >= 0 && far > tolerance) {
      keep[at] = 1;
      todo.push([from, at], [at, to]);
    }
  }
  return points.filter((_, nth) => keep[nth] === 1);
}

function signedArea(ring: readonly Point[]): number {
  let sum = 0;
  for (let nth = 0; nth < ring.length; nth++) {
    const a = ring[nth];
    const b = ring[(nth + 1) % ring.length];
    if (a !== undefined && b !== undefined) sum += a[0] * b[1] - b[0] * a[1];
  }
  return sum / 2;
}

function centroid(ring: readonly Point[]): Point {
  const area = signedArea(ring);
  if (Math.abs(area) < 1e-9) return ring[0] ?? [0, 0];
  let x = 0;
  let y = 0;
  for (let nth = 0; nth < ring.length; nth++) {
    const a = ring[nth];
    const b = ring[(nth + 1) % ring.length];
    if (a === undefined || b === undefined) continue;
    const cross = a[0] * b[1] - b[0] * a[1];
    x += (a[0] + b[0]) * cross;
    y += (a[1] + b[1]) * cross;
  }
  return [x / (6 * area), y / (6 * area)];
}

export function boxOf(points: Iterable<Point>): Box {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    x0 = Math.min(x0, x);
    y0 = Math.min(y0, y);
    x1 = Math.max(x1, x);
    y1 = Math.max(y1, y);
  }
  return { x: x0, y: y0, w: x1 - x0, h: y1 - y0 };
}

function pathOf(all: readonly (readonly Point[])[]): string {
  return all.map((ring) => `M${ring.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}z`).join("");
}

/** Makes the map. A district without an outline is not on it; it stays in the table. */
export function atlas(shapes: readonly { code: string; geometry: Geometry | null }[]): Atlas | null {
  const drawn = shapes.flatMap(({ code, geometry }) => (geometry === null ? [] : [{ code, rings: rings(geometry) }]));
  const all = drawn.flatMap(({ rings: own }) => own.flat());
  if (all.length === 0) return null;
  const whole = boxOf(all.map(([lon, lat]): Point => [lon, lat]));
  // Degrees of longitude are shorter away from the equator; within one city one factor is enough.
  const squeeze = Math.cos(((whole.y + whole.h / 2) * Math.PI) / 180);
  const k = LONG_SIDE / Math.max(whole.w * squeeze, whole.h, 1e-9);
  const place = (lon: number, lat: number): Point => [(lon - whole.x) * squeeze * k, (whole.y + whole.h - lat) * k];
  const outlines = drawn.map(({ code, rings: own }): Outline => {
    const thinned = own.map((ring) => thin(ring.map(([lon, lat]) => place(lon, lat)), TOLERANCE)).filter((ring) => ring.length > 2);
    const largest = thinned.reduce<readonly Point[]>((best, ring) => (Math.abs(signedArea(ring)) > Math.abs(signedArea(best)) ? ring : best), []);
    return { code, path: pathOf(thinned), area: thinned.reduce((sum, ring) => sum + Math.abs(signedArea(ring)), 0), centre: centroid(largest), box: boxOf(thinned.flat()) };
  });
  return { outlines, width: whole.w * squeeze * k, height: whole.h * k, place, dense: denseOf(outlines) };
}

/** Districts smaller than this share of the mean are not readable beside the others. */
const SMALL = 0.25;
/** The map has a dense middle when its smallest district is below this share of the mean. */
const TINY = 0.1;

function denseOf(outlines: readonly Outline[]): Atlas["dense"] {
  const mean = outlines.reduce((sum, { area }) => sum + area, 0) / Math.max(1, outlines.length);
  const smallest = outlines.reduce<Outline | null>((best, one) => (best === null || one.area < best.area ? one : best), null);
  if (smallest === null || smallest.area > TINY * mean || outlines.length < 6) return null;
  const near = 0.2 * LONG_SIDE;
  const small = outlines.filter(({ area, centre }) => area < SMALL * mean && Math.hypot(centre[0] - smallest.centre[0], centre[1] - smallest.centre[1]) < near);
  if (small.length < 3) return null;
  const tight = boxOf(small.flatMap(({ box }): Point[] => [[box.x, box.y], [box.x + box.w, box.y + box.h]]));
  const pad = 0.22 * Math.max(tight.w, tight.h);
  const box = { x: tight.x - pad, y: tight.y - pad, w: tight.w + 2 * pad, h: tight.h + 2 * pad };
  return { box, codes: new Set(outlines.filter(({ centre }) => inside(centre, box)).map(({ code }) => code)) };
}

export function inside([x, y]: Point, box: Box): boolean {
  return x >= box.x && x <= box.x + box.w && y >= box.y && y <= box.y + box.h;
}

export function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

export type Laid = { scale: number; x: number; y: number; inset: (Box & { scale: number }) | null };

/** Where the map and its enlargement stand in a frame, in pixels: the enlargement in the corner where it covers least of the map. */
export function layOut(map: Atlas, width: number, height: number): Laid {
  const scale = Math.min((width - 4) / map.width, (height - 4) / map.height);
  const slackX = width - map.width * scale;
  const slackY = height - map.height * scale;
  const middle = { scale, x: slackX / 2, y: slackY / 2, inset: null };
  if (map.dense === null || width < 260) return middle;
  const { box } = map.dense;
  const w = Math.min(width * 0.48, height * 0.5 * (box.w / box.h));
  const inset = { w, h: (w * box.h) / box.w, scale: w / box.w };
  let best: { covered: number; laid: Laid } | null = null;
  for (const [right, bottom] of [[false, false], [true, false], [false, true], [true, true]] as const) {
    // The map moves away from the corner that the enlargement takes.
    const x = right ? 0 : slackX;
    const y = bottom ? 0 : slackY;
    const at: Box = { x: right ? width - inset.w - 1 : 1, y: bottom ? height - inset.h - 1 : 1, w: inset.w, h: inset.h };
    const covered = map.outlines.reduce((sum, { box: own, area }) => {
      const seen: Box = { x: x + own.x * scale, y: y + own.y * scale, w: own.w * scale, h: own.h * scale };
      const cut = Math.max(0, Math.min(at.x + at.w, seen.x + seen.w) - Math.max(at.x, seen.x)) * Math.max(0, Math.min(at.y + at.h, seen.y + seen.h) - Math.max(at.y, seen.y));
      return sum + (cut / Math.max(1e-9, seen.w * seen.h)) * area * scale * scale;
    }, 0);
    if (best === null || covered < best.covered - 1) best = { covered, laid: { scale, x, y, inset: { ...at, scale: inset.scale } } };
  }
  return best?.laid ?? middle;
}

export type Label = { code: string; text: string; x: number; y: number };

/** Places names in order of weight: each at its place or a little off it, left out where it would cover another or leave the frame. */
export function placeLabels(wanted: readonly { code: string; text: string; at: Point }[], frame: Box, size: number, taken: readonly Box[] = [], widthOf = (text: string) => textWidth(text, size)): Label[] {
  const used: Box[] = [...taken];
  const placed: Label[] = [];
  const step = size * 1.1;
  const tries: Point[] = [[0, 0], [0, -step], [0, step], [step * 1.6, 0], [-step * 1.6, 0], [step * 1.6, -step], [-step * 1.6, step], [step * 1.6, step], [-step * 1.6, -step], [0, -2 * step], [0, 2 * step]];
  for (const { code, text, at } of wanted) {
    const w = widthOf(text);
    for (const [dx, dy] of tries) {
      const box: Box = { x: at[0] + dx - w / 2, y: at[1] + dy - size * 0.8, w, h: size * 1.15 };
      const fits = box.x >= frame.x && box.y >= frame.y && box.x + box.w <= frame.x + frame.w && box.y + box.h <= frame.y + frame.h;
      if (!fits || used.some((other) => overlap(box, other))) continue;
      used.push(box);
      placed.push({ code, text, x: at[0] + dx, y: at[1] + dy });
      break;
    }
  }
  return placed;
}

/** About how wide a text is, in pixels: exact enough to keep names apart. */
export function textWidth(text: string, size: number): number {
  let sum = 0;
  for (const letter of text) sum += /[^\u0000-\u02ff]/.test(letter) ? 1 : /[\s.,'’il|]/.test(letter) ? 0.33 : 0.6;
  return sum * size + 3;
}

// What every chart needs: from values to pixels, where the lines of a grid stand, and paths.
export type Scale = (value: number) => number;

export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [d0, d1] = domain;
  const [r0, r1] = range;
  const k = d1 === d0 ? 0 : (r1 - r0) / (d1 - d0);
  return (value) => r0 + (value - d0) * k;
}

/** Round values from 0 up to at least `most`, at most `about + 1` steps: 0, 2500, 5000, 7500. The last one is the end of the axis. Counts have
 * no half: their steps are whole. */
export function ticks(most: number, about = 4, whole = true): number[] {
  if (!(most > 0) || !Number.isFinite(most)) return [0, 1];
  const rough = whole ? Math.max(1, most / about) : most / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((m) => m * power >= rough - 1e-9 * power && (!whole || Number.isInteger(m * power))) ?? 10) * power;
  const steps = Math.ceil(most / step - 1e-9);
  return Array.from({ length: steps + 1 }, (_, nth) => Number((nth * step).toPrecision(12)));
}

/** As linear, but by square roots: for a range so wide that its small part would vanish. Nought stays nought, and nothing is cut off. */
export function root(most: number, range: readonly [number, number]): Scale {
  const straight = linear([0, Math.sqrt(Math.max(most, 1e-9))], range);
  return (value) => straight(Math.sqrt(Math.max(0, value)));
}

const ROUND = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** Round values that stand about evenly on an axis by square roots. The last one is the end of the axis. */
export function rootTicks(most: number, about = 4): number[] {
  if (!(most > 0) || !Number.isFinite(most)) return [0, 1];
  const near = (value: number, up: boolean) => {
    const power = 10 ** Math.floor(Math.log10(value));
    const head = value / power;
    const found = up ? (ROUND.find((one) => one >= head - 1e-9) ?? 10) : ROUND.reduce((best, one) => (Math.abs(one - head) < Math.abs(best - head) ? one : best), 1);
    return Number((found * power).toPrecision(12));
  };
  const marks = new Set([0]);
  for (let nth = 1; nth < about; nth++) marks.add(near(most * (nth / about) ** 2, false));
  marks.add(near(most, true));
  return [...marks].sort((a, b) => a - b);
}

function xy(x: number, y: number): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

/** A line through points; a null breaks it, because a missing day is a gap. */
export function linePath(points: readonly (readonly [x: number, y: number] | null)[]): string {
  let path = "";
  let pen = false;
  for (const point of points) {
    if (point === null) {
      pen = false;
      continue;
    }
    path += `${pen ? "L" : "M"}${xy(point[0], point[1])}`;
    pen = true;
  }
  return path;
}

/** The band between a low and a high line. */
export function bandPath(points: readonly (readonly [x: number, low: number, high: number])[]): string {
  if (points.length === 0) return "";
  const top = points.map(([x, , high]) => xy(x, high));
  const bottom = points.map(([x, low]) => xy(x, low)).reverse();
  return `M${top.join("L")}L${bottom.join("L")}z`;
}

/** The class of a value: how many of the limits it reaches. Zero is its own class, below the first limit above it. */
export function classOf(value: number, limits: readonly number[]): number {
  if (value <= 0) return 0;
  return 1 + limits.filter((limit) => value >= limit).length;
}

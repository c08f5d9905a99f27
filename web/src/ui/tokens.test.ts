import { describe, expect, it } from "vitest";
import css from "./tokens.css?raw";

function tokens(block: string): Map<string, string> {
  return new Map([...block.matchAll(/--([a-z0-9-]+):\s*(#[0-9a-f]{6})\b/g)].map(([, name = "", value = ""]) => [name, value]));
}
const [light = "", dark = ""] = css.split('[data-theme="dark"]');
const THEMES = { light: tokens(light), dark: new Map([...tokens(light), ...tokens(dark)]) };

function luminance(colour: string): number {
  const part = (at: number) => {
    const c = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const TEXT: [string, string][] = [
  ...["bg", "surface", "sunken", "accent-bg"].flatMap((on): [string, string][] => [["ink", on], ["ink2", on]]),
  ["ink3", "surface"], ["ink3", "sunken"], ["accent", "surface"], ["accent", "accent-bg"], ["accent", "bg"], ["over", "surface"], ["over", "over-bg"], ["soon", "surface"],
  ["soon", "soon-bg"], ["ok", "surface"], ["ok", "ok-bg"], ["on-accent", "accent"], ["on-o3", "o3"], ["ink", "o1"], ["ink", "o2"], ["comm", "surface"],
];
const MARKS: [string, string][] = [["line2", "surface"], ["hatch", "hatch-bg"], ["accent", "surface"], ["comm", "surface"], ["man", "surface"], ["fan", "surface"]];

for (const [theme, values] of Object.entries(THEMES)) {
  const at = (name: string) => values.get(name) ?? `missing ${name}`;
  describe(theme, () => {
    it.each(TEXT)("text %s on %s has 4.5:1", (text, on) => expect(contrast(at(text), at(on))).toBeGreaterThanOrEqual(4.5));
    it.each(MARKS)("mark %s on %s has 3:1", (mark, on) => expect(contrast(at(mark), at(on))).toBeGreaterThanOrEqual(3));
    it("each step of the map's scale is further from the paper", () => {
      const steps = [0, 1, 2, 3, 4, 5, 6].map((nth) => contrast(at(`s${nth}`), at("surface")));
      for (let nth = 1; nth < steps.length; nth++) expect(steps[nth]).toBeGreaterThan(steps[nth - 1] ?? 0);
    });
  });
}

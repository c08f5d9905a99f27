import { expect, it } from "vitest";
import { alike, cellKey, columnOf, decoded, mended, parsed, proposed, unguarded } from "./sheet";

const TEXT = 'title of the office\r\nplace,"new, confirmed",note\r\n500112,many,"two\nlines"\r\n\r\n500103,many,x\r\n500105,3,"say ""hi"""\r\n';
const sheet = parsed(TEXT, ",", 2);
if (sheet === null) throw new Error("no sheet");

it("rows keep the line at which they begin, with quotes, blank lines and lines within cells", () => {
  expect(sheet.head.cells).toEqual(["place", "new, confirmed", "note"]);
  expect(sheet.rows.map(({ line, cells }) => [line, cells[0]])).toEqual([[3, "500112"], [6, "500103"], [7, "500105"]]);
  expect(sheet.rows[2]?.cells[2]).toBe('say "hi"');
});

it("a mend changes its cell and nothing else", () => {
  const again = parsed(mended(sheet, new Map([[cellKey(6, 1), "4,5"]])), ",", 2);
  expect(again?.before).toBe(sheet.before);
  expect(again?.rows.map((row) => row.cells)).toEqual([["500112", "many", "two\nlines"], ["500103", "4,5", "x"], ["500105", "3", 'say "hi"']]);
});

it("the cell is found by heading, else by the only cell with its value, else not at all", () => {
  expect(columnOf(sheet, { line: 3, column: "place", value: "x" })).toBe(0);
  expect(columnOf(sheet, { line: 3, column: "confirmed", value: "many" })).toBe(1);
  expect(columnOf(sheet, { line: 3, column: "confirmed", value: "lots" })).toBe(-1);
});

it("rows that say the same are mended together", () => {
  expect(alike(sheet, 1, "many")).toEqual([3, 6]);
  expect(alike(sheet, -1, "many")).toEqual([]);
});

it("bytes that are no UTF-8 are read in the national character set", () => {
  expect(decoded(new Uint8Array([0xd3, 0xe5, 0xb1, 0xb1]).buffer)).toBe("渝北");
  expect(decoded(new TextEncoder().encode("渝北").buffer as ArrayBuffer)).toBe("渝北");
});

it("what the mend itself proposes is offered, and a guard against formulas is no part of the value", () => {
  expect(proposed("nearest: 500109; write its code or its full name")).toBe("500109");
  expect(proposed("最接近：500109；请填写代码或全称")).toBe("500109");
  expect(proposed("write digits only")).toBeNull();
  expect(unguarded("'-2")).toBe("-2");
  expect(unguarded("'t Hof")).toBe("'t Hof");
});

it("an empty file has no headings", () => expect(parsed("\n\n", ",", 1)).toBeNull());

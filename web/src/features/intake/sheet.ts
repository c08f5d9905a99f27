// A CSV file in the browser: read so that single cells can be mended, and written again so that everything else stays as it was sent.

export type Line = { /** The line of the file at which the row begins, from 1. */ line: number; cells: string[] };
export type Sheet = { delimiter: string; head: Line; rows: Line[]; /** Lines before the headings, as they were sent. */ before: string };

/** Bytes as text: UTF-8 where they are that, else the Chinese national character set. */
export function decoded(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

function records(text: string, delimiter: string): Line[] {
  const found: Line[] = [];
  let cells: string[] = [];
  let cell = "";
  let quoted = false;
  let line = 1;
  let began = 1;
  const end = () => {
    cells.push(cell);
    if (cells.some((one) => one.trim() !== "")) found.push({ line: began, cells });
    cells = [];
    cell = "";
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (quoted) {
      if (char === '"' && text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else if (char === '"') quoted = false;
      else {
        if (char === "\n") line += 1;
        cell += char;
      }
    } else if (char === '"' && cell === "") quoted = true;
    else if (char === delimiter) {
      cells.push(cell);
      cell = "";
    } else if (char === "\n") {
      end();
      line += 1;
      began = line;
    } else if (char !== "\r") cell += char;
  }
  if (cell !== "" || cells.length > 0) end();
  return found;
}

/** A text as rows under its headings; null where it has none. `headerLine` is where the server found the headings. */
export function parsed(text: string, delimiter: string, headerLine: number): Sheet | null {
  const clean = text.replace(/^\ufeff/, "");
  const all = records(clean, delimiter);
  const nth = all.findIndex((one) => one.line >= headerLine);
  const head = all[nth];
  if (head === undefined) return null;
  const before = clean.split(/\r?\n/).slice(0, head.line - 1).map((one) => `${one}\r\n`).join("");
  return { delimiter, head, rows: all.slice(nth + 1), before };
}

function written(cell: string, delimiter: string): string {
  return cell.includes(delimiter) || /["\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

export type Mends = ReadonlyMap<string, string>;
export function cellKey(line: number, column: number): string {
  return `${line} ${column}`;
}

/** The file with its mends. A heading takes no mend. */
export function mended(sheet: Sheet, mends: Mends): string {
  const one = (line: Line) => line.cells.map((cell, column) => written(mends.get(cellKey(line.line, column)) ?? cell, sheet.delimiter)).join(sheet.delimiter);
  return `\ufeff${sheet.before}${[one({ ...sheet.head }), ...sheet.rows.map(one)].join("\r\n")}\r\n`;
}

/** A spreadsheet's guard against formulas, as the list of rejected rows has it, taken away again. */
export function unguarded(cell: string): string {
  return /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

export type Bad = { line: number; column: string; value: string };

/** Which cell of its row is meant: by its heading, else the only one that holds the value. -1 where it cannot be told. */
export function columnOf(sheet: Sheet, bad: Bad): number {
  const named = sheet.head.cells.findIndex((head) => head.trim().toLowerCase() === bad.column.toLowerCase());
  if (named >= 0) return named;
  const row = sheet.rows.find((one) => one.line === bad.line);
  const same = (row?.cells ?? []).flatMap((cell, nth) => (cell.trim() === bad.value.trim() ? [nth] : []));
  return same.length === 1 ? (same[0] ?? -1) : -1;
}

/** All rows whose cell in a column says the same: mended once, mended in all. */
export function alike(sheet: Sheet, column: number, value: string): number[] {
  return column < 0 ? [] : sheet.rows.filter((row) => (row.cells[column] ?? "").trim() === value.trim()).map((row) => row.line);
}

/** What a mend itself proposes, such as `nearest: 500109`. */
export function proposed(mend: string): string | null {
  return /(?:nearest:|最接近[:：])\s*([^;；，,]+)/.exec(mend)?.[1]?.trim() ?? null;
}

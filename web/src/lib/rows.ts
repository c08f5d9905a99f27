// The rows of a long table: which of them are drawn, how they are sorted, and how they become a CSV file.

/** The rows to draw of `count` rows of one height, with some above and below so that a fast wheel meets no blank. */
export function shownRows(count: number, rowHeight: number, scrollTop: number, viewHeight: number, extra = 12): { from: number; to: number } {
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight);
  const many = Math.ceil(Math.max(0, viewHeight) / rowHeight);
  const to = Math.min(count, first + many + extra);
  return { from: Math.max(0, Math.min(first, count) - extra), to };
}

export type SortValue = number | string | null | undefined;

/** Smaller first; unknown always last, whichever way the rest is turned. Text by the rules of its language. */
export function compare(a: SortValue, b: SortValue, down: boolean, collator: Intl.Collator): number {
  const aUnknown = a === null || a === undefined;
  const bUnknown = b === null || b === undefined;
  if (aUnknown || bUnknown) return aUnknown === bUnknown ? 0 : aUnknown ? 1 : -1;
  const order = typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));
  return down ? -order : order;
}

/** One field of a CSV file. A text that a spreadsheet would take for a formula is set behind an apostrophe. */
function field(value: SortValue): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A table as CSV, with the mark by which spreadsheets know UTF-8. An unknown is an empty field, which is not zero. */
export function csv(head: readonly string[], rows: readonly (readonly SortValue[])[]): string {
  return `\ufeff${[head, ...rows].map((row) => row.map(field).join(",")).join("\r\n")}\r\n`;
}

/** Hands a file to the browser's own download. */
export function download(name: string, text: string, type = "text/csv;charset=utf-8") {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

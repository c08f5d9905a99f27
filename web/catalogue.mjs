// The sentences of the brief, by code, out of the engine that owns them: the screens say what the printed page says, word for word.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const FROM = new URL("../crates/engine/brief/src/catalogue/", import.meta.url);
const TO = new URL("src/api/generated/messages.json", import.meta.url);
const TEXT = '"((?:[^"\\\\]|\\\\.)*)"';
const ENTRY = new RegExp(`\\be\\(\\s*${TEXT},\\s*${TEXT},\\s*${TEXT},?\\s*\\)`, "g");
/** A text of Rust as one of JavaScript: a backslash at the end of a line joins it with the next. */
const text = (rust) => JSON.parse(`"${rust.replace(/\\\r?\n\s*/g, "").replaceAll("\\'", "'")}"`);

const messages = {};
for (const file of readdirSync(FROM).sort()) {
  const source = readFileSync(new URL(file, FROM), "utf8");
  const found = [...source.matchAll(ENTRY)];
  // Nothing is left out in silence: each `e("` of a table is an entry.
  const written = [...source.matchAll(/\be\(\s*"/g)].length;
  if (found.length !== written) throw new Error(`${file}: ${written} entries, ${found.length} read; say in web/catalogue.mjs how the others are written`);
  for (const [, code, en, zh] of found) messages[text(code)] = { zh: text(zh), en: text(en) };
}
writeFileSync(TO, `${JSON.stringify(messages)}\n`);
console.log(`${Object.keys(messages).length} messages`);

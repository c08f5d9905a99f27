// Says what the first page costs, and fails when it costs too much: the scripts that index.html loads, with what they import at once.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** Bytes, compressed: what may be loaded before the first page can be used. The map and every other page are chunks of their own. */
const MOST = 120 * 1024;

const dist = join(dirname(fileURLToPath(import.meta.url)), "dist");
const page = readFileSync(join(dist, "index.html"), "utf8");
const seen = new Set();
const todo = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, file]) => file);
let sum = 0;
for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
  if (seen.has(file)) continue;
  seen.add(file);
  const script = readFileSync(join(dist, file));
  sum += gzipSync(script).length;
  // Imports at the top of a chunk are loaded with it; `import()` is not.
  for (const [, other] of script.toString().matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) todo.push(`assets/${other}`);
}
console.log(`first page: ${(sum / 1024).toFixed(1)} KB of scripts, compressed, in ${seen.size} file(s); at most ${MOST / 1024}`);
if (seen.size === 0 || sum > MOST) {
  console.error("too much before the first page: load what it does not need with import()");
  process.exit(1);
}

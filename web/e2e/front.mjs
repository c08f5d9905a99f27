// For whoever works on the screens and builds no Rust: `dist/` in front of a server whose binary may hold older screens or none. Every answer
// carries the server's own policy, so that what it forbids is forbidden here too.
import { readFileSync, existsSync } from "node:fs";
import { createServer, request } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const DIST = join(dirname(fileURLToPath(import.meta.url)), "../dist");
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".txt": "text/plain" };

export async function front(server, port) {
  const policy = (await fetch(server)).headers.get("content-security-policy") ?? "";
  const { hostname, port: behind } = new URL(server);
  const proxy = createServer((asked, answer) => {
    const path = new URL(asked.url, server).pathname;
    if (path.startsWith("/api/")) {
      const onward = request({ hostname, port: behind, path: asked.url, method: asked.method, headers: asked.headers }, (got) => {
        answer.writeHead(got.statusCode, got.headers);
        got.pipe(answer);
      });
      onward.on("error", () => answer.destroy());
      answer.on("close", () => onward.destroy());
      asked.pipe(onward);
      return;
    }
    const file = join(DIST, normalize(path));
    const shown = path.includes(".") && file.startsWith(DIST) && existsSync(file) ? file : path.includes(".") ? null : join(DIST, "index.html");
    answer.writeHead(shown === null ? 404 : 200, { "content-security-policy": policy, "content-type": TYPES[extname(shown ?? "")] ?? "application/octet-stream" });
    answer.end(shown === null ? "" : readFileSync(shown));
  });
  await new Promise((done) => proxy.listen(port, "127.0.0.1", done));
  return {
    base: `http://127.0.0.1:${proxy.address().port}`,
    stop: () =>
      new Promise((done) => {
        proxy.close(done);
        proxy.closeAllConnections();
      }),
  };
}

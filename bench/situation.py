#!/usr/bin/env python3
"""What a look at the situation costs a server: processor time of its process by request, and how long whoever asks waits.

    bench/situation.py BINARY CITY PATH...

CITY is a city folder without accounts (a copy: an account is made in it), PATH an address such as /api/v1/days/2022-11-18/situation. Each is asked for
once, then 200 times, one after the other; GZ=1 asks for compressed answers. Standard library only.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time
import urllib.request

PASSWORD = "correct horse battery staple"
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    binary, city, paths = sys.argv[1], sys.argv[2], sys.argv[3:]
    server = subprocess.Popen(
        [binary, "serve", city, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True, env={**os.environ, "LEVEE_LOG": "warn"}
    )
    base = re.search(r"http://[^\s/]+", server.stdout.readline()).group(0)
    said: list[str] = []
    threading.Thread(target=lambda: said.extend(server.stdout), daemon=True).start()
    time.sleep(2)

    def ask(method: str, path: str, body=None, cookie: str | None = None):
        headers = {"x-levee": "1", "content-type": "application/json"}
        if cookie:
            headers["cookie"] = cookie
        if os.environ.get("GZ"):
            headers["accept-encoding"] = "gzip"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(base + path, method=method, data=data, headers=headers)
        with urllib.request.urlopen(request) as answer:
            return answer.headers, answer.read()

    def sign_in(login: str) -> str:
        headers, _ = ask("POST", "/api/v1/session", {"login": login, "password": PASSWORD})
        return headers["set-cookie"].split(";")[0]

    def cpu_ms() -> float:
        with open(f"/proc/{server.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return 1000 * (int(fields[11]) + int(fields[12])) / TICKS

    try:
        link = next((m.group(1) for line in said if (m := re.search(r"#link=(\S+)", line))), None)
        if link:
            ask("POST", "/api/v1/links", {"link": link, "password": PASSWORD})
            _, made = ask("POST", "/api/v1/accounts", {"login": "commander-1", "person": "commander-1"}, sign_in("admin"))
            ask("POST", "/api/v1/links", {"link": json.loads(made)["link"], "password": PASSWORD})
        cookie = sign_in("commander-1")
        print("| address | asked | processor, ms a request | p50, ms | p95, ms | bytes |\n| --- | --- | --- | --- | --- | --- |")
        for path in paths:
            for often in (1, 200):
                before, took, size = cpu_ms(), [], 0
                for _ in range(often):
                    began = time.perf_counter()
                    _, answer = ask("GET", path, cookie=cookie)
                    took.append(1000 * (time.perf_counter() - began))
                    size = len(answer)
                used = (cpu_ms() - before) / often
                p95 = sorted(took)[int(0.95 * (often - 1))]
                print(f"| `{path}` | {often} | {used:.2f} | {statistics.median(took):.1f} | {p95:.1f} | {size:,} |")
    finally:
        server.terminate()
        server.wait()


main()

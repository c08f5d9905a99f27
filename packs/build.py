#!/usr/bin/env python3
"""Builds the data packs from packs/raw and packs/catalogue.

    python3 packs/build.py            writes chongqing-2022, shanghai-2022 and riverside-synthetic
    python3 packs/build.py --check    changes nothing; exits 1 and lists the files that differ from what it would write

Python 3.11, standard library only. The same raw files give the same bytes. `datapackage.json` is not written here.
"""

import argparse
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # building leaves nothing behind but the packs

from build_pack import assemble  # noqa: E402

PACKS = Path(__file__).resolve().parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with what is there instead of writing")
    arguments = parser.parse_args()
    wanted = assemble.build_all(PACKS)
    if arguments.check:
        return report(differences(wanted))
    for name, content in wanted.items():
        path = PACKS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    print(f"{len(wanted)} files written")
    return 0


def differences(wanted: dict[str, bytes]) -> list[str]:
    found = []
    for name, content in wanted.items():
        path = PACKS / name
        if not path.is_file():
            found.append(f"missing   {name}")
        elif path.read_bytes() != content:
            found.append(f"differs   {name}")
    # A table that the build no longer writes must not linger. Other files in a pack's folder are not ours to judge.
    folders = {name.split("/")[0] for name in wanted}
    present = {p.relative_to(PACKS).as_posix() for f in folders for p in (PACKS / f).rglob("*.csv")}
    return found + [f"left over {name}" for name in sorted(present - set(wanted))]


def report(found: list[str]) -> int:
    if found:
        print("packs differ from what packs/build.py writes:", *found, sep="\n  ")
        return 1
    print("packs are what packs/build.py writes")
    return 0


if __name__ == "__main__":
    sys.exit(main())

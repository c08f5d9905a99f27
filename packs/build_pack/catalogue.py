"""The standard catalogue of obligation kinds: written by hand in packs/catalogue, copied into every pack."""

from pathlib import Path

from . import schema
from .tables import make_row, read_csv

Catalogue = dict[str, list[dict[str, str]]]

# What law 2 says of kinds that are not ordinary: they never expire, and are waived by the recipient or because they are moot.
SYSTEMS = range(1, 30)


def read(folder: Path) -> Catalogue:
    tables = {name: [make_row(name, **row) for row in read_csv(folder / f"{name}.csv")] for name in schema.CATALOGUE_TABLES}
    problems = list(check(tables))
    assert not problems, "packs/catalogue:\n  " + "\n  ".join(problems)
    return tables


def check(tables: Catalogue):
    """What the tables must say together. `levee pack check` asks the same of any pack, and more."""
    kinds = {row["kind"]: row for row in tables["obligation_kinds"]}
    ladders: dict[str, list[dict]] = {}
    for row in tables["obligation_ladders"]:
        ladders.setdefault(row["ladder"], []).append(row)
    if {int(k["system"]) for k in kinds.values()} != set(SYSTEMS):
        yield "a system of the city has no kind"
    for name, rows in ladders.items():
        steps = [int(r["after_minutes"]) for r in rows]
        if [int(r["rung"]) for r in rows] != list(range(1, len(rows) + 1)) or steps != sorted(set(steps)):
            yield f"ladder {name}: rungs do not rise"
    for name, kind in kinds.items():
        if kind["ladder"] not in ladders:
            yield f"{name}: no ladder {kind['ladder']}"
        if (kind["due_from"] == "rule") != bool(kind["due_after_minutes"]):
            yield f"{name}: minutes go with due_from = rule and with nothing else"
        if (kind["counting"] == "counted") != (kind["subject"] == "none"):
            yield f"{name}: named kinds say to whom, counted ones to nobody"
        if kind["class"] == "ordinary" and kind["life_saving"] == "true":
            yield f"{name}: what saves lives is not ordinary"
        if kind["source_id"].split("+")[-1] == "SYN" and "policy of the pack" not in kind["note"] and kind["due_from"] == "rule":
            yield f"{name}: a time limit of our own says so"
    for used in {k["ladder"] for k in kinds.values()} ^ set(ladders):
        yield f"ladder {used} is not used"
    for row in tables["obligation_fields"]:
        if row["kind"] not in kinds:
            yield f"field {row['field']}: no kind {row['kind']}"
        if (row["holds"] == "choice") != bool(row["choices"]):
            yield f"{row['kind']} {row['field']}: choices go with holds = choice"
    for kind in kinds:
        positions = [int(r["position"]) for r in tables["obligation_fields"] if r["kind"] == kind]
        if positions != list(range(1, len(positions) + 1)):
            yield f"{kind}: fields are not numbered from 1"
        if not any(r["kind"] == kind and r["outcome"] == "met" for r in tables["obligation_reasons"]):
            yield f"{kind}: nothing says how it is met"
    for row in tables["obligation_reasons"]:
        if row["kind"] != "any" and row["kind"] not in kinds:
            yield f"reason {row['reason']}: no kind {row['kind']}"


def fields(catalogue: Catalogue, kind: str) -> list[dict[str, str]]:
    return [row for row in catalogue["obligation_fields"] if row["kind"] == kind]


def sections(catalogue: Catalogue) -> set[str]:
    """Every section that owns a kind or stands on a ladder."""
    return {k["owner_section"] for k in catalogue["obligation_kinds"]} | {r["section"] for r in catalogue["obligation_ladders"]}


def owed_columns(catalogue: Catalogue, kind: str) -> list[str]:
    """Columns of the table in which obligations of this kind are handed in; the program has the same list."""
    return ["ref", "area", "units", "subject", "opened_at", "due", "owner", *(f["field"] for f in fields(catalogue, kind)),
            "office", "source_id", "origin", "note"]

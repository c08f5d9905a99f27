"""What must hold in a finished pack. Run on every build, before anything is written."""

import re
from collections import Counter
from datetime import date, datetime

from . import schema

Pack = dict[str, list[dict[str, str]]]


def check_pack(name: str, tables: Pack) -> None:
    problems = [*_shapes(tables), *_keys(tables), *_references(tables), *_times(tables), *_amounts(tables)]
    assert not problems, f"{name}:\n  " + "\n  ".join(problems[:40])


def _shapes(tables: Pack):
    assert list(tables) == list(schema.TABLES), "a pack has every table, in the order of the schema"
    for table, rows in tables.items():
        for row in rows:
            where = f"{table} {[row[c] for c in schema.KEYS[table]]}"
            if list(row) != schema.TABLES[table]:
                yield f"{where}: columns differ from the schema"
            for column in schema.REQUIRED[table]:
                if not row[column]:
                    yield f"{where}: {column} is empty"
            for column, cell in row.items():
                if cell and not _fits(table, column, cell):
                    yield f"{where}: {column} = {cell!r} has the wrong shape"


def _fits(table: str, column: str, cell: str) -> bool:
    if "\n" in cell or "\r" in cell or cell != cell.strip():
        return False
    if column in schema.COUNTS and table != "statements":
        return cell.isdigit()
    if column in schema.DECIMALS:
        return re.fullmatch(r"-?\d+(\.\d+)?", cell) is not None
    if column in schema.DATETIMES:
        return re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d", cell) is not None and bool(datetime.fromisoformat(cell))
    if column in schema.DATES:
        return re.fullmatch(r"\d{4}-\d\d-\d\d", cell) is not None and bool(date.fromisoformat(cell))
    if column in schema.IDS and not re.fullmatch(r"[\w.-]{1,64}(\+[\w.-]{1,64})*", cell):
        return False
    if column in schema.BOOLEANS:
        return cell in ("true", "false")
    if column == "origin":
        return cell in schema.ORIGINS
    choices = schema.CHOICES.get((table, column))
    return choices is None or cell in choices.split()


def _keys(tables: Pack):
    for table, rows in tables.items():
        keys = Counter(tuple(row[c] for c in schema.KEYS[table]) for row in rows)
        for key, times in keys.items():
            if times > 1:
                yield f"{table}: key {key} occurs {times} times"


def _references(tables: Pack):
    def known(table, column):
        return {row[column] for row in tables[table]}

    areas, sources = known("areas", "code"), known("sources", "source_id")
    places = areas | known("reporting_units", "code")
    offices = {row["office"]: row["tables"].split("+") for row in tables["offices"]}
    events = known("events", "event")
    facilities, people = known("facilities", "facility"), known("people", "person")
    targets = {"place": places, "places": places, "members": areas, "within_code": areas, "parent_code": areas,
               "area": places, "area_code": areas, "base_area": areas, "source_id": sources, "facility": facilities}
    for table, rows in tables.items():
        for row in rows:
            for column, target in targets.items():
                if table == "sources" and column == "source_id":
                    continue
                for code in filter(None, row.get(column, "").split("+")):
                    if code not in target:
                        yield f"{table}: {column} {code} does not exist"
            for column in ("person", "deputy") if table == "duty_roster" else ():
                if row[column] and row[column] not in people:
                    yield f"{table}: {column} {row[column]} is nobody of people.csv"
            if table == "measure_facts" and row["event"] not in events:
                yield f"measure_facts: {row['measure']} reads {row['event']}, which is no event"
            if table in schema.REPORT_TABLES and table not in offices.get(row["office"], []):
                yield f"{table}: office {row['office']} does not report this table"
    for row in tables["headings"]:
        if row["table"] == "owed":
            if row["column"] not in OWED_COLUMNS:
                yield f"headings: tables of obligations have no column {row['column']}"
        elif row["table"] not in schema.REPORT_TABLES:
            yield f"headings: {row['table']} is no report table"
        elif row["column"] not in schema.TABLES[row["table"]] and row["column"] != "date":
            yield f"headings: {row['table']} has no column {row['column']}"
        else:
            own_name = row["heading"].lower().replace(" ", "_")
            columns = schema.TABLES[row["table"]]
            if row["heading"] in columns or own_name in columns and own_name != row["column"]:
                yield f"headings: {row['heading']} is a column's own name"
    for office, names in offices.items():
        for table in names:
            if table not in [*schema.REPORT_TABLES, "owed"]:
                yield f"offices: {office} names the table {table}"


def check_owed(name: str, pack: Pack, kinds: Pack, samples: Pack) -> None:
    """Tables of obligations: one row for each reference, nobody named unless the pack invents everybody."""
    problems = []
    areas, people = {row["code"] for row in pack["areas"]}, {row["person"] for row in pack["people"]}
    facilities = {row["facility"] for row in pack["facilities"]}
    for kind in kinds["obligation_kinds"]:
        rows = samples.get(kind["kind"], [])
        if samples and not 3 <= len(rows) <= 12:
            problems.append(f"owed/{kind['kind']}: {len(rows)} rows")
        held = {f["field"]: f for f in kinds["obligation_fields"] if f["kind"] == kind["kind"]}
        for row in rows:
            where = f"owed/{kind['kind']} {row['ref']}"
            if row["area"] not in areas or (row["owner"] and row["owner"] not in people):
                problems.append(f"{where}: area or owner unknown")
            if bool(row["due"]) != (kind["due_from"] != "rule") and not row["due"]:
                problems.append(f"{where}: due is empty")
            if row["due"] and row["due"] < row["opened_at"]:
                problems.append(f"{where}: due before it was opened")
            if kind["counting"] == "named" and not row["subject"] or kind["counting"] == "counted" and row["subject"]:
                problems.append(f"{where}: subject {row['subject']!r} in a kind that is {kind['counting']}")
            if row["origin"] != "synthetic":
                problems.append(f"{where}: not marked as synthetic")
            for field, spec in held.items():
                if spec["required"] == "true" and not row[field]:
                    problems.append(f"{where}: {field} is empty")
                if spec["holds"] == "facility" and row[field] and row[field] not in facilities:
                    problems.append(f"{where}: facility {row[field]} does not exist")
                if spec["holds"] == "personal" and row[field] and not (row["subject"].startswith("p-") and name == "riverside-synthetic"):
                    problems.append(f"{where}: personal data outside the invented city, or of nobody")
        if len({(row["ref"], row["area"]) for row in rows}) != len(rows):
            problems.append(f"owed/{kind['kind']}: a reference stands twice")
    assert not problems, f"{name}:\n  " + "\n  ".join(problems[:40])


OWED_COLUMNS = set("ref area units subject opened_at due owner office source_id origin note".split())


def _times(tables: Pack):
    for row in tables["duty_roster"]:
        if not row["starts_at"] < row["ends_at"]:
            yield f"duty_roster: empty shift {row}"
    for table in ("infections", "statements", "facility_status", "facility_services", "vehicles", "stock"):
        end = "period_end" if table == "infections" else "at"
        for row in tables[table]:
            if row["known_at"] < row[end]:
                yield f"{table}: known at {row['known_at']}, before {row[end]}: {row}"
            if table == "infections" and not row["period_start"] < row["period_end"]:
                yield f"infections: empty period {row}"


def _amounts(tables: Pack):
    for row in tables["facility_status"]:
        limits = [int(row[c]) for c in ("physical", "staffed", "equipped") if row[c]]
        if row["occupied"] and int(row["occupied"]) > min(limits):
            yield f"facility_status: more occupied than there is: {row}"
    for row in tables["facility_services"]:
        if row["taken"] and int(row["taken"]) > int(row["slots"]):
            yield f"facility_services: more taken than there is: {row}"
    for row in tables["infections"]:
        counts = [row[c] for c in ("confirmed", "asymptomatic", "converted", "total", "pending", "community", "managed",
                                   "community_pct", "deaths")]
        if not any(counts):
            yield f"infections: a row that states nothing: {row}"
        full = [row[c] for c in ("confirmed", "asymptomatic", "converted", "total")]
        stated_misprint = "8583 would satisfy" in row["note"]
        if all(full) and not stated_misprint:
            confirmed, asymptomatic, converted, total = map(int, full)
            if confirmed + asymptomatic - converted != total:
                yield f"infections: confirmed + asymptomatic - converted is not the total: {row}"
    for row in tables["parameters"]:
        low, value, high = (float(row[c]) if row[c] else None for c in ("low", "value", "high"))
        if None not in (low, high) and not low <= value <= high:
            yield f"parameters: {row['parameter']} lies outside its range"

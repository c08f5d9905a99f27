"""Puts the parts together: tables, settings, outlines and the texts that travel with a pack."""

import json
from pathlib import Path

from . import (catalogue, checks, chongqing, chongqing_synthetic, common, measure_facts, owed, riverside, roster, schema, shanghai,
               shanghai_synthetic, tables)

Files = dict[str, bytes]


def build_all(packs: Path) -> Files:
    raw, texts, kinds = packs / "raw", packs / "build_pack" / "text", catalogue.read(packs / "catalogue")
    return {**chongqing_pack(raw, texts, kinds), **shanghai_pack(raw, texts, kinds), **riverside_pack(raw, texts, kinds)}


def chongqing_pack(raw_folder: Path, texts: Path, kinds: catalogue.Catalogue) -> Files:
    raw = chongqing.Raw(raw_folder)
    groups = chongqing.group_codes(raw)
    areas = chongqing.areas(raw)
    infections = chongqing.infections(raw, groups)
    statements = chongqing.statements(raw)
    events = chongqing.events(raw)
    named = [(a["code"], a["name_zh"], a["short_en"]) for a in areas if a["level"] == "district"]
    central = [one for one in named if one[0] in raw.central]
    pack = {
        "areas": areas,
        "reporting_units": chongqing.reporting_units(raw, groups),
        "offices": chongqing.offices(),
        "sources": chongqing.sources(raw) + common.shared_sources(),
        "people": common.people(chongqing.CITY, named, roster.people_of(chongqing.CITY, common.person, central)),
        "parameters": common.parameters("2022-11-01", 5, "five days in a site and three at home, national rules of 11 Nov 2022"),
        "headings": common.headings(),
        "infections": infections,
        "statements": statements,
        "events": events,
        "measure_facts": measure_facts.chongqing(events),
        "duty_roster": roster.roster(chongqing.CITY, tables.days_between("2022-11-17", "2022-11-25"),
                                     [code for code, _, _ in named], set(raw.central)),
        **kinds,
        **chongqing_synthetic.build(raw, areas, infections, statements),
    }
    samples = owed.Samples(kinds, owed.chongqing(areas, pack["facilities"])).tables()
    return finish("chongqing-2022", raw_folder, texts, pack, kinds, samples)


def riverside_pack(raw_folder: Path, texts: Path, kinds: catalogue.Catalogue) -> Files:
    pack = {**riverside.build(), **kinds}
    samples = owed.Samples(kinds, owed.riverside(pack["areas"], pack["facilities"])).tables()
    return finish("riverside-synthetic", raw_folder, texts, pack, kinds, samples, riverside.outlines(pack["areas"]))


def shanghai_pack(raw_folder: Path, texts: Path, kinds: catalogue.Catalogue) -> Files:
    raw = shanghai.Raw(raw_folder)
    areas = shanghai.areas(raw)
    pack = {
        "areas": areas,
        "reporting_units": [],  # nobody reports beside the districts
        "offices": shanghai.offices(),
        "sources": shanghai.sources() + common.shared_sources(),
        "people": common.people(shanghai.CITY, [("310115", "浦东新区", "Pudong"), ("310112", "闵行区", "Minhang"),
                                                ("310101", "黄浦区", "Huangpu")]),
        "parameters": common.parameters(shanghai.FIRST_DAY, 14, "fourteen days in a site, national rules of spring 2022"),
        "headings": common.headings(),
        "infections": shanghai.infections(raw),
        "statements": shanghai.statements(raw),
        "events": shanghai.events(),
        "measure_facts": measure_facts.shanghai(shanghai.events()),
        "duty_roster": [],  # no shifts invented
        **kinds,
        **shanghai_synthetic.build(areas),
    }
    return finish("shanghai-2022", raw_folder, texts, pack, kinds, {})


def finish(name: str, raw_folder: Path, texts: Path, pack: checks.Pack, kinds: catalogue.Catalogue, samples: checks.Pack,
           outlines: bytes | None = None) -> Files:
    """Checks a pack and turns it into files. `samples` holds tables of obligations by kind."""
    pack = {table: pack[table] for table in schema.TABLES}
    checks.check_pack(name, pack)
    checks.check_owed(name, pack, kinds, samples)
    outlines = outlines or (raw_folder / name / "districts.geojson").read_bytes()
    check_outlines(pack, outlines)
    mit = (raw_folder / "BOUNDARIES-LICENSE.txt").read_text(encoding="utf-8")
    files = {f"{table}.csv": tables.to_csv(table, rows) for table, rows in pack.items()}
    files |= {f"owed/{kind}.csv": tables.csv_bytes(catalogue.owed_columns(kinds, kind), rows) for kind, rows in samples.items()}
    files["city.toml"] = (texts / f"{name}.city.toml").read_bytes()
    files["districts.geojson"] = outlines
    files["README.md"] = fill_in(texts / f"{name}.README.md", TABLES=table_list(pack, samples)).encode("utf-8")
    files["LICENSES.md"] = fill_in(texts / f"{name}.LICENSES.md", MIT=mit.strip()).encode("utf-8")
    return {f"{name}/{file}": content for file, content in files.items()}


def check_outlines(pack: checks.Pack, outlines: bytes) -> None:
    codes = sorted(f["properties"]["code"] for f in json.loads(outlines)["features"])
    assert codes == sorted(a["code"] for a in pack["areas"] if a["level"] == "district"), "one outline for each district"


def table_list(pack: checks.Pack, samples: checks.Pack) -> str:
    lines = ["| table | rows | of them reported | derived | synthetic |", "|---|---:|---:|---:|---:|"]
    for table, rows in pack.items():
        if "origin" in schema.TABLES[table]:
            counts = [sum(r["origin"] == origin for r in rows) for origin in ("reported", "derived", "synthetic")]
            lines.append(f"| `{table}.csv` | {len(rows)} | " + " | ".join(map(str, counts)) + " |")
        else:
            lines.append(f"| `{table}.csv` | {len(rows)} | | | |")
    if samples:
        rows = sum(map(len, samples.values()))
        lines.append(f"| `owed/*.csv`, {len(samples)} tables | {rows} | 0 | 0 | {rows} |")
    return "\n".join(lines)


def fill_in(template: Path, **values: str) -> str:
    text = template.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace("{{" + name + "}}", value)
    assert "{{" not in text, template
    return text

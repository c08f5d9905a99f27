"""A city that does not exist: every row of it is invented, so that named obligations can be shown without naming anybody.

Three weeks of an outbreak come from a fixed seed. Nothing in it was fitted to a real place.
"""

import json
import random

from . import common, roster
from .synthetic import facility, laboratories, plain_sites, services, status, stock, vehicles
from .tables import day_end, day_start, days_between, make_row, plus_days, split_by_weight, synthetic_provenance

CITY = "RS"
FIRST, LAST = "2024-03-01", "2024-03-21"
SEED = 7
DISTRICTS = [("东岸", "East Bank", 620_000), ("西岸", "West Bank", 540_000), ("桥南", "South Bridge", 410_000),
             ("北湖", "North Lake", 350_000), ("上坪", "Upper Plain", 230_000), ("下坪", "Lower Plain", 150_000)]
SUBDISTRICTS = [("桥头", "Bridgehead"), ("花园", "Garden"), ("码头", "Quay"), ("新村", "Newtown"), ("石门", "Stonegate")]
COMMUNITIES = [("春晓", "Spring"), ("夏荷", "Summer"), ("秋实", "Autumn"), ("冬青", "Holly")]
ACCEPTED = ("2024-02-01", "2024-12-31")
NOTE = "invented city"


def areas() -> list[dict]:
    def area(code, parent, level, zh, en, short_zh, short_en, people, lat="", lon=""):
        return make_row("areas", code=code, parent_code=parent, level=level, name_zh=zh, name_en=en, short_zh=short_zh,
                        short_en=short_en, population=people, population_date="2024-01-01", lat=lat, lon=lon, origin="synthetic",
                        source_id="SYN", note=NOTE)

    rows = [area(CITY, None, "city", "示例河滨市", "Riverside (synthetic)", "河滨", "Riverside", sum(d[2] for d in DISTRICTS))]
    for d, (zh, en, people) in enumerate(DISTRICTS, 1):
        lat, lon = centre(d)
        rows.append(area(f"RS-{d}", CITY, "district", f"{zh}区", f"{en} District", zh, en, people, f"{lat:.2f}", f"{lon:.2f}"))
        for s, ((sub_zh, sub_en), part) in enumerate(zip(SUBDISTRICTS, split_by_weight(people, [5, 4, 4, 3, 2])), 1):
            full_zh, full_en = f"{zh}{sub_zh}街道", f"{en} {sub_en}"
            rows.append(area(f"RS-{d}-{s}", f"RS-{d}", "subdistrict", full_zh, f"{full_en} Subdistrict", f"{zh}{sub_zh}", full_en, part))
            for c, ((com_zh, com_en), few) in enumerate(zip(COMMUNITIES, split_by_weight(part, [4, 3, 3, 2])), 1):
                rows.append(area(f"RS-{d}-{s}-{c}", f"RS-{d}-{s}", "community", f"{zh}{sub_zh}{com_zh}社区",
                                 f"{full_en} {com_en} Community", f"{zh}{sub_zh}{com_zh}", f"{full_en} {com_en}", few))
    return rows


def centre(district: int) -> tuple[float, float]:
    """Six squares in a grid of three by two, in the open sea: nobody lives there."""
    return 10.05 + 0.1 * ((district - 1) // 3), 150.05 + 0.1 * ((district - 1) % 3)


def outlines(rows: list[dict]) -> bytes:
    features = []
    for d, row in enumerate((r for r in rows if r["level"] == "district"), 1):
        lat, lon = centre(d)
        south, north, west, east = (round(x, 2) for x in (lat - 0.05, lat + 0.05, lon - 0.05, lon + 0.05))
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        features.append({"type": "Feature", "properties": {"code": row["code"], "name": row["name_zh"]},
                         "geometry": {"type": "Polygon", "coordinates": [ring]}})
    return (json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def infections() -> list[dict]:
    """Grows, turns when measures begin on day 12, falls; districts after one another. Persons by day of report."""
    dice, rows = random.Random(SEED), []
    for n, day in enumerate(days_between(FIRST, LAST)):
        provenance = {**synthetic_provenance(plus_days(day_end(day), 0).replace("T00:00", "T08:00"), NOTE), "office": "rs-health"}
        whole = {"confirmed": 0, "asymptomatic": 0, "converted": 0, "total": 0, "community": 0, "managed": 0}
        for d, (_, _, people) in enumerate(DISTRICTS):
            since = n - d
            expected = 0 if since < 0 else people / 60_000 * (1.28 ** min(since, 12)) * (0.86 ** max(0, since - 12))
            total = int(expected * (0.75 + 0.5 * dice.random()))
            confirmed, converted = int(total * 0.12), int(total * 0.02)
            community = int(total * max(0.05, 0.5 - 0.022 * max(0, since)) * (0.8 + 0.4 * dice.random()))
            counts = {"confirmed": confirmed + converted, "asymptomatic": total - confirmed, "converted": converted, "total": total,
                      "community": community, "managed": total - community}
            rows.append(make_row("infections", place=f"RS-{d + 1}", period_start=day_start(day), period_end=day_end(day), **counts,
                                 deaths=0, **provenance))
            whole = {key: whole[key] + value for key, value in counts.items()}
        rows.append(make_row("infections", place=CITY, period_start=day_start(day), period_end=day_end(day), **whole, deaths=0,
                             **provenance))
    return rows


def facilities(area: dict[str, dict], cases: list[dict]) -> tuple[list[dict], list[dict]]:
    """Places of care sized from residents, and their state each morning of the last week: in use = half of the last ten days."""
    known = day_start(FIRST)
    sites, states = [], []
    # (tag, kind, level, unit, zh, en, per 10,000 residents, share staffed, districts)
    plan = [("DH", "designated_hospital", "general", "beds", "定点医院", "designated hospital", 12, 0.95, range(1, 7)),
            ("MH", "makeshift_hospital", "makeshift", "beds", "方舱医院", "makeshift hospital", 25, 0.9, (1, 2, 3)),
            ("IS", "isolation_site", "isolation", "rooms", "隔离点", "isolation site", 20, 0.92, range(1, 7))]
    for tag, kind, level, unit, zh, en, per_10000, share, where in plan:
        for d in where:
            row = area[f"RS-{d}"]
            code, physical = f"RS-{tag}-{d}", int(row["population"]) * per_10000 // 10_000
            note = f"sized from residents: {per_10000} {unit} per 10,000; policy of the demo pack"
            sites.append(facility(code, kind, f"{row['short_zh']}{zh}（虚构）", f"{row['short_en']} {en} (invented)", row, known, note,
                                  opens_on=FIRST, accepted=ACCEPTED, position=d))
            for day in days_between(plus_days(day_start(LAST), -6)[:10], LAST):
                recent = sum(int(r["total"]) for r in cases if r["place"] == row["code"] and plus_days(day_start(day), -10) <= r["period_start"] < day_start(day))
                in_use = {"general": recent // 12, "makeshift": recent // 2, "isolation": recent}[level]
                at = f"{day}T08:00"
                states.append(status(code, at, at, level, unit, note, physical=physical, staffed=int(physical * share),
                                     equipped=physical, occupied=min(in_use, int(physical * share))))
            if kind == "designated_hospital":
                for severe, beds in (("severe", physical // 12), ("critical", physical // 24)):
                    at = f"{LAST}T08:00"
                    states.append(status(code, at, at, severe, "beds", note, physical=beds, staffed=beds, equipped=beds, occupied=beds // 4))
    lab_sites, lab_states = laboratories("RS", [(area[f"RS-{d}"], people // 20) for d, (_, _, people) in enumerate(DISTRICTS[:3], 1)],
                                         known, known, FIRST, ACCEPTED, "sized from residents: one tube of ten for everybody every second day; policy of the demo pack")
    some, every = [area["RS-1"], area["RS-2"]], [area[f"RS-{d}"] for d, _ in enumerate(DISTRICTS, 1)]
    plain = [p for kind, tag, zh, en in (("sampling_site", "SS", "采样点", "Sampling site"), ("depot", "DEP", "车辆停保场", "Vehicle depot"),
                                         ("warehouse", "WH", "物资仓库", "Warehouse"))
             for p in plain_sites("RS", kind, tag, zh, en, every if tag == "SS" else some, known, FIRST, ACCEPTED,
                                  "stands for all points of its district; not sized" if tag == "SS" else "not sized")]
    return [*sites, *lab_sites, *plain], [*states, *lab_states]


def offices() -> list[dict]:
    rows = [("rs-health", "河滨市卫生健康委员会（虚构）", "Riverside Health Commission (invented)", "infections", 24, 48),
            ("levee-synthetic", "Levee 模拟数据", "Levee synthetic data",
             "facilities+facility_status+facility_services+vehicles+stock+duty_roster+owed", 24, 72)]
    return [make_row("offices", office=o, name_zh=zh, name_en=en, tables=t, cadence_hours=c, age_limit_hours=a, origin="synthetic",
                     note=NOTE) for o, zh, en, t, c, a in rows]


def build() -> dict[str, list[dict]]:
    tree = areas()
    area = {row["code"]: row for row in tree}
    cases = infections()
    sites, states = facilities(area, cases)
    named = [(f"RS-{d}", f"{zh}区", en) for d, (zh, en, _) in enumerate(DISTRICTS, 1)]
    residents = {code: int(area[code]["population"]) for code, _, _ in named}
    at = f"{plus_days(day_start(LAST), -6)[:10]}T08:00"
    goods = [row for code, people in residents.items() for row in stock(code, people, people // 500, at, at, False)]
    shared = [row for row in common.shared_sources() if row["source_id"] not in ("NHC", "SH-BULLETINS", "BOUNDARY")]
    parameters = [row for row in common.parameters("2024-01-01", 5, "five days in a site and three at home, as the national rules of 11 Nov 2022 had it")
                  if set(row["source_id"].split("+")) <= {s["source_id"] for s in shared}]
    clerk = common.person("clerk-2", "录入员乙", "Clerk Two", "intake_clerk", area=CITY)
    return {
        "areas": tree, "reporting_units": [], "offices": offices(), "sources": shared,
        "people": common.people(CITY, named, [*roster.people_of(CITY, common.person, named), clerk]),
        "parameters": parameters, "headings": common.headings(), "infections": cases, "statements": [],
        "facilities": sites, "facility_status": states, "facility_services": services(states),
        "vehicles": vehicles(residents, at, at, False), "stock": goods, "events": [], "measure_facts": [],
        "duty_roster": roster.roster(CITY, days_between("2024-03-15", "2024-03-28"), list(residents), set(residents)),
    }

"""The invented part of the pack shanghai-2022: one state of things on 1 March 2022, sized from residents alone.

Nothing is known about the use of beds or rooms, so `occupied` stays empty and grows old, as it should be seen to.
"""

from .shanghai import CITY
from .synthetic import INVENTED, facility, laboratories, plain_sites, services, status, stock, vehicles
from .tables import split_by_weight

DAY, AT = "2022-03-01", "2022-03-01T00:00"
ACCEPTED = ("2022-02-20", "2023-02-19")
# (level, beds per 10,000 residents): policy of the demo pack.
MAKESHIFT_PER_10000 = 60
DESIGNATED_PER_10000 = {"general": 3.0, "severe": 0.15, "critical": 0.08}
DESIGNATED_DISTRICTS = ["310115", "310116", "310112", "310106", "310113"]


def build(areas: list[dict]) -> dict[str, list[dict]]:
    area = {a["code"]: a for a in areas}
    residents = {code: int(a["population"]) for code, a in area.items() if code != CITY}
    facilities, states = [], []
    for sites, rows in (makeshift(area, residents), designated(area), isolation(area, residents), labs(area, residents),
                        (other_sites(area), [])):
        facilities += sites
        states += rows
    whole = int(area[CITY]["population"])
    assert sum(int(r["physical"]) for r in states if r["level"] == "makeshift") == whole * MAKESHIFT_PER_10000 // 10000
    return {
        "facilities": sorted(facilities, key=lambda r: r["facility"]),
        "facility_status": sorted(states, key=lambda r: (r["at"], r["facility"], r["level"])),
        "facility_services": services(states),
        "vehicles": sorted(vehicles(residents, AT, AT, True), key=lambda r: (r["base_area"], r["kind"])),
        "stock": stock(CITY, whole, whole // 2000, AT, AT, True, patients="one patient for 2,000 residents"),
    }


def makeshift(area: dict, residents: dict[str, int]) -> tuple[list[dict], list[dict]]:
    """Twelve, in the twelve districts with most residents."""
    codes = sorted(sorted(residents, key=lambda c: -residents[c])[:12])
    note = f"sized from residents: {MAKESHIFT_PER_10000} makeshift beds per 10,000; policy of the demo pack"
    beds = split_by_weight(int(area[CITY]["population"]) * MAKESHIFT_PER_10000 // 10000, [residents[c] for c in codes])
    sites, rows = [], []
    for n, (code, physical) in enumerate(zip(codes, beds), 1):
        site = f"SH-MH-{n:02}"
        sites.append(facility(site, "makeshift_hospital", f"方舱医院{n:02}号{INVENTED}", f"Makeshift hospital {n:02} (synthetic)",
                              area[code], AT, note, opens_on=DAY, accepted=ACCEPTED, assumed=True, position=n))
        rows.append(status(site, AT, AT, "makeshift", "beds", note + "; occupied not known", physical=physical,
                           staffed=physical * (88 if n % 3 == 0 else 97) // 100,
                           equipped=physical * (94 if n % 4 == 0 else 100) // 100, assumed=True))
    return sites, rows


def designated(area: dict) -> tuple[list[dict], list[dict]]:
    whole = int(area[CITY]["population"])
    sites, rows = [], []
    for n, code in enumerate(DESIGNATED_DISTRICTS, 1):
        site = f"SH-DH-{n:02}"
        sites.append(facility(site, "designated_hospital", f"定点医院{n:02}号{INVENTED}",
                              f"Designated hospital {n:02} (synthetic)", area[code], AT,
                              "sized from residents; policy of the demo pack", opens_on=DAY, accepted=ACCEPTED, assumed=True,
                              position=n + 20))
        for level, per_10000 in DESIGNATED_PER_10000.items():
            physical = round(whole * per_10000 / 10000 / len(DESIGNATED_DISTRICTS))
            rows.append(status(site, AT, AT, level, "beds",
                               f"sized from residents: {per_10000} beds per 10,000 over five hospitals; policy of the demo "
                               "pack; occupied not known", physical=physical,
                               staffed=physical * (92 if n % 2 == 0 else 100) // 100,
                               equipped=physical * (90 if level == "critical" else 100) // 100, assumed=True))
    return sites, rows


def isolation(area: dict, residents: dict[str, int]) -> tuple[list[dict], list[dict]]:
    note = "rooms sized from residents: half of 20 per 10,000 (JPCM-0929)"
    sites, rows = [], []
    for code, people in residents.items():
        site, district, physical = f"SH-IS-{code[2:]}", area[code], round(people * 20 / 10000 * 0.5)
        sites.append(facility(site, "isolation_site", f"{district['short_zh']}隔离点{INVENTED}",
                              f"{district['short_en']} isolation site (synthetic)", district, AT, note, opens_on=DAY,
                              accepted=ACCEPTED, assumed=True, position=int(code)))
        rows.append(status(site, AT, AT, "isolation", "rooms", note + "; occupied not known", physical=physical,
                           staffed=physical * 95 // 100, equipped=physical, assumed=True))
    return sites, rows


def labs(area: dict, residents: dict[str, int]) -> tuple[list[dict], list[dict]]:
    codes = sorted(residents, key=lambda c: -residents[c])[:6]
    tubes = split_by_weight(sum(residents.values()) // 20, [residents[c] for c in codes])
    return laboratories("SH", [(area[c], t) for c, t in zip(codes, tubes)], AT, AT, DAY, ACCEPTED,
                        "sized from residents: one tube of ten for everybody every second day; policy of the demo pack")


def other_sites(area: dict) -> list[dict]:
    def sites(kind, tag, zh, en, codes):
        note = "stands for all points of its district; not sized" if tag == "SS" else "not sized"
        return plain_sites("SH", kind, tag, zh, en, [area[c] for c in codes], AT, DAY, ACCEPTED, note)

    # One for each district, so that every district's duties can be planned; the first three keep the names they had.
    first = ["310101", "310112", "310115"]
    return [*sites("sampling_site", "SS", "采样点", "Sampling site",
                   [*first, *(c for c in area if c != CITY and c not in first)]),
            *sites("depot", "DEP", "车辆停保场", "Vehicle depot", ["310115", "310112"]),
            *sites("warehouse", "WH", "物资仓库", "Warehouse", ["310115", "310114"])]

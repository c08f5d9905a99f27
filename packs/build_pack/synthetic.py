"""Rows that nobody reported: invented facilities, vehicles and stock, made so that a demonstration has something to plan with.

Every row says what it was sized from. Sizes follow real totals known at the time of the row, never later ones.
"""

from math import ceil

from .tables import day_start, make_row, split_by_weight, synthetic_provenance

INVENTED = "（模拟）"


def facility(facility_id: str, kind: str, zh: str, en: str, area: dict, known_at: str, note: str, *, opens_on: str,
             accepted: tuple[str, str] | None = None, assumed: bool = False, position: int = 0) -> dict:
    """`position` moves the point a little way from the district's centre, so that symbols do not cover one another."""
    lat, lon = invented_point(area, position)
    accepted_on, accepted_until = accepted or (None, None)
    return make_row("facilities", facility=facility_id, kind=kind, name_zh=zh, name_en=en, area_code=area["code"], lat=lat,
                    lon=lon, acceptance_on=accepted_on, acceptance_until=accepted_until,
                    accepted_by="joint acceptance team (invented)" if accepted else None, opens_on=opens_on,
                    **synthetic_provenance(known_at, note + "; position invented", assumed))


def invented_point(area: dict, position: int) -> tuple[str, str]:
    if not area["lat"]:
        return "", ""
    lat = float(area["lat"]) + ((position * 7) % 11 - 5) * 0.004
    lon = float(area["lon"]) + ((position * 5) % 13 - 6) * 0.004
    return f"{lat:.4f}", f"{lon:.4f}"


def status(facility_id: str, at: str, known_at: str, level: str, unit: str, note: str, *, physical=None, staffed=None,
           equipped=None, occupied=None, planned=None, assumed: bool = False) -> dict:
    return make_row("facility_status", facility=facility_id, at=at, level=level, unit=unit, physical=physical,
                    staffed=staffed, equipped=equipped, occupied=occupied, planned=planned,
                    **synthetic_provenance(known_at, note, assumed))


# Services beside the bed, as a share of the beds of a level.
SERVICES = {
    "makeshift": {"paediatrics": 0.12, "frail": 0.02},
    "general": {"dialysis": 0.02, "obstetrics": 0.03, "paediatrics": 0.12, "psychiatry": 0.02, "frail": 0.15},
    "severe": {"dialysis": 0.1, "obstetrics": 0.05, "paediatrics": 0.1, "psychiatry": 0.05, "frail": 0.4},
    "critical": {"dialysis": 0.1, "obstetrics": 0.05, "paediatrics": 0.1, "psychiatry": 0.05, "frail": 0.4},
}


def services(states: list[dict]) -> list[dict]:
    """Places of services for every bed row, in use as the beds are."""
    rows = []
    for state in states:
        if state["unit"] != "beds" or state["physical"] in ("", None):
            continue
        for care, share in SERVICES[state["level"]].items():
            slots = ceil(int(state["physical"]) * share)
            taken = None if state["occupied"] in ("", None) else min(slots, int(int(state["occupied"]) * share))
            note = f"sized from beds: {share:.0%} of them; policy of the demo pack" + ("; taken not known" if taken is None else "")
            rows.append(make_row("facility_services", facility=state["facility"], at=state["at"], level=state["level"], care=care,
                                 slots=slots, taken=taken,
                                 **synthetic_provenance(state["known_at"], note, state["known_at_assumed"] == "true")))
    return sorted(rows, key=lambda r: (r["at"], r["facility"], r["level"], r["care"]))


# kind: (residents per vehicle, crews per ten vehicles, seats, trips a day)
FLEET = {
    "coach": (20_000, 15, 40, 4),
    "ambulance": (30_000, 15, 1, 8),
    "negative_pressure_ambulance": (150_000, 15, 1, 6),
}


def vehicles(people_by_area: dict[str, int], at: str, known_at: str, assumed: bool) -> list[dict]:
    rows = []
    for code, residents in people_by_area.items():
        for kind, (per_vehicle, crews, seats, trips) in FLEET.items():
            count = max(1, residents // per_vehicle)
            note = f"sized from residents: one per {per_vehicle}; policy of the demo pack"
            rows.append(make_row("vehicles", base_area=code, kind=kind, at=at, vehicles=count, crews=count * crews // 10,
                                 seats_per_vehicle=seats, trips_per_day=trips,
                                 **synthetic_provenance(known_at, note, assumed)))
    return rows


# item: (unit, use per day for each person in care, use per day for each resident, days of stock)
GOODS = {
    "masks": ("pieces", 0.7, 0.3, 20),
    "protective_suits": ("sets", 0.35, 0.0, 9),
    "antigen_tests": ("tests", 0.0, 0.05, 12),
    "oxygen_cylinders": ("cylinders", 0.004, 0.0, 6),
    "rice": ("t", 0.0, 0.00025, 15),
    "vegetables": ("t", 0.0, 0.0004, 2.5),
}


def stock(place: str, residents: int, in_care: int, at: str, known_at: str, assumed: bool,
          patients: str = "people in care") -> list[dict]:
    """`patients` says in words where the number of people in care comes from."""
    rows = []
    for n, (item, (unit, per_patient, per_resident, days)) in enumerate(GOODS.items()):
        daily = max(1, round(in_care * per_patient + residents * per_resident))
        # Neighbouring items and places get a little more or less, so that not everything runs out on one day.
        on_hand = round(daily * days * (0.8 + 0.1 * ((n + sum(map(ord, place))) % 5)))
        basis = patients if not per_resident else "residents" if not per_patient else f"residents and {patients}"
        rows.append(make_row("stock", place=place, item=item, at=at, on_hand=on_hand, unit=unit, daily_use=daily,
                             **synthetic_provenance(known_at, f"sized from {basis}; use and days of stock are policy of the "
                                                              "demo pack", assumed)))
    return rows


def laboratories(prefix: str, places: list[tuple[dict, int]], at: str, known_at: str, opens_on: str, accepted: tuple[str, str],
                 note: str) -> tuple[list[dict], list[dict]]:
    """One laboratory for each (area, tubes a day). A few have fewer staff than machines."""
    sites = [facility(f"{prefix}-LAB-{n:02}", "laboratory", f"检测实验室{n:02}号{INVENTED}", f"Laboratory {n:02} (synthetic)", area,
                      known_at, note, opens_on=opens_on, accepted=accepted, assumed=True, position=n)
             for n, (area, _) in enumerate(places, 1)]
    return sites, laboratory_status(prefix, [tubes for _, tubes in places], at, known_at, note)


def laboratory_status(prefix: str, tubes_a_day: list[int], at: str, known_at: str, note: str) -> list[dict]:
    """What each laboratory can do from a moment on."""
    states = []
    for n, tubes in enumerate(tubes_a_day, 1):
        staffed = tubes * 85 // 100 if n % 4 == 0 else tubes
        equipped = tubes * 92 // 100 if n % 6 == 0 else tubes
        states.append(status(f"{prefix}-LAB-{n:02}", at, known_at, "laboratory", "tubes_per_day", note + "; load not known",
                             physical=tubes, staffed=staffed, equipped=equipped, assumed=True))
    return states


def plain_sites(prefix: str, kind: str, tag: str, zh: str, en: str, places: list[dict], known_at: str, opens_on: str,
                accepted: tuple[str, str] | None, note: str) -> list[dict]:
    """Sites without beds: sampling sites, depots, warehouses."""
    return [facility(f"{prefix}-{tag}-{n:02}", kind, f"{zh}{n:02}号{INVENTED}", f"{en} {n:02} (synthetic)", area, known_at,
                     note, opens_on=opens_on, accepted=accepted, assumed=True, position=n + len(tag))
            for n, area in enumerate(places, 1)]


def rounded_split(total: int, weights: list[float], step: int) -> list[int]:
    """Parts in whole steps; `total` must be a multiple of the step."""
    assert total % step == 0
    return [part * step for part in split_by_weight(total // step, weights)]


def baseline_known(day: str) -> str:
    """What existed before the outbreak is known from its first day."""
    return day_start(day)

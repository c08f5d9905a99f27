"""The invented part of the pack chongqing-2022, sized from its reported part.

In care = makeshift and designated hospitals plus the interim sites (`CQ-IT-..`), which take positives who found no bed.
At the four moments for which a real total exists, the sum over these facilities is that total.
"""

from dataclasses import dataclass
from math import ceil

from .synthetic import (INVENTED, baseline_known, facility, laboratories, laboratory_status, plain_sites, rounded_split, services, status, stock, vehicles)
from .tables import fill, make_row, split_by_weight, synthetic_provenance
from .chongqing import CITY, Raw

START = "2022-11-01"
ACCEPTED = ("2022-04-20", "2023-04-19")
MAKESHIFT_BEDS = 26200  # stated on 19 November
YUELAI_DESIGN = 12000  # stated on 16 November
LAB_TUBES, LAB_TUBES_CENTRAL = 2_820_000, 1_970_000  # undated page, about 29 November
LAB_STATED_AT = "2022-11-30T00:00"
LAB_TUBES_BEFORE = 1_603_000  # 32,054,159 residents, in tubes of ten, within two days
REAL_TAXIS = 600  # stated on 15 November


@dataclass(frozen=True)
class Moment:
    """A moment with a real total of people in care."""
    at: str
    known_at: str  # when that total was published
    kinds: tuple[str, ...]  # the statements that add up to it
    severe: int
    critical: int


MOMENTS = [
    Moment("2022-11-17T12:00", "2022-11-18T00:00", ("in_hospital_total",), 8, 5),
    Moment("2022-11-19T12:00", "2022-11-20T00:00", ("under_care_confirmed", "under_care_asymptomatic"), 16, 9),
    Moment("2022-11-25T00:00", "2022-11-27T00:00", ("in_hospital_total",), 29, 15),
    # For 27 November no classes were stated: severe and critical patients stay those of the 24th, the last known.
    Moment("2022-11-28T00:00", "2022-11-29T00:00", ("under_care_confirmed", "under_care_asymptomatic"), 29, 15),
]
IN_CARE = [18476, 27456, 42732, 77469]

# (district, run by, physical beds on 17 November, from 19 November, beds without staff, beds without equipment).
# The district of the first four and of seven of the district hospitals is that of real ones (S31); beds are invented.
_MAKESHIFT = [
    ("500112", "municipal", 6000, 8200, 120, 0),
    ("500113", "municipal", 3000, 3600, 0, 60),
    ("500120", "municipal", 2600, 3000, 40, 0),
    ("500108", "municipal", 2200, 2600, 0, 0),
    ("500107", "district", 1400, 1600, 20, 30),
    ("500110", "district", 1000, 1100, 0, 0),
    ("500155", "district", 900, 900, 15, 0),
    ("500231", "district", 800, 800, 0, 10),
    ("500105", "district", None, 1000, 0, 0),
    ("500109", "district", None, 1200, 25, 0),
    ("500238", "district", None, 1100, 0, 0),
    ("500101", "district", None, 1100, 0, 20),
]
YUELAI, SHIZISHAN = 1, 9

# (district, beds by level). The first four exist from the start; Banan and Yubei were converted (known on 19 November).
_DESIGNATED = [
    ("500106", {"general": 480, "severe": 40, "critical": 24}),
    ("500114", {"general": 400, "severe": 30, "critical": 18}),
    ("500101", {"general": 340, "severe": 24, "critical": 12}),
    ("500118", {"general": 300, "severe": 20, "critical": 10}),
    ("500113", {"general": 500, "severe": 30, "critical": 16}),
    ("500112", {"general": 450, "severe": 26, "critical": 14}),
]

RESERVE_RESIDENTS = 1_100_000  # districts above this get a third isolation site, held in reserve
RESERVE_OPENS = "2022-11-24"
UNREPORTED = {"500229", "500237"}  # their second site never reports, so that "unknown" is shown
EXPIRED = "500110"  # the acceptance of its second site has run out: no plan may use it


class City:
    """What the synthetic rows are sized from: only the reported part, and of it only what was known."""

    def __init__(self, raw: Raw, areas: list[dict], infections: list[dict], statements: list[dict]):
        self.raw, self.infections, self.statements = raw, infections, statements
        self.area = {a["code"]: a for a in areas}
        self.districts = [d["code"] for d in raw.districts]
        missing = [c for c in self.districts if not self.area[c]["population"]]
        rest = int(self.area[CITY]["population"]) - sum(int(self.area[c]["population"] or 0) for c in self.districts)
        # For sizing only: five counties without a figure share the census remainder equally.
        self.residents = {c: int(self.area[c]["population"]) if c not in missing else rest // len(missing)
                          for c in self.districts}

    def stated(self, kind: str, at: str, known_at: str) -> int:
        found = [r for r in self.statements if (r["kind"], r["at"], r["place"]) == (kind, at, CITY)]
        assert len(found) == 1 and found[0]["known_at"] <= known_at, (kind, at)
        return int(found[0]["value"])

    def in_care(self, moment: Moment) -> int:
        return sum(self.stated(kind, moment.at, moment.known_at) for kind in moment.kinds)

    def recent_infections(self, known_at: str) -> int:
        """Infections of the last seven days of the national series known by then."""
        rows = [r for r in self.infections if r["office"] == "nhc" and r["known_at"] <= known_at]
        return sum(int(r["confirmed"]) + int(r["asymptomatic"]) for r in rows[-7:])

    def district_weights(self, known_at: str) -> dict[str, int]:
        """Infections by district in the latest complete list known by then; Wansheng's go to Qijiang."""
        complete = [r for r in self.infections if r["office"] == "cq-hc" and r["known_at"] <= known_at
                    and r["note"] == "absent from a complete list" and r["confirmed"] and r["asymptomatic"]]
        period = max((r["period_start"], r["period_end"]) for r in complete)
        weights = dict.fromkeys(self.districts, 0)
        for r in self.infections:
            if (r["period_start"], r["period_end"]) == period and (r["place"] in weights or r["place"] == "CQ-WS"):
                weights[r["place"] if r["place"] in weights else "500110"] += int(r["confirmed"]) + int(r["asymptomatic"])
        return weights


def build(raw: Raw, areas: list[dict], infections: list[dict], statements: list[dict]) -> dict[str, list[dict]]:
    city = City(raw, areas, infections, statements)
    assert [city.in_care(m) for m in MOMENTS] == IN_CARE
    check_stated_counts(city)
    facilities, states = [], []
    for sites, rows in (makeshift_sites(city), designated_sites(city), isolation_sites(city), interim_sites(city),
                        city_laboratories(city), (other_sites(city), [])):
        facilities += sites
        states += rows
    states += hospital_status(city)
    check_totals(states)
    return {
        "facilities": sorted(facilities, key=lambda r: r["facility"]),
        "facility_status": sorted(states, key=lambda r: (r["at"], r["facility"], r["level"])),
        "facility_services": services(states),
        "vehicles": fleet(city),
        "stock": goods(city),
    }


def check_stated_counts(city: City) -> None:
    """The real counts that the invented facilities follow."""
    def value(kind, name):
        return next(int(r["value"]) for r in city.statements if (r["kind"], r["name"]) == (kind, name))

    assert value("fangcang_beds", "all 12") == MAKESHIFT_BEDS == sum(m[3] for m in _MAKESHIFT)
    assert value("fangcang_beds", "Shizishan (Jiangbei)") == _MAKESHIFT[SHIZISHAN - 1][3]
    assert value("fangcang_hospitals_open", "municipal") == sum(m[1] == "municipal" for m in _MAKESHIFT)
    assert value("fangcang_hospitals_open", "district and county") == sum(m[1] == "district" for m in _MAKESHIFT)
    assert value("fangcang_hospitals_open", "city") == sum(m[2] is not None for m in _MAKESHIFT)
    assert value("fangcang_beds_planned", "Yuelai International Expo Center") == YUELAI_DESIGN
    assert value("lab_capacity_tubes", "own capacity") == LAB_TUBES
    assert value("lab_capacity_tubes", "central area") == LAB_TUBES_CENTRAL
    assert value("taxis_reassigned", "patient transfer and supplies") == REAL_TAXIS
    assert value("designated_hospitals", "municipal") == 4


# ---------------------------------------------------------------- hospitals

def makeshift_id(n: int) -> str:
    return f"CQ-MH-{n:02}"


def makeshift_sites(city: City) -> tuple[list[dict], list[dict]]:
    sites = []
    for n, (code, run_by, early, _, _, _) in enumerate(_MAKESHIFT, 1):
        zh, en = f"方舱医院{n:02}号{INVENTED}", f"Makeshift hospital {n:02} (synthetic)"
        known, opens, note = "2022-11-18T00:00", "2022-11-14", f"{run_by}; one of the eight in use on 17 November"
        if early is None:
            known, opens, note = "2022-11-20T00:00", "2022-11-19", f"{run_by}; one of the twelve in use on 19 November"
        if n == YUELAI:
            zh, en, known, opens = "悦来方舱医院", "Yuelai makeshift hospital", "2022-11-17T00:00", "2022-11-15"
            note = "real name; design size 12000 and part opening on 15 November are real (S21), all other values are invented"
        if n == SHIZISHAN:
            zh, en = "狮子山方舱医院", "Shizishan makeshift hospital"
            note = "real name; district hospital of Jiangbei with 1000 beds, real (S31); shown from 19 November"
        sites.append(facility(makeshift_id(n), "makeshift_hospital", zh, en, city.area[code], known, note, opens_on=opens,
                              accepted=("2022-11-12", "2023-05-11"), position=n))
    return sites, []


def designated_sites(city: City) -> tuple[list[dict], list[dict]]:
    sites = []
    for n, (code, _) in enumerate(_DESIGNATED, 1):
        district = city.area[code]
        converted = n > 4
        where_zh, where_en = (f"{district['short_zh']}，", f"{district['short_en']}, ") if converted else ("", "")
        sites.append(facility(
            f"CQ-DH-{n:02}", "designated_hospital", f"定点医院{n:02}号（{where_zh}模拟）",
            f"Designated hospital {n:02} ({where_en}synthetic)", district,
            "2022-11-20T00:00" if converted else baseline_known(START),
            "stands for a converted district hospital (S31)" if converted else
            "stands for one of four municipal designated hospitals (S31)",
            opens_on="2022-11-19" if converted else START, accepted=ACCEPTED, assumed=not converted, position=n + 20))
    return sites, []


@dataclass
class Beds:
    facility: str
    level: str
    physical: int
    staffed: int
    equipped: int
    planned: int | None = None

    @property
    def usable(self) -> int:
        return min(self.physical, self.staffed, self.equipped)


def makeshift_beds(index: int) -> list[Beds]:
    """Beds at moment `index`; from 19 November on they stay as they are, as no later real total exists."""
    beds = []
    for n, (_, _, early, late, unstaffed, unequipped) in enumerate(_MAKESHIFT, 1):
        physical = early if index == 0 else late
        if physical is not None:
            planned = YUELAI_DESIGN if n == YUELAI else None
            beds.append(Beds(makeshift_id(n), "makeshift", physical, physical - unstaffed, physical - unequipped, planned))
    return beds


def designated_beds(index: int) -> list[Beds]:
    beds = []
    for n, (_, levels) in enumerate(_DESIGNATED, 1):
        if n > 4 and index == 0:
            continue
        for level, physical in levels.items():
            # Staff binds general beds in even hospitals, equipment binds critical ones in odd hospitals.
            staffed = physical - physical // 12 if level == "general" and n % 2 == 0 else physical
            equipped = physical - physical // 8 if level == "critical" and n % 2 == 1 else physical
            beds.append(Beds(f"CQ-DH-{n:02}", level, physical, staffed, equipped))
    return beds


def hospital_status(city: City) -> list[dict]:
    rows = []
    for index, moment in enumerate(MOMENTS):
        placed = place_patients(city.in_care(moment), moment, index)
        note = f"occupied sized from {city.in_care(moment)} people in care"
        for beds, occupied in placed:
            rows.append(status(beds.facility, moment.at, moment.known_at, beds.level, "beds", bed_note(beds, note, index),
                               physical=beds.physical, staffed=beds.staffed, equipped=beds.equipped, occupied=occupied,
                               planned=beds.planned))
    return rows


def bed_note(beds: Beds, note: str, index: int) -> str:
    if beds.level == "makeshift":
        return note + (f"; beds of the twelve add up to {MAKESHIFT_BEDS}" if index else "; beds sized to leave 2 to 6 % free")
    if beds.level in ("severe", "critical"):
        note = f"occupied adds up to the stated {beds.level} patients"
        return note + (" of 24 November, the last known" if index == 3 else "") + "; beds invented"
    return note + "; beds invented"


def place_patients(in_care: int, moment: Moment, index: int) -> list[tuple[Beds, int]]:
    """Severe and critical patients as stated; general wards 93 % full; makeshift beds take the rest, as far as they reach."""
    designated, makeshift = designated_beds(index), makeshift_beds(index)
    placed = []
    for level, people in (("severe", moment.severe), ("critical", moment.critical), ("general", None)):
        beds = [b for b in designated if b.level == level]
        limits = [b.usable for b in beds]
        people = sum(limits) * 93 // 100 if people is None else people
        placed += zip(beds, fill(people, limits, [1.0] * len(beds)))
    rest = in_care - sum(occupied for _, occupied in placed)
    limits = [b.usable for b in makeshift]
    if rest > sum(limits):  # whoever is left goes to the interim sites; a few beds are always being cleaned
        rest = sum(limits) * 99 // 100
    placed += zip(makeshift, fill(rest, limits, [1.0 - 0.01 * (n % 4) for n in range(len(makeshift))]))
    if index < 2:
        everything = designated + makeshift
        for total in (sum(b.usable for b in everything), sum(b.physical for b in everything)):
            assert 0.02 <= 1 - in_care / total <= 0.06, f"{1 - in_care / total:.3f} of the beds are free"
    return placed


# ---------------------------------------------------------------- isolation

ROOM_RULE = "rooms sized from residents: half of 20 per 10,000 (JPCM-0929)"


def isolation_rooms(city: City) -> dict[str, list[int]]:
    """Rooms by district and site. The third site of a large district is a reserve that opens on 24 November."""
    rooms = {}
    for code in city.districts:
        total = round(city.residents[code] * 20 / 10000 * 0.5)
        shares = [0.45, 0.30, 0.25] if city.residents[code] >= RESERVE_RESIDENTS else [0.6, 0.4]
        rooms[code] = split_by_weight(total, shares)
    return rooms


def isolation_id(code: str, site: int) -> str:
    return f"CQ-IS-{code[2:]}-{site}"


def isolation_sites(city: City) -> tuple[list[dict], list[dict]]:
    sites, rows = [], []
    known = baseline_known(START)
    rooms = isolation_rooms(city)
    for code, parts in rooms.items():
        area = city.area[code]
        for site, _ in enumerate(parts, 1):
            reserve, expired = site == 3, code == EXPIRED and site == 2
            note = ROOM_RULE + ("; held in reserve" if reserve else "") + ("; its acceptance has run out" if expired else "")
            if code in UNREPORTED and site == 2:
                note = "never reports its rooms, so that the unknown is shown"
            sites.append(facility(
                isolation_id(code, site), "isolation_site", f"{area['short_zh']}隔离点{site}号{INVENTED}",
                f"{area['short_en']} isolation site {site} (synthetic)", area, known, note,
                opens_on=RESERVE_OPENS if reserve else START,
                accepted=("2021-10-31", "2022-10-30") if expired else ACCEPTED, assumed=True, position=int(code) + 3 * site))
    rows += isolation_status(rooms, START + "T00:00", known, None, True, False)
    for index, moment in enumerate(MOMENTS):
        rows += isolation_status(rooms, moment.at, moment.known_at, contacts_in_rooms(city, rooms, moment, index), False,
                                 index >= 2)
    return sites, rows


def usable_rooms(code: str, site: int, physical: int, reserve_open: bool) -> tuple[int, int, int]:
    """(physical, staffed, equipped). Some sites lack staff, some lack equipment."""
    if site == 3 and not reserve_open:
        return 0, 0, 0
    turn = (int(code) + site) % 6
    return physical, physical * (90 if turn == 0 else 100) // 100, physical * (94 if turn == 3 else 100) // 100


def reporting(rooms: dict[str, list[int]]):
    for code, parts in rooms.items():
        for site, physical in enumerate(parts, 1):
            if not (code in UNREPORTED and site == 2):
                yield code, site, physical


def contacts_in_rooms(city: City, rooms: dict[str, list[int]], moment: Moment, index: int) -> dict[str, int]:
    """Contacts in isolation: 0.6 for each infection of the last seven days known by then, where the latest complete list
    has its infections. A district takes in no more than 96 % of its rooms; the others isolate at home."""
    weights = city.district_weights(moment.known_at)
    wanted = dict(zip(weights, split_by_weight(round(0.6 * city.recent_infections(moment.known_at)), list(weights.values()))))
    occupied = {}
    for code, parts in rooms.items():
        sites = [(site, min(usable_rooms(code, site, physical, index >= 2))) for c, site, physical in reporting({code: parts})
                 if not (code == EXPIRED and site == 2)]
        limits = [usable for _, usable in sites]
        people = min(wanted[code], sum(limits) * 96 // 100)
        for (site, _), here in zip(sites, fill(people, limits, [1.0, 0.9, 0.5][: len(limits)])):
            occupied[isolation_id(code, site)] = here
    return occupied


def isolation_status(rooms, at: str, known_at: str, occupied: dict[str, int] | None, assumed: bool, reserve_open: bool):
    rows = []
    for code, site, physical in reporting(rooms):
        have, staffed, equipped = usable_rooms(code, site, physical, reserve_open)
        waiting = site == 3 and not reserve_open
        here = None if occupied is None else occupied.get(isolation_id(code, site), 0)
        note = ROOM_RULE + ("; occupied not known" if occupied is None else
                            "; occupied by contacts: 0.6 per infection of the last 7 days known")
        rows.append(status(isolation_id(code, site), at, known_at, "isolation", "rooms", note, physical=have, staffed=staffed,
                           equipped=equipped, occupied=0 if waiting and occupied is not None else here,
                           planned=physical if waiting else None, assumed=assumed))
    return rows


# ---------------------------------------------------------------- interim sites for positives without a bed

def interim_sites(city: City) -> tuple[list[dict], list[dict]]:
    """Real totals of 24 and 27 November exceed every bed that was ever stated. Whoever has no bed is booked here, one person
    to a room, so that nobody lies in an impossible bed."""
    sites, rows = [], []
    weights = city.district_weights("2022-11-27T00:00")
    busiest = sorted(city.raw.outside, key=lambda c: (-weights[c], c))[:8]
    codes = sorted(city.raw.central + busiest)
    for n, code in enumerate(codes, 1):
        area = city.area[code]
        sites.append(facility(f"CQ-IT-{n:02}", "isolation_site", f"{area['short_zh']}过渡隔离点{INVENTED}",
                              f"{area['short_en']} interim site (synthetic)", area, "2022-11-27T00:00",
                              "takes positives who found no bed; sized from the people in care above all stated beds",
                              opens_on="2022-11-22", accepted=("2022-11-21", "2023-05-20"), position=n + 40))
    for index in (2, 3):
        moment = MOMENTS[index]
        in_care = city.in_care(moment)
        without_bed = in_care - sum(occupied for _, occupied in place_patients(in_care, moment, index))
        physical = split_by_weight(ceil(without_bed * 1.06), [weights[c] for c in codes])
        occupied = fill(without_bed, physical, [1.0] * len(codes))
        for n, (rooms, people) in enumerate(zip(physical, occupied), 1):
            # Staff only for those who are there: no plan may put contacts in between positives.
            rows.append(status(f"CQ-IT-{n:02}", moment.at, moment.known_at, "isolation", "rooms",
                               f"{without_bed} of {in_care} people in care are above all stated beds; one person to a room; "
                               "staffed for these only", physical=rooms, staffed=people, equipped=rooms, occupied=people))
    return sites, rows


def check_totals(states: list[dict]) -> None:
    """Whoever is in care has exactly one place, and the beds of the twelve are the stated ones."""
    for moment, total in zip(MOMENTS, IN_CARE):
        rows = [r for r in states if r["at"] == moment.at and not r["facility"].startswith("CQ-IS-")]
        assert sum(int(r["occupied"]) for r in rows) == total, moment.at
        makeshift = [int(r["physical"]) for r in rows if r["level"] == "makeshift"]
        assert len(makeshift) == 8 if moment is MOMENTS[0] else sum(makeshift) == MAKESHIFT_BEDS
        for level, people in (("severe", moment.severe), ("critical", moment.critical)):
            assert sum(int(r["occupied"]) for r in rows if r["level"] == level) == people
    tubes = [int(r["physical"]) for r in states if r["level"] == "laboratory" and r["at"] == LAB_STATED_AT]
    assert sum(tubes) == LAB_TUBES


# ---------------------------------------------------------------- laboratories and the rest

def city_laboratories(city: City) -> tuple[list[dict], list[dict]]:
    """Thirteen in the central area and seven outside, as much as is stated for each."""
    central = city.raw.central + ["500112", "500107", "500106", "500105"]
    outside = ["500101", "500102", "500118", "500116", "500117", "500154", "500114"]
    inside_tubes = rounded_split(LAB_TUBES_CENTRAL, [3 + n % 3 for n in range(len(central))], 1000)
    outside_tubes = rounded_split(LAB_TUBES - LAB_TUBES_CENTRAL, [3 + n % 2 for n in range(len(outside))], 1000)
    stated = inside_tubes + outside_tubes
    # Nothing is stated before 30 November. A plan of 18 November may not rest on what was told later: until then the same
    # twenty laboratories are sized from residents alone.
    before = rounded_split(LAB_TUBES_BEFORE, stated, 1000)
    known = baseline_known(START)
    sites, states = laboratories("CQ", [(city.area[c], t) for c, t in zip(central + outside, before)], START + "T00:00", known, START,
                                 ACCEPTED, "sized from residents: all of them within two days in tubes of ten; policy of the demo pack")
    states += laboratory_status("CQ", stated, LAB_STATED_AT, LAB_STATED_AT,
                                "sized from the city's stated 2820000 tubes a day (1970000 of them in the central area; S70)")
    return sites, states


def other_sites(city: City) -> list[dict]:
    known = baseline_known(START)

    def sites(kind, tag, zh, en, codes, accepted, note):
        return plain_sites("CQ", kind, tag, zh, en, [city.area[c] for c in codes], known, START, accepted, note)

    # One for each district, so that every district's duties can be planned; the first six keep the names they had.
    first = ["500103", "500105", "500106", "500107", "500112", "500155"]
    return [
        *sites("sampling_site", "SS", "采样点", "Sampling site", [*first, *(c for c in city.districts if c not in first)],
               ACCEPTED, "stands for all points of its district; not sized"),
        *sites("depot", "DEP", "车辆停保场", "Vehicle depot", ["500112", "500107", "500113"], ACCEPTED, "not sized"),
        *sites("warehouse", "WH", "物资仓库", "Warehouse", ["500112", "500106", "500101"], ACCEPTED, "not sized"),
    ]


def fleet(city: City) -> list[dict]:
    """The fleet does not change; it is reported again at each moment so that its age stays honest."""
    rows = vehicles(city.residents, START + "T00:00", baseline_known(START), True)
    taxi_times = [("2022-11-15T00:00", "2022-11-16T00:00")]
    for moment in MOMENTS:
        rows += vehicles(city.residents, moment.at, moment.known_at, False)
        taxi_times.append((moment.at, moment.known_at))
    shares = split_by_weight(REAL_TAXIS, [city.residents[c] for c in city.raw.central])
    for at, known_at in taxi_times:
        rows += [make_row("vehicles", base_area=code, kind="taxi", at=at, vehicles=count, crews=count, seats_per_vehicle=3,
                          trips_per_day=8, **synthetic_provenance(known_at, "about 600 taxis reassigned (S17), shared out by "
                                                                            "residents over the central districts"))
                 for code, count in zip(city.raw.central, shares)]
    return sorted(rows, key=lambda r: (r["at"], r["base_area"], r["kind"]))


def goods(city: City) -> list[dict]:
    rows = []
    whole = int(city.area[CITY]["population"])
    weights_at = [city.district_weights(m.known_at) for m in MOMENTS]
    for moment, weights in zip(MOMENTS, weights_at):
        in_care = city.in_care(moment)
        rows += stock(CITY, whole, in_care, moment.at, moment.known_at, False)
        for code in ("500103", "500105", "500107", "500112", "500155"):
            share = in_care * weights[code] // sum(weights.values())
            rows += stock(code, city.residents[code], share, moment.at, moment.known_at, False)
    return sorted(rows, key=lambda r: (r["at"], r["place"], r["item"]))

"""The reported part of the pack shanghai-2022: the daily bulletins of the spring outbreak."""

import json
from pathlib import Path

from .common import FACTS
from .tables import day_end, day_start, days_between, make_row, next_day_provenance, number, read_csv

CITY = "310000"
CITY_POPULATION = 24870895
FIRST_DAY, LAST_DAY = "2022-02-26", "2022-06-30"  # district counts end on the last day
FIRST_DISTRICT_DAY = "2022-03-06"

_SOURCES = {"A": "SH-BULLETINS+SH-A", "B": "SH-BULLETINS+SH-B"}
_SPLITS = ("confirmed_in_quarantine", "asymptomatic_in_quarantine", "confirmed_in_community", "asymptomatic_in_community")

# What the collectors corrected or combined (raw README); said on the row that it touches.
_CORRECTIONS = {
    "2022-03-01": "the bulletin's two infections had no split; both put in the community",
    "2022-03-12": "asymptomatic held twice by one collector; community is the difference",
    "2022-03-13": "one collector's conversions were also in its other columns; district conversions set to 0",
}
_CHECK_NOTES = {
    "none": "no district counts for this day",
    "partial": "districts do not add up to the city on this day",
    "totals": "districts add up to the city in confirmed and asymptomatic, not in every split",
}


class Raw:
    def __init__(self, folder: Path):
        own = folder / "shanghai-2022"
        self.districts = read_csv(own / "districts.csv")
        self.city = [r for r in read_csv(own / "city_daily.csv") if r["date"] <= LAST_DAY]
        self.by_district = read_csv(own / "district_daily.csv")
        self.outlines = json.loads((own / "districts.geojson").read_text(encoding="utf-8"))
        self.national = [r for r in read_csv(folder / "china-2022" / "province_daily.csv") if r["code"] == CITY]
        assert len(self.districts) == 16
        assert [r["date"] for r in self.city] == days_between(FIRST_DAY, LAST_DAY)
        assert len(self.by_district) == 16 * len(days_between(FIRST_DISTRICT_DAY, LAST_DAY)) == 1872


# ---------------------------------------------------------------- reference tables

def areas(raw: Raw) -> list[dict]:
    rows = [make_row("areas", code=CITY, level="city", name_zh="上海市", name_en="Shanghai Municipality", short_zh="上海",
                     short_en="Shanghai", population=CITY_POPULATION, population_date="2020-11-01", origin="reported",
                     source_id="CENSUS", note="2020 census")]
    points = centre_points(raw.outlines)
    for d in raw.districts:
        kind = "New Area" if d["name_zh"].endswith("新区") else "District"
        lat, lon = points[d["code"]]
        rows.append(make_row("areas", code=d["code"], parent_code=CITY, level="district", name_zh=d["name_zh"],
                             name_en=f"{d['name_en']} {kind}",
                             short_zh=d["name_zh"].removesuffix("区").removesuffix("新"), short_en=d["name_en"],
                             population=d["population_2020"], population_date="2020-11-01", lat=lat, lon=lon,
                             origin="reported", source_id="CENSUS+BOUNDARY", note="centre computed from the outline"))
    assert sum(number(d["population_2020"]) for d in raw.districts) == CITY_POPULATION
    return rows


def centre_points(outlines: dict) -> dict[str, tuple[str, str]]:
    """Centroid of the largest ring of each district: good for a symbol, and for rough distances."""
    points = {}
    for feature in outlines["features"]:
        shape = feature["geometry"]
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        area, lat, lon = max(ring_centroid(polygon[0]) for polygon in polygons)
        points[feature["properties"]["code"]] = (f"{lat:.4f}", f"{lon:.4f}")
    return points


def ring_centroid(ring: list[list[float]]) -> tuple[float, float, float]:
    """(area, latitude, longitude) by the shoelace formula. Measured from the first point, so that rounding stays small."""
    lon0, lat0 = ring[0]
    twice_area = x = y = 0.0
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1]):
        ax, ay, bx, by = ax - lon0, ay - lat0, bx - lon0, by - lat0
        cross = ax * by - bx * ay
        twice_area += cross
        x += (ax + bx) * cross
        y += (ay + by) * cross
    return abs(twice_area) / 2, lat0 + y / (3 * twice_area), lon0 + x / (3 * twice_area)


_OFFICES = [
    ("sh-hc", "上海市卫生健康委员会", "Shanghai Municipal Health Commission", "infections+statements", 24, 48, "reported",
     "daily bulletins, as collected by volunteers"),
    ("nhc", "国家卫生健康委员会", "National Health Commission", "infections", 24, 72, "reported",
     "daily figures by province, local infections only"),
    ("sh-gov", "上海市新冠肺炎疫情防控工作领导小组办公室", "Office of Shanghai's leading group for epidemic control",
     "events+measure_facts", None, None, "reported", "through the city's English newspaper"),
    ("levee-synthetic", "Levee 模拟数据", "Levee synthetic data",
     "facilities+facility_status+facility_services+vehicles+stock+duty_roster+owed", 24, 72,
     "synthetic", "no office: rows made for demonstration"),
]


def offices() -> list[dict]:
    return [make_row("offices", office=o, name_zh=zh, name_en=en, tables=t, cadence_hours=c, age_limit_hours=a, origin=origin,
                     note=note) for o, zh, en, t, c, a, origin, note in _OFFICES]


def sources() -> list[dict]:
    return [
        make_row("sources", source_id="SH-A", title="helloint/covid, data/dailyTotal.json", publisher="helloint",
                 url="https://github.com/helloint/covid", licence=FACTS, note="its package.json says ISC; no code taken"),
        make_row("sources", source_id="SH-B", title="twang2218/covid19-data, data/shanghai-daily.csv", publisher="twang2218",
                 url="https://github.com/twang2218/covid19-data", licence=FACTS, note="no licence file; facts only"),
        make_row("sources", source_id="SHINE-0327", title="Shanghai imposes staggered lockdown amid COVID resurgence",
                 publisher="Shanghai Daily (SHINE)", url="https://www.shine.cn/news/metro/2203273637/", published="2022-03-27",
                 licence=FACTS, note="opening of the article read; restated in own words"),
        make_row("sources", source_id="SHINE-0401", title="Questions on the measures after the first phase", publisher="Shanghai Daily (SHINE)",
                 url="https://www.shine.cn/news/metro/2204013834/", published="2022-04-01", licence=FACTS,
                 note="first answer read; restated in own words; title ours"),
        make_row("sources", source_id="CENSUS", title="Seventh national population census, 1 November 2020",
                 publisher="Shanghai Municipal Bureau of Statistics", licence=FACTS,
                 note="entered by hand; districts add up to the published city total"),
    ]


# ---------------------------------------------------------------- events

# Known at 24:00 of the day of publication. Of what came after these days nothing was collected.
_PHASE_1 = "310115+310116+310120+310151"
_PHASE_2 = "310101+310104+310105+310106+310107+310109+310110+310112+310113+310114+310117+310118"
_EVENTS = [
    ("SH-E01", "2022-03-28", "", "measure_start", _PHASE_1, "Pudong, Fengxian, Jinshan, Chongming; parts of Minhang and Songjiang",
     "lockdown for a test round, until 05:00 on 1 April: everybody stays at home, compounds are closed, public transport stops, "
     "deliveries go on without contact",
     "为开展核酸筛查实施封控至4月1日5时：居民足不出户，小区封闭，公共交通停运，保留无接触配送", "SHINE-0327", "2022-03-28T00:00"),
    ("SH-E02", "2022-04-01", "", "measure_start", _PHASE_2, "Puxi",
     "the same for the rest of the city, announced from 03:00 on 1 April until 03:00 on 5 April",
     "其余区域自4月1日3时至4月5日3时（公告时间）实施同样封控", "SHINE-0327", "2022-03-28T00:00"),
    ("SH-E03", "2022-04-01", "", "measure_change", _PHASE_1, "Pudong, Fengxian, Jinshan, Chongming; parts of Minhang and Songjiang",
     "after the round areas are locked down, controlled or precautionary; buildings with infections stay locked down for 14 days "
     "from 28 March",
     "筛查后按封控区、管控区、防范区管理；有感染者的楼栋自3月28日起封控14天", "SHINE-0401", "2022-04-02T00:00"),
]


def events() -> list[dict]:
    return [make_row("events", event=event, starts_on=since, ends_on=until, kind=kind, places=places, area_text=where,
                     description_en=en, description_zh=zh, office="sh-gov", source_id=source, known_at=known,
                     known_at_assumed="false", origin="reported") for event, since, until, kind, places, where, en, zh, source, known in _EVENTS]


# ---------------------------------------------------------------- infections

def infections(raw: Raw) -> list[dict]:
    rows = [*city_days(raw), *district_days(raw), *national_days(raw)]
    return sorted(rows, key=lambda r: (r["period_start"], r["period_end"], r["office"], r["place"]))


def city_days(raw: Raw) -> list[dict]:
    # From March to June the bulletins add up to these sums (raw README).
    spring = [r for r in raw.city if r["date"] >= "2022-03-01"]
    sums = [sum(number(r[c]) for r in spring) for c in
            ("new_confirmed", "confirmed_from_asymptomatic", "new_asymptomatic", "new_infections", "deaths")]
    assert sums == [58137, 22544, 591518, 627111, 588]
    # Of all infections, those who stayed asymptomatic: the parameter asymptomatic.share_by_shanghai_reporting.
    assert round((sums[2] - sums[1]) / sums[3], 2) == 0.91
    return [bulletin_row(CITY, r, _SOURCES["A"], r["district_check"], deaths=r["deaths"]) for r in raw.city]


def district_days(raw: Raw) -> list[dict]:
    checks = {r["date"]: r["district_check"] for r in raw.city}
    check_district_sums(raw, checks)
    return [bulletin_row(r["code"], r, _SOURCES[r["source"]], checks[r["date"]]) for r in raw.by_district]


def check_district_sums(raw: Raw, checks: dict[str, str]) -> None:
    """On a day called exact all seven fields of the districts add up to the city; on most days they do."""
    fields = ("new_confirmed", "new_asymptomatic", "confirmed_from_asymptomatic", *_SPLITS)
    city = {r["date"]: r for r in raw.city}
    sums: dict[tuple[str, str], int] = {}
    for r in raw.by_district:
        for field in fields:
            sums[r["date"], field] = sums.get((r["date"], field), 0) + number(r[field])
    exact = [day for day, check in checks.items() if check == "exact"]
    assert len(exact) == 104
    for day in exact:
        for field in fields:
            assert sums[day, field] == number(city[day][field]), (day, field)


def bulletin_row(place: str, r: dict, source: str, check: str, deaths: str = "") -> dict:
    community = number(r["confirmed_in_community"]) + number(r["asymptomatic_in_community"])
    managed = number(r["confirmed_in_quarantine"]) + number(r["asymptomatic_in_quarantine"])
    assert all(r[c] for c in _SPLITS)
    # The bulletin's own identities: every new infection was found either in the community or among managed people.
    assert community + managed == number(r["new_infections"]), (place, r["date"])
    notes = [_CHECK_NOTES.get(check, ""), _CORRECTIONS.get(r["date"], "")]
    day = r["date"]
    return make_row("infections", place=place, period_start=day_start(day), period_end=day_end(day),
                    confirmed=r["new_confirmed"], asymptomatic=r["new_asymptomatic"],
                    converted=r["confirmed_from_asymptomatic"], total=r["new_infections"], community=community,
                    managed=managed, deaths=deaths,
                    **next_day_provenance("sh-hc", source, day_end(day), note="; ".join(n for n in notes if n)))


def national_days(raw: Raw) -> list[dict]:
    by_day = {r["date"]: r for r in raw.national}
    city = {r["date"]: (r["new_confirmed"], r["new_asymptomatic"]) for r in raw.city}
    rows, differing = [], []
    for day in days_between("2022-03-01", LAST_DAY):
        counts = (by_day[day]["new_local_confirmed"], by_day[day]["new_local_asymptomatic"])
        if counts != city[day]:
            differing.append(day)
        rows.append(make_row("infections", place=CITY, period_start=day_start(day), period_end=day_end(day),
                             confirmed=counts[0], asymptomatic=counts[1], **next_day_provenance("nhc", "NHC", day_end(day))))
    assert differing == ["2022-03-24", "2022-03-26"], "the two days on which the national figures differ (raw README)"
    return rows


# ---------------------------------------------------------------- statements

_STATEMENTS = {
    "in_hospital": "under_care_confirmed",
    "severe_in_hospital": "patients_severe",
    "critical_in_hospital": "patients_critical",
    "discharged": "discharged_day",
    "released_from_observation": "released_from_observation_day",
}


def statements(raw: Raw) -> list[dict]:
    """Figures at the end of the day, or of the day. Deaths stand with the infections."""
    rows = [make_row("statements", place=CITY, kind=kind, name="city", at=day_end(r["date"]), value=r[column],
                     unit="persons", qualifier="=", **next_day_provenance("sh-hc", _SOURCES["A"], day_end(r["date"])))
            for r in raw.city for column, kind in _STATEMENTS.items() if r[column]]
    return sorted(rows, key=lambda r: (r["at"], r["kind"]))

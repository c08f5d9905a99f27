"""The reported part of the pack chongqing-2022: what was published, when, and by whom."""

from pathlib import Path

from .tables import (Publication, day_end, day_start, days_between, host_of, join_notes, make_row, next_day_provenance,
                     number, read_csv)
from .common import FACTS

CITY, CENTRAL, OUTSIDE = "500000", "CQ-CENTRAL", "CQ-OUTSIDE"
CITY_POPULATION = 32054159  # census communique, source S82
CENSUS_DAY = "2020-11-01"

# Looked up: S31 (19 November) states all these figures by itself; S32 and S34 only repeat them two days later.
FIRST_STATED = {"S31;S32": "S31", "S31;S34": "S31"}


class Raw:
    """The raw files, read once."""

    def __init__(self, folder: Path):
        own = folder / "chongqing-2022"
        for name in ("districts", "zones", "city_daily", "city_partial", "district_reports", "group_totals", "capacity",
                     "events", "sources"):
            setattr(self, name, read_csv(own / f"{name}.csv"))
        self.national = [r for r in read_csv(folder / "china-2022" / "province_daily.csv") if r["code"] == CITY]
        self.publication = Publication({s["source_id"]: s["published"] for s in self.sources})
        self.central = [d["code"] for d in self.districts if d["is_central"] == "1"]
        self.outside = [d["code"] for d in self.districts if d["is_central"] == "0"]
        assert (len(self.central), len(self.outside)) == (9, 29), "38 districts, nine of them central"


# ---------------------------------------------------------------- reference tables

def short_zh(name: str) -> str:
    """Autonomous counties go by their place name; a county whose name has one character keeps the word county."""
    for nation in ("土家族苗族自治县", "苗族土家族自治县", "土家族自治县"):
        name = name.removesuffix(nation)
    bare = name.removesuffix("区").removesuffix("县")
    return name if len(bare) == 1 else bare


def short_en(name: str, chinese_short: str) -> str:
    return name if chinese_short.endswith("县") else name.split()[0]


def areas(raw: Raw) -> list[dict]:
    rows = [make_row("areas", code=CITY, level="city", name_zh="重庆市", name_en="Chongqing Municipality",
                     short_zh="重庆", short_en="Chongqing", population=CITY_POPULATION, population_date=CENSUS_DAY,
                     origin="reported", source_id="CENSUS+S82+S83", note="2020 census")]
    for d in raw.districts:
        short, counted = short_zh(d["name_zh"]), bool(d["population"])
        rows.append(make_row(
            "areas", code=d["code"], parent_code=CITY, level="district", name_zh=d["name_zh"], name_en=d["name_en"],
            short_zh=short, short_en=short_en(d["name_en"], short), population=d["population"],
            population_date=CENSUS_DAY if counted else "", lat=d["lat"], lon=d["lon"], origin="reported",
            source_id="CENSUS+S80+S81+S83+S84" if counted else "S83+S84",
            note=area_note(d)))
    assert len(rows) == 39
    # The five counties without a figure would have to hold the difference (raw README, mismatch 9).
    assert CITY_POPULATION - sum(number(d["population"]) for d in raw.districts) == 3142227
    return rows


def area_note(district: dict) -> str:
    if not district["population"]:
        return "population not found"
    if district["code"] == "500106":
        return "one page gives the population as both 1477345 and 1447345"
    return "population includes Wansheng (CQ-WS)" if district["code"] == "500110" else ""


def reporting_units(raw: Raw, groups: dict[str, str]) -> list[dict]:
    def unit(code, name_zh, name_en, zh, en, kind, note, source, within="", members="", origin="reported"):
        return make_row("reporting_units", code=code, name_zh=name_zh, name_en=name_en, short_zh=zh, short_en=en, kind=kind,
                        within_code=within, members=members, origin=origin, source_id=source, note=note)

    zones = {z["zone_code"]: z for z in raw.zones}
    assert sorted(zones) == ["CQ-GX", "CQ-LJ", "CQ-WS"]
    booked = "one of the 11 units of the central area; never listed itself: its cases are booked under the districts it lies in"

    def zone(code, zh, en, kind, note):
        z = zones[code]
        return unit(code, z["name_zh"], z["name_en"], zh, en, kind, note, z["source_id"].replace(";", "+"), z["within_code"])

    rows = [
        zone("CQ-WS", "万盛", "Wansheng", "apart", "listed apart in the daily lists; its census population is inside Qijiang"),
        zone("CQ-LJ", "两江新区", "Liangjiang", "overlap", booked),
        zone("CQ-GX", "高新区", "High-tech Zone", "overlap", booked),
        unit(CENTRAL, "中心城区", "Central area", "中心城区", "the central area", "group",
             "nine districts; the stated figures count 11 units, the other two being CQ-LJ and CQ-GX, which are booked under "
             "the districts they lie in", "S07+S44", members="+".join(raw.central)),
        unit(OUTSIDE, "中心城区以外区县", "Outside the central area", "中心城区外", "Outside central", "group",
             "the other 29 districts and counties; Wansheng (CQ-WS) counts through Qijiang", "S07+S44",
             members="+".join(raw.outside)),
    ]
    names = {d["code"]: (short_zh(d["name_zh"]), short_en(d["name_en"], short_zh(d["name_zh"]))) for d in raw.districts}
    counting = {4: ("四", "Four"), 5: ("五", "Five")}
    for members, code in groups.items():
        codes = members.split("+")
        zh, en = counting[len(codes)]
        rows.append(unit(
            code, "、".join(names[c][0] for c in codes), ", ".join(names[c][1] for c in codes),
            f"{names[codes[0]][0]}等{zh}区县", f"{en} districts with {names[codes[0]][1]}", "group",
            "a total stated in briefings for these districts together", group_sources(raw, members), members=members))
    return rows


def group_codes(raw: Raw) -> dict[str, str]:
    """Each distinct group of districts that a briefing gave a total for, with a code of our own."""
    members = dict.fromkeys("+".join(sorted(g["group"].split("+"))) for g in raw.group_totals)
    return {m: f"CQ-G{n}" for n, m in enumerate(members, 1)}


def group_sources(raw: Raw, members: str) -> str:
    sources = [g["source_id"] for g in raw.group_totals if "+".join(sorted(g["group"].split("+"))) == members]
    return "+".join(dict.fromkeys(sources))


# (office, zh, en, tables, cadence_hours, age_limit_hours, origin, note)
_OFFICES = [
    ("cq-hc", "重庆市卫生健康委员会", "Chongqing Municipal Health Commission", "infections+statements+events+measure_facts", 24, 48, "reported",
     "through briefings, bulletins and news agencies"),
    ("nhc", "国家卫生健康委员会", "National Health Commission", "infections", 24, 72, "reported",
     "daily figures by province, local infections only"),
    ("cq-gov", "重庆市人民政府新闻办公室", "Chongqing Municipal Government Information Office", "statements+events+measure_facts", 24, 72,
     "reported", "host of the daily briefings; also stands for measures reported by the press"),
    ("cq-amr", "重庆市市场监督管理局", "Chongqing Administration for Market Regulation", "statements+events", None, 168,
     "reported", ""),
    ("cq-eic", "重庆市经济和信息化委员会", "Chongqing Economy and Informatization Commission", "statements", None, 168, "reported",
     "also stands for industry figures reported by the press"),
    ("cq-supply", "生活物资保供信息（区县与企业，见于报道）", "Supply figures of districts and retailers, as reported by the press",
     "statements", None, 168, "reported", "not one office: several, named by the source of each row"),
    ("levee-synthetic", "Levee 模拟数据", "Levee synthetic data",
     "facilities+facility_status+facility_services+vehicles+stock+duty_roster+owed", 24, 72,
     "synthetic", "no office: rows made for demonstration"),
]


def offices() -> list[dict]:
    return [make_row("offices", office=o, name_zh=zh, name_en=en, tables=t, cadence_hours=c, age_limit_hours=a, origin=origin,
                     note=note) for o, zh, en, t, c, a, origin, note in _OFFICES]


def sources(raw: Raw) -> list[dict]:
    rows = [make_row("sources", source_id=s["source_id"], title=s["title"], publisher=host_of(s["url"]), url=s["url"],
                     published=s["published"], licence=FACTS,
                     note="publisher is the site; title in our words" if s["url"] else "found without an address")
            for s in sorted(raw.sources, key=lambda s: s["source_id"])]
    rows += [
        make_row("sources", source_id="CENSUS", title="Seventh national population census, 1 November 2020",
                 publisher="Chongqing Municipal Bureau of Statistics",
                 url="https://tjj.cq.gov.cn/zwgk_233/fdzdgknr/tjxx/sjjd_55469/202105/t20210513_9277470_wap.html",
                 published="2021-05-13", licence=FACTS, note="districts as printed on the pages S80 and S81"),
    ]
    return rows


# ---------------------------------------------------------------- infections

# Cautions of the raw README that its rows do not carry. Nothing is repaired.
_CAUTIONS = {
    (CITY, "2022-11-13"): "one agency page prints 2174 asymptomatic; two others and the city's own 2297 give 2147",
    (CITY, "2022-11-26"): "a video caption gives 8867; 8809 + 52 is 8861; not used",
    (CENTRAL, "2022-11-21"): "628 of 5566 is 11.28 %, stated 11.22 %",
    (OUTSIDE, "2022-11-27"): "43 of 862 is 4.99 %, stated 5.68 %; 49 would fit",
    (CENTRAL, "2022-12-03"): "falls stated for city, central and outside disagree (533 against 420 + 133)",
    (OUTSIDE, "2022-12-03"): "falls stated for city, central and outside disagree (533 against 420 + 133)",
}
# These remarks of city_daily.csv speak about the central area, not about the city.
_CENTRAL_REMARKS = ("central_total as stated", "counts not found; ")


def infections(raw: Raw, groups: dict[str, str]) -> list[dict]:
    rows = [*city_days(raw), *national_days(raw), *city_part_days(raw), *district_lists(raw), *group_rows(raw, groups)]
    return sorted(rows, key=lambda r: (r["period_start"], r["period_end"], r["office"], r["place"]))


def full_day(place: str, day: str, provenance: dict, **counts) -> dict:
    return make_row("infections", place=place, period_start=day_start(day), period_end=day_end(day), **counts, **provenance)


def city_days(raw: Raw) -> list[dict]:
    rows = []
    for r in raw.city_daily:
        day = r["date"]
        by_place = {
            CITY: dict(confirmed=r["confirmed"], asymptomatic=r["asymptomatic"], converted=r["converted"],
                       total=r["new_excl_conversions"], community=r["community_found"],
                       community_pct=r["city_community_pct"], deaths=r["deaths"]),
            CENTRAL: dict(total=r["central_total"], community=r["central_community"],
                          community_pct=r["central_community_pct"]),
            OUTSIDE: dict(total=r["outside_total"], community=r["outside_community"],
                          community_pct=r["outside_community_pct"]),
        }
        for place, counts in by_place.items():
            if any(counts.values()):  # a row that states nothing would only look like a report
                provenance = raw.publication.provenance("cq-hc", r["source_id"], day_end(day), note=day_note(r, place))
                rows.append(full_day(place, day, provenance, **counts))
    check_central_plus_outside(rows)
    return rows


def day_note(r: dict, place: str) -> str:
    about = CENTRAL if r["note"].startswith(_CENTRAL_REMARKS) else CITY
    incl = r["total_incl_conversions"]
    return join_notes(r["note"] if place == about else "", _CAUTIONS.get((place, r["date"]), ""),
                      f"stated with conversions: {incl}" if incl and place == CITY else "")


def check_central_plus_outside(rows: list[dict]) -> None:
    """Central + outside equals the city on 21, 26-30 November and 3 December (raw README)."""
    total = {(r["place"], r["period_start"][:10]): number(r["total"]) for r in rows}
    for day in ("2022-11-21", *days_between("2022-11-26", "2022-11-30"), "2022-12-03"):
        assert total[CENTRAL, day] + total[OUTSIDE, day] == total[CITY, day], day


def national_days(raw: Raw) -> list[dict]:
    """The national series, complete for every day; its days of publication were not written down."""
    by_day = {r["date"]: r for r in raw.national}
    rows = []
    for day in days_between("2022-11-01", "2022-12-12"):  # asymptomatic counts end on 12 December
        r = by_day[day]
        confirmed, asymptomatic = r["new_local_confirmed"], r["new_local_asymptomatic"]
        assert int(confirmed) and int(asymptomatic), "a zero there may be a value that nobody collected"
        rows.append(full_day(CITY, day, next_day_provenance("nhc", "NHC", day_end(day)), confirmed=confirmed,
                             asymptomatic=asymptomatic))
    city = {r["date"]: r for r in raw.city_daily}
    differing = [d for d, r in by_day.items() if d in city and city[d]["confirmed"] and city[d]["asymptomatic"]
                 and (city[d]["confirmed"], city[d]["asymptomatic"]) != (r["new_local_confirmed"], r["new_local_asymptomatic"])]
    assert differing == ["2022-11-28"], "equal on all other days where the city states both (raw README)"
    return rows


def city_part_days(raw: Raw) -> list[dict]:
    return [make_row("infections", place=CITY, period_start=r["period_start"], period_end=r["period_end"],
                     confirmed=r["confirmed"], asymptomatic=r["asymptomatic"], converted=r["converted"], total=r["total"],
                     pending=r["pending"],
                     **raw.publication.provenance("cq-hc", r["source_id"], r["period_end"], note="part of a day"))
            for r in raw.city_partial]


def district_lists(raw: Raw) -> list[dict]:
    """District rows as listed, and explicit zeros for whoever is absent from a list that is known to be whole."""
    listed: dict[tuple, list[dict]] = {}
    for r in raw.district_reports:
        listed.setdefault((r["period_start"], r["period_end"], r["source_id"]), []).append(r)
    everybody = [d["code"] for d in raw.districts] + ["CQ-WS"]
    rows = []
    for (start, end, source), reports in listed.items():
        confirmed_whole = reports[0]["confirmed_list_complete"] == "1"
        asymptomatic_whole = reports[0]["asymptomatic_list_complete"] == "1"

        def provenance(**more):
            return raw.publication.provenance("cq-hc", source, end, **more)

        for r in reports:
            assert not (confirmed_whole and not r["confirmed"]) and not (asymptomatic_whole and not r["asymptomatic"])
            rows.append(make_row("infections", place=r["district_code"], period_start=start, period_end=end,
                                 confirmed=r["confirmed"], asymptomatic=r["asymptomatic"], pending=r["pending"],
                                 total=r["total"], community=stated_community(r), **provenance(note=r["note"])))
        if confirmed_whole or asymptomatic_whole:
            present = {r["district_code"] for r in reports}
            rows += [make_row("infections", place=code, period_start=start, period_end=end,
                              confirmed=0 if confirmed_whole else None, asymptomatic=0 if asymptomatic_whole else None,
                              **provenance(origin="derived", note="absent from a complete list"))
                     for code in everybody if code not in present]
            check_list_sum(raw, start, end, reports, confirmed_whole, asymptomatic_whole)
    return rows


def stated_community(report: dict) -> int | None:
    """One report says in words how many were found in the community."""
    if "of which 188 found in the community" in report["note"]:
        assert (report["district_code"], report["total"]) == ("500155", "499")
        return 188
    return None


def check_list_sum(raw: Raw, start: str, end: str, reports: list[dict], confirmed_whole: bool, asymptomatic_whole: bool):
    """A whole list adds up to the city's figure for the same period, which is how the raw data call it whole."""
    city = next((r for r in raw.city_partial if (r["period_start"], r["period_end"]) == (start, end)), None)
    city = city or next(r for r in raw.city_daily if (day_start(r["date"]), day_end(r["date"])) == (start, end))
    for column, whole in (("confirmed", confirmed_whole), ("asymptomatic", asymptomatic_whole)):
        if whole:
            assert sum(int(r[column]) for r in reports) == int(city[column]), (start, end, column)


def group_rows(raw: Raw, groups: dict[str, str]) -> list[dict]:
    rows = []
    for g in raw.group_totals:
        assert g["unit"] == "new infections"
        code = groups["+".join(sorted(g["group"].split("+")))]
        provenance = raw.publication.provenance("cq-hc", g["source_id"], day_end(g["date"]), note=g["note"])
        rows.append(full_day(code, g["date"], provenance, total=g["value"]))
    return rows


# ---------------------------------------------------------------- statements

_STATEMENT_OFFICES = {
    "cq-gov": "high_risk_areas medium_risk_areas temporary_control_areas high_risk_areas_released "
    "high_risk_areas_net_change community_cleared_towns community_cleared_villages infection_free_communities "
    "infection_free_compounds districts_outside_central districts_without_community_cases taxis_reassigned",
    "cq-amr": "hotline_12315 market_enforcement vegetable_markup_pct",
    "cq-eic": "industry",
    "cq-supply": "supply_stock supply_flow last_mile retail_open",
    "cq-hc": "under_care_confirmed under_care_asymptomatic in_hospital_total patients_mild patients_moderate "
    "patients_severe patients_critical discharged_day discharged_cumulative fangcang_beds fangcang_beds_planned "
    "fangcang_hospitals_open fangcang_staff designated_hospitals medical_support_staff lab_institutions "
    "lab_capacity_tubes testing_points tests_round_positive private_labs_inspected pending_single_positive "
    "abnormal_pooled_tubes found_by cumulative_infections",
}
OFFICE_OF_KIND = {kind: office for office, kinds in _STATEMENT_OFFICES.items() for kind in kinds.split()}

# The first of these words that occurs in a statement's name or note tells its place; the order matters.
_PLACE_WORDS = [
    ("outside central", OUTSIDE), ("central area", CENTRAL), ("central districts", CENTRAL), ("Zhong County", "500233"),
    ("Qianjiang", "500114"), ("Liangping", "500155"), ("Jiulongpo", "500107"), ("Liangjiang New Area", "CQ-LJ"),
    ("Yuelai", "500112"), ("Shizishan", "500105"),
]


def statements(raw: Raw) -> list[dict]:
    rows = []
    hours = patient_hours(raw)
    for r in raw.capacity:
        note = r["note"]
        if r["date"]:
            at = hours.get((r["date"], r["kind"])) or stated_hour(r)
            provenance = raw.publication.provenance(OFFICE_OF_KIND[r["kind"]], r["source_id"], at, note=note,
                                                    known_from=FIRST_STATED.get(r["source_id"]))
        elif r["kind"].startswith("lab_"):  # the page is "about 29 November"
            at = "2022-11-30T00:00"
            provenance = dict(office=OFFICE_OF_KIND[r["kind"]], source_id=r["source_id"], known_at=at, known_at_assumed=True,
                              origin="reported", note=note)
        else:  # its moment is not stated; it is dated like the page
            at = day_end(raw.publication.published[r["source_id"]])
            provenance = raw.publication.provenance(OFFICE_OF_KIND[r["kind"]], r["source_id"], at,
                                                    note=join_notes(note, "moment not stated, dated like the page"))
        rows.append(make_row("statements", place=statement_place(r), kind=r["kind"], name=r["name"], at=at, value=r["value"],
                             unit=r["unit"], qualifier=r["qualifier"], **provenance))
    assert len(rows) == len(raw.capacity)
    return sorted(rows, key=lambda r: (r["at"], r["kind"], r["place"], r["name"]))


def stated_hour(r: dict) -> str:
    """The hour that the text states; otherwise the end of the day."""
    text = f"{r['name']}; {r['note']}"
    for words, hour in (("as of 12:00", "12:00"), ("as of 10:00", "10:00"), ("until 18:00", "18:00"), ("18:00, ", "18:00"),
                        ("by 15:00", "15:00"), ("evening briefing", "18:00")):
        if words in text:
            return f"{r['date']}T{hour}"
    return day_end(r["date"])


def patient_hours(raw: Raw) -> dict[tuple[str, str], str]:
    """Classes of patients that add up to the confirmed under care are of the same hour as that total."""
    hours = {}
    for total in raw.capacity:
        if total["kind"] == "under_care_confirmed":
            classes = [r for r in raw.capacity if r["date"] == total["date"] and r["kind"].startswith("patients_")]
            if classes and sum(int(r["value"]) for r in classes) == int(total["value"]):
                hours.update({(r["date"], r["kind"]): stated_hour(total) for r in classes})
    assert len(hours) == 3 + 4 + 4, "14, 17 and 19 November"
    return hours


def statement_place(r: dict) -> str:
    if r["kind"] == "vegetable_markup_pct":
        return "500112"  # one wholesaler in Yubei
    if r["kind"] == "districts_outside_central":
        return OUTSIDE
    return next((place for words, place in _PLACE_WORDS if words in r["name"]), CITY)


# ---------------------------------------------------------------- events

_EVENT_PLACES = {
    "city": CITY, "central area": CENTRAL, "parts of the central area": CENTRAL, "central area; Liangping": f"{CENTRAL}+500155",
    "Yuzhong; Shapingba": "500103+500106", "Shapingba": "500106", "Yubei (Yuelai)": "500112", "Yubei": "500112",
    "Jiangbei": "500105", "Liangjiang New Area": "CQ-LJ",
}
_EVENT_OFFICES = {"outbreak": "cq-hc", "testing round": "cq-hc", "testing": "cq-hc", "facility opening": "cq-hc",
                  "facility status": "cq-hc", "support arrival": "cq-hc", "death": "cq-hc", "inspection": "cq-hc",
                  "milestone": "cq-hc", "enforcement": "cq-amr"}
# In the order of events.csv; each with words of its description, so that a changed file cannot shift the sentences.
_EVENTS_ZH = [
    ("first cases", "本轮疫情首批病例出现，后称“11·01”疫情"),
    ("first area-wide", "中心城区开展首轮区域核酸检测，发现19名感染者"),
    ("second area-wide", "中心城区开展第二轮区域核酸检测"),
    ("every second day (134th", "第134场新闻发布会宣布，中心城区每两天开展一次区域核酸检测"),
    ("once a day (136th", "第136场新闻发布会宣布，中心城区区域核酸检测加密为每天一次"),
    ("not to leave", "倡导市民非必要不离开、不进入中心城区"),
    ("stay home for three", "渝中区、沙坪坝区倡导居民居家三天"),
    ("coordinated control of", "中心城区开始全域协同防控"),
    ("leaders set priorities", "市领导部署工作重点：优先控制中心城区疫情，保障生活物资送到家门口，保障就医需求，妥善处理矛盾纠纷"),
    ("outside high-risk areas", "高风险区以外改为每两天检测一次"),
    ("leaving the city", "规范离渝管理：街镇在24小时内办理离渝手续，须有72小时内三次检测，就医出行优先"),
    ("first part of the Yuelai", "悦来方舱医院首批区域启用"),
    ("self-test", "江北区向居民发放抗原自测试剂"),
    ("shopping trips", "中心城区部分区域限制外出采购：限一人、两小时以内"),
    ("samples are sent", "发布会说明，为加快检测，部分样本送往外省检测"),
    ("12 makeshift", "全市启用方舱医院12家，其中市级4家、区县级8家"),
    ("campaign to end", "中心城区开展社会面清零攻坚，倡导居民不出小区"),
    ("becomes low-risk", "高风险区连续五天无新增感染者即降为低风险区"),
    ("vice-premier", "国务院副总理来渝指导疫情防控工作"),
    ("fine of 150000", "拟对渝北区一家蔬菜批发商哄抬价格的行为罚款15万元"),
    ("Zhejiang", "浙江援渝医疗队523人抵达，接管方舱医院病区"),
    ("one death", "报告死亡病例1例"),
    ("five teams", "五个检查组检查中心城区16家第三方核酸检测机构"),
    ("below 5 %", "11月27日社会面感染者占比首次降至5%以下"),
    ("differentiated measures", "宣布中心城区和梁平区实施差异化防控措施"),
    ("zoned, tiered", "中心城区由全域协同防控转为分区分级差异化防控"),
    ("three-day plan", "两江新区安排三天内恢复商业网点、一周内恢复建设项目"),
    ("long queues", "便民检测点排长队，至次日增设检测点"),
    ("card rooms", "棋牌室、影剧院、室内泳池、网吧等继续暂停营业，餐饮暂停堂食"),
    ("seventh day", "全市新增感染者连续第七天下降"),
    ("ten national measures", "全市执行国家优化防控“新十条”，取消与之不一致的措施"),
]


def events(raw: Raw) -> list[dict]:
    assert len(raw.events) == len(_EVENTS_ZH)
    rows = []
    for n, (r, (words, chinese)) in enumerate(zip(raw.events, _EVENTS_ZH), 1):
        assert words in r["description"], f"{words!r} is not in {r['description']!r}"
        provenance = raw.publication.provenance(
            _EVENT_OFFICES.get(r["kind"], "cq-gov"), r["source_id"], day_end(r["date"]), note=r["note"],
            known_from=FIRST_STATED.get(r["source_id"]))
        rows.append(make_row("events", event=f"E{n:02}", starts_on=r["date"], kind=r["kind"].replace(" ", "_"),
                             places=_EVENT_PLACES[r["area"]], area_text=r["area"], description_en=r["description"],
                             description_zh=chinese, **provenance))
    return rows

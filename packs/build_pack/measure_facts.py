"""What the words of Chongqing's and Shanghai's events mean as facts of a rulebook.

Every row names the event whose words it reads, so that a reader can disagree with one row. A fact that the words do not
give is left out: it is unknown, not no. "Asked to" (倡导) is never read as an order, and what an order was called is never
read as what it did. The last day of a measure is read from the event that replaced or dropped it.
"""

from .common import make_row

_MEGA = ("city.class", "mega", "the rule is for cities of ten million or more; census 2020: 32.05 million",
         "规定适用于千万级人口城市；2020年普查重庆3205万人")
_ALL_CENTRAL = ("measure.scope", "district", "the whole of each district of the central area", "中心城区各区全域")
_OUTBREAK_DISTRICTS = ("measure.area_role", "outbreak_district", "infections are listed for every district of the central area",
                       "中心城区各区均有感染者通报")
_DROPPED = ("measure.ended_on", "2022-12-06", "on 7 December the city drops what conflicts with the ten national measures",
            "12月7日全市执行“新十条”，取消与之不一致的措施")

# measure: (event, fact, value, why in English, why in Chinese)
_READ: dict[str, list[tuple[int, tuple[str, str, str, str]]]] = {
    "E02-1": [(2, ("measure.type", "test_area", "a test round for everyone of an area", "对区域内全员检测")), (2, _ALL_CENTRAL),
              (2, _MEGA), (2, ("measure.rounds_per_day", "1", "one round on the day", "当日一轮")),
              (2, ("measure.ended_on", "2022-11-03", "a single round", "单轮检测"))],
    "E03-1": [(3, ("measure.type", "test_area", "a test round for everyone of an area", "对区域内全员检测")), (3, _ALL_CENTRAL),
              (3, _MEGA), (3, ("measure.rounds_per_day", "1", "one round on the day", "当日一轮")),
              (3, ("measure.ended_on", "2022-11-05", "a single round", "单轮检测"))],
    "E04-1": [(4, ("measure.type", "test_area", "area-wide tests", "区域核酸检测")), (4, _ALL_CENTRAL), (4, _MEGA),
              (4, ("measure.rounds_per_day", "0.5", "every second day", "每两天一次")),
              (5, ("measure.ended_on", "2022-11-08", "raised to once a day from 9 November", "11月9日起加密为每天一次"))],
    "E05-1": [(5, ("measure.type", "test_area", "area-wide tests", "区域核酸检测")), (5, _ALL_CENTRAL), (5, _MEGA),
              (5, _OUTBREAK_DISTRICTS), (5, ("measure.rounds_per_day", "1", "once a day", "每天一次")),
              (10, ("measure.ended_on", "2022-11-14", "every second day from 15 November", "11月15日起改为每两天一次"))],
    "E06-1": [(6, ("measure.type", "ask_not_to_travel", "asked, not ordered; no rule of the book speaks of it",
                   "属倡导而非命令，规则库无此类规定"))],
    "E07-1": [(7, ("measure.type", "confine_residents", "it is about residents staying at home; whether anybody was kept in is not said",
                   "内容为居民居家；是否限制外出未说明")),
              (7, ("measure.scope", "district", "the residents of two districts", "两个区的居民")),
              (7, ("place.zone", "low", "everyone was asked, so also those outside high-risk areas, which are low-risk by measure 4",
                   "面向全体居民，包括高风险区以外的低风险区居民")),
              (7, ("measure.days", "3", "three days", "三天")),
              (7, ("measure.ended_on", "2022-11-12", "three days from 10 November", "自11月10日起三天"))],
    "E08-1": [(8, ("measure.scope", "district", "the whole central area; what was done there is not said", "中心城区全域；具体措施未说明")),
              (26, ("measure.ended_on", "2022-11-30", "replaced by zoned, tiered measures on 1 December",
                    "12月1日转为分区分级差异化防控"))],
    "E10-1": [(10, ("measure.type", "test_area", "area-wide tests", "区域核酸检测")), (10, _ALL_CENTRAL), (10, _MEGA),
              (10, _OUTBREAK_DISTRICTS), (10, ("measure.rounds_per_day", "0.5", "every second day", "每两天一次")), (31, _DROPPED)],
    "E11-1": [(11, ("measure.type", "leave_city_condition", "conditions for leaving the city", "离开本市的条件")),
              (11, ("person.zone", "low", "whoever may leave lives outside high-risk areas", "可离渝者为高风险区以外居民")),
              (11, ("measure.tests_count", "3", "three tests in 72 hours", "72小时内三次检测")),
              (11, ("measure.permit_required", "true", "a permit by the subdistrict", "须由街镇办理手续")), (31, _DROPPED)],
    "E11-2": [(11, ("measure.type", "cq_leave_review", "the subdistrict's answer to who wants to leave", "街镇对离渝申请的办理")),
              (11, ("measure.review_hours", "24", "within 24 hours", "24小时内")), (31, _DROPPED)],
    "E13-1": [(13, ("measure.type", "hand_out_self_tests", "kits handed out; no rule of the book speaks of it",
                    "发放自测试剂，规则库无此类规定"))],
    "E14-1": [(14, ("measure.type", "confine_residents", "residents may go out only to shop", "居民仅可外出采购")),
              (14, ("measure.confined", "true", "one person, two hours", "限一人、两小时以内"))],
    "E17-1": [(17, ("measure.type", "confine_residents", "it is about residents staying in their compounds; whether anybody was kept in is "
                    "not said", "内容为居民不出小区；是否限制外出未说明")),
              (17, ("measure.scope", "district", "the whole central area", "中心城区")),
              (17, ("place.zone", "low", "everyone was asked, so also those outside high-risk areas, which are low-risk by measure 4",
                    "面向全体居民，包括高风险区以外的低风险区居民"))],
    "E18-1": [(18, ("measure.type", "release_area", "when a high-risk area ends", "高风险区何时解除")),
              (18, ("measure.level", "high", "high-risk area", "高风险区")),
              (18, ("place.days_clear", "5", "five days without new infections", "连续五天无新增感染者"))],
    "E26-1": [(26, ("measure.type", "set_zone_level", "zoned, tiered measures; which levels is not said", "分区分级；级别未说明"))],
    "E29-1": [(29, ("measure.type", "suspend_premises", "closed", "暂停营业")),
              (29, ("measure.premises", "indoor_entertainment", "card rooms, theatres, indoor pools, internet cafes",
                    "棋牌室、影剧院、室内泳池、网吧")),
              (29, ("place.zone", "low", "the whole central area, so also outside high-risk areas", "中心城区，包括高风险区以外"))],
    "E29-2": [(29, ("measure.type", "suspend_premises", "no dine-in", "暂停堂食")),
              (29, ("measure.premises", "dine_in", "no dine-in", "餐饮暂停堂食")),
              (29, ("place.zone", "low", "the whole central area, so also outside high-risk areas", "中心城区，包括高风险区以外"))],
}

_SH_ORDER = [("measure.type", "confine_residents", "everybody stays at home", "居民足不出户"),
             ("measure.confined", "true", "everybody stays at home, compounds are closed", "居民足不出户，小区封闭"),
             ("measure.scope", "district", "whole districts", "整区"),
             ("measure.ordered_by", "province", "announced by the office of the city's leading group; Shanghai ranks as a province",
              "由市疫情防控工作领导小组办公室公布；上海为直辖市"),
             ("measure.announced", "true", "announced on 27 March", "3月27日公布"),
             ("measure.expires", "true", "announced with its last day", "公布时注明截止时间")]

_READ_SHANGHAI: dict[str, list[tuple[int, tuple[str, str, str, str]]]] = {
    "SH-E01-1": [*((1, fact) for fact in _SH_ORDER), (1, ("measure.days", "4", "28 to 31 March", "3月28日至31日")),
                 (3, ("measure.ended_on", "2022-03-31", "other measures from 1 April", "4月1日起改为其他措施"))],
    "SH-E02-1": [*((2, fact) for fact in _SH_ORDER), (2, ("measure.days", "4", "1 to 4 April", "4月1日至4日"))],
    "SH-E03-1": [(3, ("measure.type", "close_area", "buildings with infections are locked down", "封控有感染者的楼栋")),
                 (3, ("measure.scope", "building", "the building", "楼栋")), (3, ("place.role", "residence", "where infected people live",
                                                                            "感染者居住地")),
                 (3, ("measure.days", "14", "14 days from 28 March", "自3月28日起14天")),
                 (3, ("measure.ended_on", "2022-04-10", "14 days from 28 March", "自3月28日起14天"))],
}


def chongqing(events: list[dict]) -> list[dict]:
    return _rows(_READ, "E{:02}", events)


def shanghai(events: list[dict]) -> list[dict]:
    return _rows(_READ_SHANGHAI, "SH-E{:02}", events)


def _rows(read: dict, name: str, events: list[dict]) -> list[dict]:
    """A row is known since its event was known, and said by the office that said so; what it says is derived from the words."""
    by_id = {row["event"]: row for row in events}
    provenance = ("office", "source_id", "known_at", "known_at_assumed")
    rows = []
    for measure, facts in read.items():
        for number, (fact, value, en, zh) in facts:
            event = by_id[name.format(number)]
            rows.append(make_row("measure_facts", measure=measure, event=event["event"], fact=fact, fact_value=value, about_en=en,
                                 about_zh=zh, **{column: event[column] for column in provenance}, origin="derived"))
    return rows

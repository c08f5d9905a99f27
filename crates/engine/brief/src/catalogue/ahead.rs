//! What is said of demand and of changes of the outlook: titles, what it rests on, why a kind is unknown, what drove a change.

use super::Entry;

const fn e(code: &'static str, en: &'static str, zh: &'static str) -> Entry {
    Entry { code, en, zh }
}

pub(super) const ENTRIES: &[Entry] = &[
    e(
        "title.demand",
        "{what} needed: {first} on {from}, {last} on {to} in the median ({interval}% interval {low} to {high})",
        "{what}需求中位数：{from}{first}，{to}{last}（{interval}%区间{low}—{high}）",
    ),
    e("title.demand_unknown", "What will be needed is not known: {reason}", "需求未知：{reason}"),
    e(
        "title.demand_districts",
        "{place} will have most patients to move over the next seven days: {n} in the median ({interval}% interval {low} to {high})",
        "未来七天转运患者最多的是{place}：中位数{n}人（{interval}%区间{low}—{high}）",
    ),
    e("title.demand_districts_unknown", "Demand by district is not known", "区县需求未知"),
    e("demand.bad_parameter", "parameter {id} is out of range", "参数{id}超出范围"),
    e("demand.bad_shares", "the class shares do not add up to 1", "分级占比之和不等于1"),
    e(
        "demand.present_unknown",
        "people already in care are not known: neither beds in use nor the counts of the days before",
        "在院人员未知：既无在用床位报送，也无前期逐日新增",
    ),
    e(
        "demand.present_by_level",
        "People already in care: beds in use as facilities reported them; they leave by what is left of their stays",
        "在院人员按各设施报送的在用床位计，并按剩余住院时间出院",
    ),
    e(
        "demand.present_reported",
        "People already in care: {n} as reported at {at}, divided over levels and districts as lengths of stay have it",
        "在院人员按{at}报送的{n}人计，按住院时间推算到各级床位和各区县",
    ),
    e(
        "demand.present_from_counts",
        "People already in care are not reported for this day; they are taken from the counts since {day} by the same lengths of stay",
        "当日无在院人员报送，按{day}以来逐日新增和同样的住院时间推算",
    ),
    e(
        "demand.shifts",
        "On duty means at one time: care works {care} shifts a day, field work {field}",
        "在岗指同一时间在岗：医护每日{care}班，外勤每日{field}班",
    ),
    e(
        "demand.ranges",
        "Mean stays, the severe share and contacts per case vary over the ranges of the parameter table from path to path; single stays, shares of districts and contacts vary around them",
        "平均住院时间、重症占比和每例密接数在参数表范围内逐路径变化，个体住院时间、区县占比和密接数再围绕其变化",
    ),
    e(
        "demand.no_age",
        "Severity by age is missing: the pack names no source for it, so a district of old people is not told from a young one",
        "缺少分年龄重症率：数据包无来源，未区分老龄区县",
    ),
    e(
        "title.explain_up",
        "The next seven days look {n} infections higher than in the outlook of {against}, most of all by {what}",
        "未来七天研判较{against}上调{n}例，主因：{what}",
    ),
    e(
        "title.explain_down",
        "The next seven days look {n} infections lower than in the outlook of {against}, most of all by {what}",
        "未来七天研判较{against}下调{n}例，主因：{what}",
    ),
    e("title.explain_same", "The outlook is that of {against}: changed by {n}", "研判与{against}相同：变化{n}例"),
    e(
        "title.explain_unknown",
        "What changed against the outlook before cannot be said: {reason}",
        "与上期研判相比的变化未知：{reason}",
    ),
    e("driver.method", "another method", "方法更新"),
    e("driver.revisions", "late or corrected reports", "补报与更正"),
    e("driver.expected", "days passed as expected", "时间推移"),
    e("driver.weekday", "the day of the week", "星期因素"),
    e("driver.level", "new counts against what was forecast", "新增与预测之差"),
    e("driver.growth", "how far growth and smoothing follow them", "增速与平滑的响应"),
    e("driver.lists", "newer lists of districts", "区县清单更新"),
    e("driver.chance", "simulation noise", "模拟误差"),
    e(
        "explain.above",
        "The {days} new {days#day|days} came in {pct}% above what had been forecast; the number of tests is no input of the method",
        "新到{days}天的新增较预测高{pct}%；检测量不是模型输入",
    ),
    e(
        "explain.below",
        "The {days} new {days#day|days} came in {pct}% below what had been forecast; the number of tests is no input of the method",
        "新到{days}天的新增较预测低{pct}%；检测量不是模型输入",
    ),
    e("demand.missing", "Missing parameters: {ids}", "缺少参数：{ids}"),
];

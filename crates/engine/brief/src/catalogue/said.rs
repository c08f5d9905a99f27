//! Codes that other engines use: why a figure is unknown, what contradicts what, what changed, what is proposed and why.

use super::Entry;

const fn e(code: &'static str, en: &'static str, zh: &'static str) -> Entry {
    Entry { code, en, zh }
}

pub(super) const ENTRIES: &[Entry] = &[
    e("said", "{text}", "{text}"),
    // Why a figure is unknown.
    e("never_reported", "never reported", "从未报送"),
    e("not_reported", "not reported for {day}", "{day}未报送"),
    e("not_reported_yet", "not reported yet", "尚未报送"),
    e("not_stated", "not stated", "未公布"),
    e("split_not_stated", "the split was not stated", "未公布构成"),
    e("too_old", "last report is {age} old, limit {limit}", "上次报送距今{age}，时限{limit}"),
    e("population_unknown", "population unknown", "人口未知"),
    e("not_kept_yet", "not kept yet", "尚未建账"),
    e("not_computed", "not computed", "未计算"),
    e("too_few_days", "{have} days of data, {need} are needed", "仅有{have}天数据，需{need}天"),
    e("too_few_cases", "{have} infections, {need} are needed", "仅{have}例，需{need}例"),
    e("no_parameter", "parameter {id} has no value", "参数{id}无取值"),
    e("no_list", "no list has arrived", "未收到清单"),
    e("missing_limit", "{what} not reported", "{what}未报送"),
    e("no_earlier_forecast", "no earlier forecast to compare with", "没有可对照的往期预测"),
    e("beyond_horizon", "not within {days} days", "{days}天内不会出现"),
    e("no_outlook", "no outlook was made", "未作研判"),
    e("no_plan", "no plan was made", "未编方案"),
    e("contradicted", "figures contradict one another", "数据相互矛盾"),
    // How a figure came about.
    e("basis.may_count_twice", "conversions not stated, may count people twice", "未公布转归，可能重复计数"),
    e("basis.computed", "computed: {how}", "推算：{how}"),
    e("basis.sum", "sum of the districts", "各区县之和"),
    // Contradictions.
    e(
        "contradiction.two_figures",
        "{place}, {day}: {first_office} says {first}, {second_office} says {second}",
        "{place}{day}：{first_office}报{first}，{second_office}报{second}",
    ),
    e(
        "contradiction.sum_differs",
        "{place}, {day}: stated {stated}, the districts add up to {sum}",
        "{place}{day}：公布{stated}，各区县合计{sum}",
    ),
    e(
        "contradiction.share_differs",
        "{place}, {day}: stated share {stated}, the counts give {computed}",
        "{place}{day}：公布占比{stated}，按人数计算为{computed}",
    ),
    e(
        "contradiction.part_exceeds_whole",
        "{place}, {day}: {part} in the first hours, {whole} for the whole day",
        "{place}{day}：部分时段{part}，全天{whole}",
    ),
    e(
        "contradiction.corrected",
        "{place}, {day}: {office} corrected {first} to {second}",
        "{place}{day}：{office}将{first}更正为{second}",
    ),
    e("contradiction.touches", "touches {what}", "涉及{what}"),
    // Changes since yesterday.
    e("change.new_day", "{day} was reported: {n} new infections", "{day}已报送：新增{n}例"),
    e("change.corrected", "{what} for {day} was corrected from {from} to {to}", "{day}{what}由{from}更正为{to}"),
    e("change.first_report", "{who} reported {what} for the first time", "{who}首次报送{what}"),
    e("change.went_old", "{what} from {who} passed its age limit of {limit}", "{who}{what}超过时限{limit}"),
    e("change.moved", "{what} moved from {from} to {to}", "{what}由{from}变为{to}"),
    e("change.new_district", "{place} reports its first infections: {n}", "{place}首次报告感染：{n}例"),
    e("change.beds_opened", "{n} beds opened at {place}", "{place}启用床位{n}张"),
    e("change.measure", "{text} (from {day})", "{text}（{day}起）"),
    // Proposed orders.
    e("order.open_beds", "Open {n} beds at {place}", "{place}启用床位{n}张"),
    e("order.staff_beds", "Send {n} staff to {place}", "向{place}派{n}名医护"),
    e("order.move_staff", "Move {n} staff from {from} to {to}", "从{from}调{n}名医护到{to}"),
    e("order.equip_beds", "Equip {n} beds at {place}", "为{place}{n}张床位配齐设备"),
    e("order.transfer", "Take {n} people from {from} to {to}", "从{from}转运{n}人到{to}"),
    e("order.lend_vehicles", "Lend {n} {kind} from {from} to {to}", "从{from}支援{to}{kind}{n}辆"),
    e("order.urgent_care", "Keep {n} beds for urgent care at {place}", "{place}为急救预留床位{n}张"),
    e("order.tubes", "Send {n} tubes from {from} to {to}", "将{from}{n}管样本送{to}"),
    e("order.deliver", "Deliver {what} to {n} households in {place}", "向{place}{n}户配送{what}"),
    e("order.ask_report", "Ask {who} to report {what}", "催{who}报送{what}"),
    // Reasons.
    e("reason.forecast", "{what} may reach {n} on {day}", "{day}{what}或达{n}"),
    e("reason.binds", "{what} binds at {place}", "{place}的瓶颈是{what}"),
    e("reason.rule", "rule {id}", "规则{id}"),
    e("reason.waiting", "{n} people are waiting, the longest for {age}", "{n}人等待，最久{age}"),
    e("reason.unreported", "{who} has not reported {what}; the plan leaves it out", "{who}未报送{what}，方案未计入"),
    e("reason.night", "coaches are barred from 02:00 to 05:00", "2—5时客车禁行"),
    e("reason.driver_hours", "driver hours are used up", "驾驶时长已用尽"),
    e("reason.no_acceptance", "{place} has no valid safety acceptance", "{place}无有效安全验收"),
    e("reason.free_elsewhere", "{place} has {n} free", "{place}尚有{n}空余"),
    e("reason.life_saving", "life-saving care is never refused", "急危重症救治不得拒绝"),
    // Shortfalls and what mends them.
    e("short.beds", "{n} people have no {what} on {day}", "{day}{n}人无{what}"),
    e("short.capacity", "{what}: {n} missing on {day}", "{day}{what}缺{n}"),
    e("mend.move_staff", "{n} more staff from {from}", "{from}再支援{n}名医护"),
    e("mend.open", "open {place} ({n}) by {day}", "{day}前启用{place}（{n}）"),
    e("mend.lend", "{n} {what} from {from}", "{from}支援{what}{n}"),
    e("mend.report", "{who} reports {what}", "{who}报送{what}"),
    e("mend.none", "nothing within the limits mends it", "在限制之内无法补足"),
    // Decisions.
    e("decide.move_staff", "Move {n} nurses from {from} to {to} by {day}.", "{day}前从{from}支援{to}护士{n}名。"),
    e("decide.lend", "Lend {n} {what} from {from} to {to}.", "{from}支援{to}{what}{n}辆。"),
    e("decide.report", "Order {who} to report {what} by {at}.", "要求{who}于{at}前报送{what}。"),
    e("decide.open", "Open {place} with {n} beds by {day}.", "{day}前启用{place}床位{n}张。"),
    e("decide.reconcile", "Reconcile {what}.", "核对{what}。"),
    e("decide.assign_owner", "Name an owner for {what}.", "为{what}明确责任人。"),
    e(
        "why.no_bed",
        "Without it {n} people have no bed on {day} ({interval}% interval {low} to {high}).",
        "否则{day}有{n}人无床位（{interval}%区间{low}—{high}）。",
    ),
    e("why.cost", "Cost: {place} keeps {share} of its posts.", "代价：{place}在岗率降至{share}。"),
    e("why.none_has", "None has; the plan leaves them out.", "目前均未报，方案未计入。"),
    e("why.old", "The last report is {age} old.", "上次报送距今{age}。"),
    // What to know before relying on the outlook.
    e("caveat.testing", "How much of the change is more testing is not known.", "其中多少源于扩大检测，尚不清楚。"),
    e("caveat.no_measures", "No change of measures is assumed.", "假定措施不变。"),
    e("caveat.late", "Late reports may still raise the last {days} days.", "迟报或使最近{days}天数据上调。"),
    e("caveat.short_series", "The series has only {days} days.", "序列仅{days}天。"),
    e(
        "caveat.share_gaps",
        "The community share is missing for {days} of the last {of} days.",
        "近{of}天中有{days}天缺社会面占比。",
    ),
];

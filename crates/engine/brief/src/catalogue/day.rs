//! Codes that the day's run uses: what it found, what it proposes and why.

use super::Entry;

const fn e(code: &'static str, en: &'static str, zh: &'static str) -> Entry {
    Entry { code, en, zh }
}

pub(super) const ENTRIES: &[Entry] = &[
    // Why a figure is unknown.
    e(
        "unknown.placements_not_reported",
        "{n} opened, nobody has reported who was placed",
        "已开立{n}项，收治结果未报送",
    ),
    e("unknown.later_entries", "the books go on after this day", "账目已延续至此日之后"),
    e("unknown.only_in_part", "only a part of it was reported", "仅报送了一部分"),
    e("unknown.part_missing", "one of its parts was not reported", "其中一项未报送"),
    e("unknown.newest_too_old", "its newest full day is {day}", "最近一次全天数据为{day}"),
    e("unknown.too_few_for_r", "its own counts do not carry an estimate", "自身数据不足以估计"),
    e("unknown.nothing_to_borrow", "no forecast of the city to borrow from", "无全市预测可借用"),
    e("unknown.districts_unknown", "{n} districts have no forecast", "{n}个区县无预测"),
    e(
        "unknown.community_share",
        "the community share is known on {known} of the last 7 days, all 7 are needed",
        "最近7天中仅{known}天有社会面占比，需7天齐全",
    ),
    e(
        "unknown.community_unproven",
        "this method put the day too early in past outbreaks, so it gives none",
        "该方法在既往疫情中推算偏早，不予给出",
    ),
    e("basis.without_unreported", "without {n} facilities that have not reported", "未计入未报送的{n}处设施"),
    // Caveats of the outlook.
    e(
        "caveat.count_twice",
        "On {days} recent days conversions were not stated: some people may be counted twice.",
        "近期有{days}天未公布转归，部分人员可能重复计数。",
    ),
    e(
        "caveat.completed",
        "The newest {days} day(s) are not complete yet (from {share} of the final count on); what usually still comes in was added.",
        "最近{days}天尚未报全（已知约{share}以上），已按以往补报规律补足。",
    ),
    e(
        "caveat.few_errors",
        "The forecast has learnt from {dates} past days of this city only; most of it comes from outbreaks elsewhere.",
        "预测仅从本市过去{dates}天学习，主要依据他地疫情。",
    ),
    e(
        "caveat.jump",
        "The last day jumped by a factor of {factor}; half of the paths believe it.",
        "最近一天跳升至{factor}倍，仅半数路径采信。",
    ),
    e(
        "caveat.borrowed",
        "{n} districts borrow the city's growth; only their share is their own.",
        "{n}个区县借用全市走势，仅占比为自身数据。",
    ),
    // How earlier outlooks did.
    e(
        "record.wide",
        "{whose} intervals were **wider than they claim**: 80% intervals of the first week held {held} of {of}.",
        "{whose}区间**偏宽**：首周80%区间{of}个中命中{held}个。",
    ),
    e(
        "record.narrow",
        "{whose} intervals were **narrower than they claim**: 80% intervals of the first week held {held} of {of}.",
        "{whose}区间**偏窄**：首周80%区间{of}个中命中{held}个。",
    ),
    e(
        "record.sound",
        "{whose} intervals held about as often as they claim: {held} of {of} 80% intervals of the first week.",
        "{whose}区间与其名义大致相符：首周80%区间{of}个中命中{held}个。",
    ),
    e(
        "record.few",
        "{whose} intervals: too few outlooks have outcomes ({n}) to say whether they mean what they claim.",
        "{whose}区间：已有结果的研判仅{n}份，尚不能判断是否可信。",
    ),
    e("record.high", "{whose} forecasts mostly lay **too high**.", "{whose}预测多**偏高**。"),
    e("record.low", "{whose} forecasts mostly lay **too low**.", "{whose}预测多**偏低**。"),
    // Contradictions.
    e(
        "contradiction.offices_differ",
        "{place}, {day}, {what}: {first_office} says {first}, {second_office} says {second}",
        "{place}{day}{what}：{first_office}报{first}，{second_office}报{second}",
    ),
    e(
        "contradiction.identity_differs",
        "{place}, {day}: stated {stated}, confirmed + asymptomatic − conversions give {computed}",
        "{place}{day}：公布{stated}，确诊＋无症状－转归为{computed}",
    ),
    e(
        "contradiction.sum_exceeds",
        "{place}, {day}: stated {stated}, yet the districts already add up to {sum} with {missing} missing",
        "{place}{day}：公布{stated}，而{missing}个区县未报时合计已达{sum}",
    ),
    e(
        "contradiction.group_differs",
        "{place}, {day}: stated {stated}, its members add up to {sum}",
        "{place}{day}：公布{stated}，所含区县合计{sum}",
    ),
    e(
        "contradiction.parts_differ",
        "{place}, {day}: stated {stated}, central and outside add up to {sum}",
        "{place}{day}：公布{stated}，中心城区与其他区县合计{sum}",
    ),
    e(
        "contradiction.split_differs",
        "{place}, {day}: community and managed add up to {split}, new infections are {new}",
        "{place}{day}：社会面与管控人员合计{split}，新增为{new}",
    ),
    e("contradiction.day_missing", "{place}, {day}: no count was reported", "{place}{day}：未报送"),
    e(
        "contradiction.conversions_unknown",
        "{place}, {day}: conversions not stated; {naive} may count people twice",
        "{place}{day}：未公布转归，{naive}例中可能有重复计数",
    ),
    e(
        "contradiction.conversions_unknown_days",
        "{place}: conversions not stated on {n} days from {from} to {to}; their counts may hold people twice",
        "{place}：{from}至{to}有{n}天未公布转归，所列数字可能重复计数",
    ),
    e(
        "contradiction.counted_twice",
        "{place}: adding confirmed and asymptomatic over {days} days would count {people} people twice",
        "{place}：{days}天内将确诊与无症状直接相加会重复计入{people}人",
    ),
    e(
        "contradiction.over_capacity",
        "{place}, {day}: {facility} holds {occupied} people in {physical} beds",
        "{place}{day}：{facility}床位{physical}张，在院{occupied}人",
    ),
    e(
        "contradiction.far_less",
        "{office}, {table}: {rows} rows for {day}, usually {usual} on that weekday",
        "{office}{table}：{day}仅{rows}行，同星期通常{usual}行",
    ),
    // Changes.
    e("change.stated", "{what}: {n}", "{what}：{n}"),
    // Proposed orders and their reasons.
    e(
        "order.transfer_to",
        "Take {n} {n#person|people} ({class}) to {to}: {origins}",
        "向{to}转运{class}{n}人：{origins}",
    ),
    e("order.origin", "{place} {n}", "{place}{n}人"),
    e("order.other_origins", "{places} {places#other|others} {n}", "另{places}个区县{n}人"),
    e("reason.need_known", "{n} {n#person waits|people wait} now", "{n}人正在等待"),
    e(
        "reason.need_forecast",
        "{n} expected at the {quantile} quantile of the outlook",
        "按研判{quantile}分位预计{n}人",
    ),
    e(
        "reason.ways",
        "the nearest for {nearest} of {districts} {districts#district|districts}, {least} to {most} min by estimate",
        "{districts}个区县中{nearest}个为最近，估计{least}至{most}分钟",
    ),
    e("reason.past_full", "{n} {n#passes|pass} a nearer one that is full", "{n}个区县较近设施已满"),
    e(
        "reason.past_left",
        "{n} {n#leaves|leave} a nearer one to others, so that fewer wait",
        "{n}个区县较近设施留给他区以减少等待",
    ),
    e("reason.past_unknown", "{n} {n#passes|pass} a nearer one that has not reported", "{n}个区县较近设施未报送"),
    e(
        "reason.past_not_accepted",
        "{n} {n#passes|pass} a nearer one without valid acceptance",
        "{n}个区县较近设施无有效验收",
    ),
    e("reason.past_not_open", "{n} {n#passes|pass} a nearer one that is not open", "{n}个区县较近设施未启用"),
    e("reason.upgraded", "placed in {given}, for want of {needed}", "因{needed}不足，安排{given}"),
    e("reason.ride", "{trips} {trips#trip|trips} by {kind} for {n}", "{kind}{trips}趟，{n}人"),
    e(
        "reason.rides_unconfirmed",
        "{n} by vehicles that are not reported: confirm before issuing",
        "{n}人所乘车辆未报送，下达前须确认",
    ),
    // Shortfalls: what, why, and what would mend it.
    e(
        "short.class",
        "{n} {class} {n#person|people} without a bed on {day}; most in {places}",
        "{day}{class}{n}人无床位，主要在{places}",
    ),
    e(
        "short.care",
        "{n} {class} {n#person|people} on {day} without a bed that comes with {care}; most in {places}",
        "{day}{class}{n}人无{care}床位，主要在{places}",
    ),
    e(
        "short.unknown_class",
        "Whether {class} patients have a bed is not known; they are dispatched and received all the same",
        "{class}患者能否有床位尚不清楚，照常派车收治",
    ),
    e("cause.no_facility", "no facility gives this care", "没有可收治的设施"),
    e("cause.no_lane", "no way is known to any that does", "无可用转运路线"),
    e("cause.unknown_capacity", "those that do have not reported their beds", "有关设施未报送床位"),
    e("cause.not_accepted", "those that do have no valid safety acceptance", "有关设施无有效安全验收"),
    e("cause.not_open", "those that do are not open", "有关设施未启用"),
    e("cause.vehicles", "vehicles bind", "瓶颈是车辆"),
    e("cause.beds", "beds bind", "瓶颈是床位"),
    e("cause.staff", "staff binds", "瓶颈是人员"),
    e("cause.equipment", "equipment binds", "瓶颈是设备"),
    e("cause.no_service", "no facility within reach offers the service they need", "可及机构均无所需专科服务"),
    e("cause.slots", "places for the service they need are taken", "所需专科名额已满"),
    e("cause.pinned", "a decision keeps beds or ways closed", "因人工指定，床位或线路不可用"),
    e("mend.service", "{care} at {level}", "在{level}增设{care}"),
    e("mend.report_service", "a report of places for {care} at {facility}", "{facility}上报{care}名额"),
    e("mend.one_slot", "one more place for {care} at {facility}", "{facility}增加1个{care}名额"),
    e("mend.lift_pin", "the decision about {facility} lifted", "解除对{facility}的人工指定"),
    e("mend.one_bed", "one more bed at {facility} (with {limits})", "{facility}增加1张床位（含{limits}）"),
    e("mend.one_seat", "one more coach seat in {place}", "{place}增加1个客车座位"),
    e("mend.report_capacity", "{facility} reports its beds", "{facility}报送床位"),
    e("mend.acceptance", "a safety acceptance of {facility}", "{facility}完成安全验收"),
    e("mend.lanes", "a point or road table for {place}", "补充{place}的位置或路网数据"),
    e("mend.report_fleet", "{place} reports its {kind}", "{place}报送{kind}"),
    e("mend.open_earlier", "open {facility} earlier", "提前启用{facility}"),
    e("mend.facility", "a facility with {level}", "新增{level}的设施"),
    e("mend.reconcile", "reconcile contradictory rows", "核对相互矛盾的报送"),
    e("mend.saving", "{what}: saves {days} person-days of waiting", "{what}：减少等待{days}人日"),
    // Decisions.
    e("decide.surge", "Receive over capacity at {facility} from {day}.", "{day}起{facility}超员收治。"),
    e("decide.add_beds", "Add {n} {what} by {day}.", "{day}前增加{what}{n}张。"),
    e(
        "decide.approve_orders",
        "Approve {n} transfer {n#order|orders} for {people} people on {day}.",
        "审批{day}转运指令{n}条（{people}人）。",
    ),
    e("decide.report_use", "Order {places} to report beds or rooms in use.", "要求{places}报送床位或房间占用情况。"),
    e(
        "decide.report_use_of",
        "Order {n} facilities to report beds or rooms in use, {first} among them.",
        "要求{first}等{n}处设施报送床位或房间占用情况。",
    ),
    e("why.left_out", "Until then nobody can be planned in.", "报送之前不安排收治。"),
    e(
        "decide.reconcile_day",
        "Reconcile {n} {n#contradiction|contradictions} in the count of {day}.",
        "核对{day}数字中的{n}处矛盾。",
    ),
    e("why.without_it", "Without it {n} people have no {what} on {day}.", "否则{day}有{n}人无{what}。"),
    e(
        "why.idle_beds",
        "{n} beds stand idle, {staff} of them for want of staff.",
        "现有{n}张床位闲置，其中{staff}张缺人员。",
    ),
    e("why.proposals", "They are proposals; none is issued before somebody approves it.", "均为建议，未经审批不下达。"),
    e("why.unreported_beds", "The plan leaves them out and people wait for it.", "方案未计入，已有人因此等待。"),
];

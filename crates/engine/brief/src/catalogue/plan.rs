//! Codes that plans use: what their inputs lack, what became of pins and accepted orders, what changed since the plan before.

use super::Entry;

const fn e(code: &'static str, en: &'static str, zh: &'static str) -> Entry {
    Entry { code, en, zh }
}

pub(super) const ENTRIES: &[Entry] = &[
    // What the inputs lack.
    e(
        "gap.capacity_unknown",
        "{n} {n#ward has|wards have} not reported beds or how full they are ({first}{more}): nobody is planned in",
        "{n}个病区未报送床位或占用（{first}{more}），不安排收治",
    ),
    e(
        "gap.capacity_contradicts",
        "{n} {n#ward is|wards are} reported twice and differently ({first}{more}): nobody is planned in",
        "{n}个病区报送不一致（{first}{more}），不安排收治",
    ),
    e(
        "gap.not_accepted",
        "{n} {n#facility has|facilities have} no valid safety acceptance ({first}{more}): nobody is planned in",
        "{n}处设施无有效安全验收（{first}{more}），不安排收治",
    ),
    e(
        "gap.never_open",
        "{n} {n#facility closes|facilities close} before opening ({first}{more})",
        "{n}处设施关停早于启用（{first}{more}）",
    ),
    e(
        "gap.fleet_unknown",
        "vehicles of {n} {n#district|districts} are not reported or contradict ({first}{more}): confirm rides before issuing",
        "{n}个区县车辆未报送或不一致（{first}{more}），下达前须确认",
    ),
    e(
        "gap.no_lanes",
        "no way is known from {n} {n#district|districts} ({first}{more})",
        "{n}个区县无可用路线（{first}{more}）",
    ),
    e(
        "gap.lane",
        "{n} {n#way is|ways are} contradictory or not credible ({first}{more})",
        "{n}条路线数据不一致或不可信（{first}{more}）",
    ),
    e(
        "gap.need",
        "{n} {n#need is|needs are} outside the plan or not credible ({first}{more}): not planned for",
        "{n}项需求超出方案日期或不可信（{first}{more}），未编入",
    ),
    e(
        "gap.forecast_failed",
        "how many more will need beds is not known in {n} {n#district|districts} ({first}{more}): only known people are planned for",
        "{n}个区县后续需求未知（{first}{more}），仅安排已知人员",
    ),
    e(
        "gap.service_unknown",
        "{n} {n#ward has|wards have} not reported places for a special service ({first}{more})",
        "{n}个病区未报送专科名额（{first}{more}）",
    ),
    e(
        "gap.step_down",
        "{n} {n#ward|wards} cannot plan moves to a lower level ({first}{more})",
        "{n}个病区无法安排降级转出（{first}{more}）",
    ),
    e("gap.more", " and others", "等"),
    e("gap.part", "{part}: {why}", "{part}：{why}"),
    // Pins and accepted orders.
    e("pin.forbid", "nobody from {place} to {facility}", "{place}不去{facility}"),
    e("pin.forbid_class", "nobody ({class}) from {place} to {facility}", "{place}{class}不去{facility}"),
    e("pin.cap", "at most {n} {level} in use at {facility}", "{facility}{level}使用不超过{n}张"),
    e(
        "pin.assign",
        "at least {n} ({class}) from {place} to {facility} on {day}",
        "{day}{place}{class}至少{n}人去{facility}",
    ),
    e(
        "pin.assign_exactly",
        "exactly {n} ({class}) from {place} to {facility} on {day}",
        "{day}{place}{class}恰好{n}人去{facility}",
    ),
    e("pin.priority", "{class} people of {place} wait in the tier above", "{place}{class}提前一档"),
    e("pin.frozen", "{n} ({class}) from {place} to {facility} on {day}", "{day}{place}{class}{n}人去{facility}"),
    e("reason.accepted", "{n} by accepted orders, unchanged", "{n}人按已接受的指令，不变"),
    e("reason.pinned", "{n} because a pin says so", "{n}人按人工指定"),
    e("reason.care", "{n} {n#needs|need} {care} too", "其中{n}人需{care}"),
    e("reason.as_issued", "{n} as orders already issued say", "{n}人与已下达指令一致"),
    e(
        "reason.waited",
        "{n} {n#has|have} waited for a day or more within this plan",
        "其中{n}人在方案期内已等待一天以上",
    ),
    e(
        "reason.past_forbidden",
        "{n} {n#passes|pass} a nearer one that a pin forbids",
        "{n}个区县较近设施被人工指定禁止",
    ),
    e(
        "reason.past_pinned",
        "{n} {n#passes|pass} a nearer one that a pin keeps to other numbers",
        "{n}个区县较近设施人数已由人工指定",
    ),
    e("pin.kept", "kept", "照办"),
    e("pin.stands", "stands unchanged", "不变"),
    e("refused.outside_plan", "its day is not in the plan", "日期不在方案内"),
    e("refused.nobody", "it names nobody", "人数为零"),
    e("refused.no_beds", "no such beds there", "该处无此类床位"),
    e("refused.wrong_level", "the level of care does not fit the class", "救治级别与病情不符"),
    e("refused.no_lane", "no way that can be made within its hours", "无可在时限内到达的路线"),
    e("refused.no_service", "the service they need is not offered there", "该处无所需专科"),
    e("refused.unknown", "beds, occupancy or places are not reported", "床位、占用或名额未报送"),
    e("refused.not_open", "not open on that day", "当日未启用"),
    e("refused.not_accepted", "no valid safety acceptance on that day", "当日无有效安全验收"),
    e("refused.forbidden", "another pin forbids the way", "另一项指定禁止该路线"),
    e("refused.contradicts", "another pin says something else", "与另一项指定矛盾"),
    e("refused.not_enough_people", "fewer people need it", "需要的人数不足"),
    e("refused.not_enough_beds", "fewer beds are usable", "可用床位不足"),
    e("refused.not_enough_slots", "fewer places for the service are left", "专科名额不足"),
    e("refused.not_enough_vehicles", "the district's coaches cannot make the trips", "该区县客车运力不足"),
    e("refused.already_first", "only life-saving care stands before them already", "其前仅有急危重症"),
    e("refused.life_saving", "it would hold back life-saving care", "会延误急危重症救治"),
    // Parts of the plan: what they find.
    e(
        "section.changed",
        "{n} {n#person is|people are} placed otherwise than the plan of {day} had them, in {rows} {rows#row|rows}",
        "与{day}方案相比，{n}人去向改变，共{rows}处",
    ),
    e(
        "section.changed_nothing",
        "On the days that both cover, every order is as in the plan of {day}",
        "共同日期内，指令与{day}方案一致",
    ),
    e(
        "section.changed_served",
        "Placed within the plan: {after}, before {before}.",
        "方案期内安排{after}人，原{before}人。",
    ),
    e("section.changed_late", "Person-days of waiting: {after}, before {before}.", "等待{after}人日，原{before}人日。"),
    e(
        "section.changed_travelled",
        "Person-kilometres: {after}, before {before}.",
        "转运{after}人公里，原{before}人公里。",
    ),
    e("section.decided", "{kept} of {n} pins and accepted orders are kept", "人工指定与已接受指令{n}项，照办{kept}项"),
    // Isolation rooms.
    e("rooms.none", "Nothing is known of isolation rooms", "隔离房间情况未知"),
    e("rooms.no_outlook", "How many isolation rooms will be needed is not known", "隔离房间需求未知"),
    e(
        "rooms.suffice",
        "Isolation rooms suffice in {pct} of futures: {need} needed on {day}, {usable} usable",
        "隔离房间在{pct}情形下够用：{day}需{need}间，可用{usable}间",
    ),
    e(
        "rooms.short",
        "{n} isolation rooms are missing on {day}: {need} suffice in {pct} of futures, {usable} are usable",
        "{day}隔离房间缺{n}间：{pct}情形下够用需{need}间，可用{usable}间",
    ),
    e(
        "rooms.open",
        "{n} {n#site|sites} should open with {rooms} rooms; the first must be decided by {day}.",
        "建议启用{n}处隔离点，共{rooms}间，最迟{day}决定。",
    ),
    e(
        "rooms.sharing",
        "One reserve for the city needs {together} rooms, one for each district {separate}: {saved} fewer ({pct}).",
        "全市统筹需储备{together}间，各区县分储需{separate}间，可省{saved}间（{pct}）。",
    ),
    e("rooms.record", "Of {n} earlier promises whose day has come, {kept} held.", "已到期的承诺{n}项，兑现{kept}项。"),
    e(
        "rooms.gap_unknown",
        "{n} {n#site is|sites are} not planned with: rooms or acceptance not known ({first}{more}).",
        "{n}处隔离点未计入：房间数或验收情况不明（{first}{more}）。",
    ),
    e(
        "rooms.gap_opening",
        "{n} {n#site|sites} in reserve cannot be proposed: how long opening takes, or who would run them, is not known ({first}{more}).",
        "{n}处备用隔离点无法建议启用：启用时长或人员不明（{first}{more}）。",
    ),
    // Tests.
    e(
        "testing.in_time",
        "All {people} tests due on {day} have their result in time, in {tubes} {tubes#tube|tubes}",
        "{day}应检{people}人次均可按时出结果，共{tubes}管",
    ),
    e(
        "testing.short",
        "Of {people} tests due on {day}, {n} {n#has|have} no result in time: {late} late, {missed} not sampled",
        "{day}应检{people}人次，其中{n}人次不能按时出结果：迟出{late}，未采样{missed}",
    ),
    e(
        "testing.no_site",
        "No sampling site is open for {n} ({classes}) in {places} {places#district|districts} ({first}{more}): open one.",
        "{places}个区县（{first}{more}）无开放采样点，涉及{n}人次（{classes}），需开设。",
    ),
    e(
        "testing.no_team",
        "No sampling team is on shift for {n} ({classes}) in {places} {places#district|districts} ({first}{more}): send one.",
        "{places}个区县（{first}{more}）无当班采样队，涉及{n}人次（{classes}），需派队。",
    ),
    e(
        "testing.no_lane",
        "No courier brings tubes to a laboratory in time for {n} ({classes}) in {places} {places#district|districts} ({first}{more}).",
        "{places}个区县（{first}{more}）样本无法在保存时限内送达实验室，涉及{n}人次（{classes}）。",
    ),
    e(
        "testing.no_laboratory",
        "No laboratory can take tubes of {n} ({classes}) in {places} {places#district|districts} ({first}{more}).",
        "{places}个区县（{first}{more}）无实验室可接样，涉及{n}人次（{classes}）。",
    ),
    e(
        "testing.promise",
        "The promise is shorter than way and run take for {n} ({classes}) in {places} {places#district|districts} ({first}{more}); {hours} could be promised, or a nearer laboratory found.",
        "{places}个区县（{first}{more}）的时限短于运送与检测所需，涉及{n}人次（{classes}）；可承诺{hours}，或就近增设检测能力。",
    ),
    e(
        "testing.teams",
        "Sampling teams are too few for {n} ({classes}) in {places} {places#district|districts} ({first}{more}): more are needed there.",
        "{places}个区县（{first}{more}）采样队不足，涉及{n}人次（{classes}），需增派。",
    ),
    e(
        "testing.laboratories",
        "Laboratory hours are too few for {n} ({classes}) in {places} {places#district|districts} ({first}{more}).",
        "检测能力不足，涉及{places}个区县（{first}{more}）{n}人次（{classes}）。",
    ),
    e(
        "testing.proof_laboratories",
        "Proved: of {needed} tubes at least {short} cannot be in time; {places} {places#laboratory is|laboratories are} full ({first}{more}), from {from}.",
        "已证明：{needed}管中至少{short}管无法按时；{places}家实验室满负荷（{first}{more}），自{from}起。",
    ),
    e(
        "testing.proof_teams",
        "Proved: of {needed} tubes at least {short} cannot be taken in time; {hours} {hours#hour|hours} of sampling teams are used up.",
        "已证明：{needed}管中至少{short}管无法按时采样；采样队{hours}个时段已排满。",
    ),
    e(
        "testing.ask",
        "Ask for help from outside: {tubes} {tubes#tube|tubes}, at most {peak} an hour, from {from}.",
        "建议请求外援检测{tubes}管，高峰每小时{peak}管，自{from}起。",
    ),
    e(
        "testing.second_samples",
        "Pooled positives will call {n} people to a second sample ({low} to {high}); the day holds hours for {held}, the rest come later.",
        "混管阳性预计需复核{n}人（{low}至{high}人），当日已预留{held}人的时段，其余在次日。",
    ),
    e("testing.pools", "People to a tube in rounds: {list}.", "轮次筛查混采：{list}。"),
    e("testing.pool", "{size} in {places} {places#district|districts}", "{places}个区县{size}人一管"),
    e(
        "testing.gap_laboratories",
        "{n} {n#laboratory is|laboratories are} not planned with: capacity not known ({first}{more}); report it in facility_status.csv.",
        "{n}家实验室能力不明，未编入（{first}{more}），请报送facility_status.csv。",
    ),
    e(
        "testing.gap_sites",
        "{n} sampling {n#site is|sites are} not planned with: teams, place or way to a laboratory not known ({first}{more}).",
        "{n}处采样点未编入：队数、位置或送样路线不明（{first}{more}）。",
    ),
    e(
        "testing.gap_prevalence",
        "How many are infected is not known in {n} {n#district|districts} ({first}{more}): the smallest pools there.",
        "{n}个区县感染率不明（{first}{more}），按最小混采。",
    ),
    e("testing.not_counted", "Nobody has counted, so not planned for: {list}.", "无人统计、未编入：{list}。"),
    e("testing.care", "No care and no transport waits for any of these results.", "任何救治和转运均不等待检测结果。"),
    e("testing.full", "{hours} h, from {from}", "{from}起{hours}小时"),
    e("testing.never_full", "-", "－"),
    // What changed since the plan before.
    e("changed.pin", "a pin", "人工指定"),
    e("changed.accepted", "an accepted order", "已接受的指令"),
    e("changed.need_grew", "{n} more need a bed", "需求增加{n}人"),
    e("changed.need_shrank", "{n} fewer need a bed", "需求减少{n}人"),
    e("changed.beds_opened", "the beds take people now", "床位开始收治"),
    e("changed.beds_closed", "the beds take nobody any more", "床位停止收治"),
    e("changed.beds_gained", "{n} more beds are free", "空床增加{n}张"),
    e("changed.beds_lost", "{n} fewer beds are free", "空床减少{n}张"),
    e("changed.lane_found", "the way is known now", "路线已知"),
    e("changed.lane_gone", "the way is not known any more", "路线失效"),
    e("changed.lane_changed", "the way is longer or shorter", "路程变化"),
    e("changed.vehicles", "other {kind}", "{kind}变化"),
    e("changed.other_days", "a day that only one plan covers", "仅一份方案覆盖该日"),
    e("changed.elsewhere", "follows from changes elsewhere", "由其他变化引起"),
];

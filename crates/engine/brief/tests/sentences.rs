//! What a commander reads first, in both languages, in the situations a city gets into.

#[path = "support/fixture.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::type_complexity,
    clippy::cast_precision_loss,
    reason = "shared with unit tests and preview"
)]
mod fixture;

use fixture::fixture;
use jiff::civil::date;
use levee_brief::facts::{self, BriefFacts, Estimate, Figure, Message, SharePoint, Surge, Words};
use levee_brief::{Document, Lang};

/// The lead, the facts and the main titles of these facts in both languages.
fn said(change: impl FnOnce(&mut BriefFacts)) -> String {
    let mut facts = fixture();
    change(&mut facts);
    let document = Document::new(facts);
    let mut out = String::new();
    for lang in [Lang::En, Lang::Zh] {
        out.push_str(&document.lead_text(lang));
        out.push('\n');
    }
    for key in ["series", "load"] {
        let title = &document.titles[key];
        out.push_str(&format!("{}\n{}\n", title.en, title.zh));
    }
    out
}

/// The last three days of the city, or unknown ones.
fn counts(facts: &mut BriefFacts, last: [Option<u64>; 3]) {
    let from = facts.city.days.len() - 3;
    for (day, new) in facts.city.days[from..].iter_mut().zip(last) {
        day.new = new.map_or_else(|| Figure::unknown(Message::new("not_reported_yet")), Figure::reported);
    }
}

fn share(facts: &mut BriefFacts, day: i8, percent: f64) {
    facts.city.community_share.push(SharePoint {
        day: date(2022, 11, day),
        percent: Figure::reported(percent),
        counts: None,
    });
}

fn ample(facts: &mut BriefFacts) {
    if let Figure::Known(plan) = &mut facts.plan {
        plan.value.shortfalls.clear();
    }
    if let Figure::Known(load) = &mut facts.load {
        for day in load.value.levels.iter_mut().flat_map(|panel| &mut panel.days) {
            day.usable = Figure::synthetic(2_000_000);
        }
    }
}

#[test]
fn counts_rise_and_beds_run_short() {
    insta::assert_snapshot!(said(|_| {}), @"
Daily counts are rising: 4,666 on 17 November, 66% above 15 November; the community share was falling until 16 November. The limit is care: beds and coaches run short from 22 November.
日新增上升：11月17日4,666例，比11月15日多66%；社会面占比截至11月16日呈下降。瓶颈在收治：11月22日起床位、转运车辆不足。
Rising to 4,666; the forecast median for 1 Dec is 5,054 (95% interval 2,508 to 10,874)
升至4,666例；12月1日预测中位数5,054例（95%区间2,508—10,874）
Coaches may fall short on 22 Nov: 9 missing in the median (80% interval 0 to 79)
11月22日转运客车或不足：中位数缺9（80%区间0—79）
");
}

#[test]
fn counts_hold_and_the_share_falls() {
    insta::assert_snapshot!(said(|facts| {
        counts(facts, [Some(4_700), Some(4_744), Some(4_710)]);
        share(facts, 17, 14.67);
    }), @"
Daily counts hold near 4,700 and the community share is falling. The limit is care: beds and coaches run short from 22 November.
日新增稳定在4,700例左右，社会面占比下降。瓶颈在收治：11月22日起床位、转运车辆不足。
Holding near 4,700; the forecast median for 1 Dec is 5,054 (95% interval 2,508 to 10,874)
稳定在4,700例左右；12月1日预测中位数5,054例（95%区间2,508—10,874）
Coaches may fall short on 22 Nov: 9 missing in the median (80% interval 0 to 79)
11月22日转运客车或不足：中位数缺9（80%区间0—79）
");
}

#[test]
fn counts_fall_and_capacity_is_ample() {
    insta::assert_snapshot!(said(|facts| {
        counts(facts, [Some(7_721), Some(6_900), Some(6_378)]);
        share(facts, 17, 26.5);
        ample(facts);
    }), @"
Daily counts are falling: 6,378 on 17 November, 17% below 15 November; the community share holds near 27%. Usable capacity covers the forecast until 25 November, 80% intervals included.
日新增下降：11月17日6,378例，比11月15日少17%；社会面占比稳定在27%左右。可用能力可满足预测至11月25日（含80%区间）。
Falling to 6,378; the forecast median for 1 Dec is 5,054 (95% interval 2,508 to 10,874)
降至6,378例；12月1日预测中位数5,054例（95%区间2,508—10,874）
Usable capacity covers the median demand on all 7 days
7天内可用能力均可满足需求中位数
");
}

#[test]
fn yesterday_is_not_known() {
    insta::assert_snapshot!(said(|facts| {
        counts(facts, [Some(2_814), Some(4_072), None]);
        facts.city.community_share.clear();
    }), @"
The count of 17 November is not known; the last known is 4,072 on 16 November; the community share is not known. The limit is care: beds and coaches run short from 22 November.
11月17日新增未知，最近已知为11月16日4,072例；社会面占比未知。瓶颈在收治：11月22日起床位、转运车辆不足。
17 Nov is not known; the forecast median for 1 Dec is 5,054 (95% interval 2,508 to 10,874)
11月17日未知；12月1日预测中位数5,054例（95%区间2,508—10,874）
Coaches may fall short on 22 Nov: 9 missing in the median (80% interval 0 to 79)
11月22日转运客车或不足：中位数缺9（80%区间0—79）
");
}

#[test]
fn the_day_in_between_is_not_known() {
    insta::assert_snapshot!(said(|facts| counts(facts, [Some(2_814), None, Some(4_666)])), @"
4,666 new infections on 17 November, the trend is not known; the community share was falling until 16 November. The limit is care: beds and coaches run short from 22 November.
11月17日新增4,666例，走势未知；社会面占比截至11月16日呈下降。瓶颈在收治：11月22日起床位、转运车辆不足。
4,666 on 17 Nov; the forecast median for 1 Dec is 5,054 (95% interval 2,508 to 10,874)
11月17日4,666例；12月1日预测中位数5,054例（95%区间2,508—10,874）
Coaches may fall short on 22 Nov: 9 missing in the median (80% interval 0 to 79)
11月22日转运客车或不足：中位数缺9（80%区间0—79）
");
}

#[test]
fn there_is_no_outlook() {
    insta::assert_snapshot!(said(|facts| {
        facts.outlook = Figure::unknown(Message::new("too_few_days").count("have", 6).count("need", 14));
        facts.load = Figure::unknown(Message::new("no_outlook"));
        facts.plan = Figure::unknown(Message::new("no_plan"));
    }), @"
Daily counts are rising: 4,666 on 17 November, 66% above 15 November; the community share was falling until 16 November. No plan was made: what limits us is not known.
日新增上升：11月17日4,666例，比11月15日多66%；社会面占比截至11月16日呈下降。未编方案，瓶颈未知。
Rising to 4,666; no forecast: 6 days of data, 14 are needed
升至4,666例；无预测：仅有6天数据，需14天
Whether capacity covers demand is not known: no outlook was made
能力能否满足需求未知：未作研判
");
}

#[test]
fn no_capacity_is_reported() {
    insta::assert_snapshot!(said(|facts| {
        ample(facts);
        if let Figure::Known(load) = &mut facts.load {
            for day in load.value.levels.iter_mut().flat_map(|panel| &mut panel.days) {
                day.usable = Figure::never_reported();
            }
        }
    }), @"
Daily counts are rising: 4,666 on 17 November, 66% above 15 November; the community share was falling until 16 November. Whether care holds is not known: no usable beds are reported.
日新增上升：11月17日4,666例，比11月15日多66%；社会面占比截至11月16日呈下降。收治能否承受尚不清楚：可用床位未报送。
Rising to 4,666; the forecast median for 1 Dec is 5,054 (95% interval 2,508 to 10,874)
升至4,666例；12月1日预测中位数5,054例（95%区间2,508—10,874）
Whether capacity covers demand is not known: not reported yet
能力能否满足需求未知：尚未报送
");
}

#[test]
fn life_saving_care_goes_over_capacity_and_is_said_before_the_limit() {
    insta::assert_snapshot!(said(|facts| {
        if let Figure::Known(plan) = &mut facts.plan {
            plan.value.surge = vec![Surge {
                facility: Words::new("市公卫中心", "the Public Health Treatment Centre"),
                from: date(2022, 11, 20),
                people_over: Figure::synthetic(Estimate { median: 9.0, low: 2.0, high: 30.0, interval_pct: 80 }),
                reasons: vec![Message::new("reason.life_saving")],
            }];
        }
    }), @"
Daily counts are rising: 4,666 on 17 November, 66% above 15 November; the community share was falling until 16 November. Life-saving care runs over capacity at the Public Health Treatment Centre from 20 November and is given all the same. The limit is care: beds and coaches run short from 22 November.
日新增上升：11月17日4,666例，比11月15日多66%；社会面占比截至11月16日呈下降。11月20日起市公卫中心急危重症救治将超员，照常收治。瓶颈在收治：11月22日起床位、转运车辆不足。
Rising to 4,666; the forecast median for 1 Dec is 5,054 (95% interval 2,508 to 10,874)
升至4,666例；12月1日预测中位数5,054例（95%区间2,508—10,874）
Coaches may fall short on 22 Nov: 9 missing in the median (80% interval 0 to 79)
11月22日转运客车或不足：中位数缺9（80%区间0—79）
");
}

#[test]
fn nothing_at_all_is_known() {
    let document = Document::new(fixture::nothing());
    let points: Vec<String> = document.points.iter().map(|point| format!("{}\n{}", point.en, point.zh)).collect();
    insta::assert_snapshot!(format!("{}\n{}\n{}", document.lead_text(Lang::En), document.lead_text(Lang::Zh), points.join("\n")), @"
New infections are not known for any day; the community share is not known. No plan was made: what limits us is not known.
新增感染至今没有已知数据；社会面占比未知。未编方案，瓶颈未知。
New infections: unknown, not reported for 17 Nov.
新增感染：未知，11月17日未报送。
Share found in the community: unknown.
社会面占比：未知。
People under care: unknown, never reported. Makeshift beds opened: unknown. Beds in use: unknown.
在院人数：未知，从未报送。方舱已启用床位：未知。占用情况：未知。
When community spread ends: unknown, 0 days of data, 14 are needed.
社会面清零时间：未知，仅有0天数据，需14天。
");
}

#[test]
fn the_four_facts() {
    let document = Document::new(fixture());
    let points: Vec<String> = document.points.iter().map(|point| format!("{}\n{}", point.en, point.zh)).collect();
    insta::assert_snapshot!(points.join("\n"), @"
4,666 new infections on 17 Nov (193 confirmed, 4,473 asymptomatic); 4,072 the day before. How much of the rise is more testing: unknown.
11月17日新增感染4,666例（确诊193，无症状4,473）；前一日4,072例。其中多少源于扩大检测：未知。
26.76% found in the community in the central area on 16 Nov, from 36.21% on 15 Nov. Since then: unknown.
11月16日中心城区社会面占比26.76%，11月15日为36.21%。此后：未知。
18,476 people under care (17 Nov 12:00). Makeshift beds opened: unknown. Beds in use: unknown.
在院18,476人（11月17日 12:00）。方舱已启用床位：未知。占用情况：未知。
Community spread ends on 6 Dec (80% interval 30 Nov to 15 Dec).
社会面清零预计12月6日（80%区间11月30日—12月15日）。
");
}

#[test]
fn every_title_says_its_finding() {
    let document = Document::new(fixture());
    let titles: Vec<String> =
        document.titles.iter().map(|(key, title)| format!("{key}: {} | {}", title.en, title.zh)).collect();
    insta::assert_snapshot!(titles.join("\n"), @"
    ages: 2 of 6 tables are past their age limit, 2 never arrived | 6类报送中2类超时，2类从未报送
    audit: 7 in force; 1 stricter, 0 laxer than the rulebook | 现行7项；偏严1项，偏松0项
    care: 18,476 people under care (17 Nov 12:00) | 在院18,476人（11月17日 12:00）
    changes: 3 things changed since yesterday | 与昨日相比有3处变化
    contradictions: 2 contradictions are open, 1 of them under a headline figure | 未核对的矛盾2项，其中1项涉及要目数字
    coverage: 6 of the last 7 95% intervals held the outcome; score 0.72 of the baseline's | 最近7个95%区间命中6个，评分为基线的0.72倍
    decisions: 3 decisions are asked for | 请决定3项
    demand: Makeshift beds needed: 21,300 on 19 Nov, 31,200 on 30 Nov in the median (80% interval 18,720 to 53,040) | 方舱床位需求中位数：11月19日21,300，11月30日31,200（80%区间18,720—53,040）
    demand_districts: Yuzhong will have most patients to move over the next seven days: 4,100 in the median (80% interval 2,460 to 6,970) | 未来七天转运患者最多的是渝中：中位数4,100人（80%区间2,460—6,970）
    explain: The next seven days look 3,700 infections higher than in the outlook of 17 Nov, most of all by new counts against what was forecast | 未来七天研判较11月17日上调3,700例，主因：新增与预测之差
    facilities: 2 of 3 facilities say how many beds are usable | 3个设施中2个报送可用能力
    fan: The 95% interval for 15 Dec spans 80 to 1,860, median 357 | 12月15日95%区间为80—1,860，中位数357
    growth: 4 districts grow for sure, 0 fall for sure | 4个区县确定上升，0个确定下降
    load: Coaches may fall short on 22 Nov: 9 missing in the median (80% interval 0 to 79) | 11月22日转运客车或不足：中位数缺9（80%区间0—79）
    load_facilities: Yuelai makeshift hospital may fall short on 22 Nov: 60 missing in the median (80% interval 0 to 2,053) | 11月22日悦来方舱或不足：中位数缺60（80%区间0—2,053）
    measures: 4 measures are on the public record around this day | 公开记录中近期措施4项
    multiples: 6 of 12 districts have a forecast of their own data | 12个区县中6个有自身数据的预测
    orders: 7 orders are proposed; none is issued before somebody approves it | 建议指令7条；未经审批不下达
    owed: ≥ 731 overdue, 6 of them urgent care | 逾期≥731项，其中急救6项
    record_districts: 24 of 36 80% intervals for districts held the outcome | 区县80%区间36个中命中24个
    series: Rising to 4,666; the forecast median for 1 Dec is 5,054 (95% interval 2,508 to 10,874) | 升至4,666例；12月1日预测中位数5,054例（95%区间2,508—10,874）
    series_table: Figures behind the chart on page 1 | 第1页图表数据
    shortfalls: 2 needs cannot be planned for, the first from 22 Nov | 方案未能安排的需求2项，最早11月22日起
    sources: 3 sources and 2 parameters | 来源3个，参数2个
    table: All 38 districts; 26 report new infections | 全部38个区县，26个报告新增
    timetable: 31 due by 20 Nov 18:00, 2 overdue by the books; 1 with nobody behind them | 11月20日 18:00前到期31项，账上逾期2项；1项无人负责
    where: Xiushan, Yuzhong and Jiulongpo report 56% of the new infections | 秀山、渝中、九龙坡占新增的56%
    zones: 1 restriction in force, 1 of them ends by 20 Nov 18:00; 3 areas of high risk proposed | 现行限制措施1项，其中1项于11月20日 18:00前到期；建议高风险区3个
    ");
}

#[test]
fn no_sentence_says_a_judgement_without_its_figure() {
    // Every sentence of the lead carries a day, a count or the word that says that one is missing.
    for facts in [fixture(), fixture::nothing(), fixture::stressed()] {
        for sentence in Document::new(facts).lead {
            let figure = sentence.en.chars().any(|c| c.is_ascii_digit()) || sentence.en.contains("not known");
            assert!(figure, "{}", sentence.en);
        }
    }
}

#[test]
fn a_count_that_may_count_twice_says_so() {
    let mut facts = fixture();
    if let Some(facts::Figure::Known(known)) = facts.city.days.last_mut().map(|day| &mut day.new) {
        known.basis = Some(Message::new("basis.may_count_twice"));
    }
    let document = Document::new(facts);
    assert!(document.points[0].en.contains("Note: conversions not stated, may count people twice."));
    let html = document.to_html(Lang::En);
    assert!(html.contains("4,666 [1]") && html.contains("[1] </span>conversions not stated"));
}

#[test]
fn timetable_zones_and_audit_stand_on_the_page_in_both_languages() {
    let page = Document::new(fixture()).to_html(Lang::En);
    let text: String = page.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect();
    for said in [
        "31 due by",
        "▲ 9 h late",
        "▲ 逾期9小时",
        "! nobody",
        "! 无人负责",
        "30 more are overdue or due",
        "3 more posts have something to do",
        "12 proposals of the plan",
        "▲ 18 Nov 08:00",
        "◔ 20 Nov 08:00",
        "‖ suspended: a way out is blocked",
        "2 of 5",
        "2 / 5天",
        "◔ waits for an all-negative round",
        "11月18日可解除",
        "◀ stricter",
        "◀ 偏严",
        "7 of others in force",
        "他方现行措施7项",
    ] {
        assert!(text.contains(said), "`{said}` does not stand on the page");
    }
}

#[test]
fn a_brief_from_before_there_was_a_timetable_is_read_and_says_so() {
    let mut stored = serde_json::to_value(fixture()).unwrap();
    stored.as_object_mut().unwrap().remove("timetable");
    for field in ["undetermined_days", "within", "not_covered", "lines"] {
        stored["measures"]["audit"]["value"].as_object_mut().unwrap().remove(field);
    }
    let facts: BriefFacts = serde_json::from_value(stored).unwrap();
    assert!(facts.timetable.value().is_none());
    let document = Document::new(facts);
    assert!(document.titles["timetable"].en.starts_with("The timetable: "), "{}", document.titles["timetable"].en);
    assert!(document.to_html(Lang::Zh).contains("时刻表"));
}

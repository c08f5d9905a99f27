//! The timetable of the next two days, and restrictions and areas of high risk with their clocks.

use super::{part, void};
use crate::facts::{DueLine, Figure, MeasureLine, Origin, PostLine, Timetable, Words, ZoneLine};
use crate::html::View;
use crate::html::pager::{Part, Piece};
use crate::html::table::{Cell, Col, table};
use crate::lang::DateStyle;

pub(super) fn parts(view: &View<'_>) -> Vec<Part> {
    let mut due = part(
        view,
        "timetable",
        view.t("时刻表", "Timetable"),
        view.t("未来48小时，谁在何处何时前做什么", "the next 48 hours: who does what where by when"),
    );
    due.chapter = true;
    let mut zones = part(
        view,
        "zones",
        view.t("措施与区域", "Zones"),
        view.t(
            "限制措施的复核与终止，高风险区的清零计时",
            "restrictions with review and end, areas of high risk with their clock",
        ),
    );
    let known = match &view.facts.timetable {
        Figure::Known(known) => &known.value,
        Figure::Unknown(unknown) => {
            due.pieces.push(void(view, Some(&unknown.reason)));
            return vec![due];
        }
    };
    fill_due(view, known, &mut due);
    fill_zones(view, known, &mut zones);
    vec![due, zones]
}

fn note(view: &View<'_>, left_out: u64, zh: &str, en: &str) -> Option<Piece> {
    let n = view.speaker.count(left_out);
    let said = view.speaker.lang.pick(zh, en).replace("{n}", &n);
    (left_out > 0).then(|| Piece::Whole(format!("<p class=\"note\">{said}</p>"), 22.0))
}

fn nobody(view: &View<'_>) -> Cell {
    Cell::html(format!("<b class=\"t-over\">! {}</b>", view.t("无人负责", "nobody")), 6.0)
}

fn words(view: &View<'_>, words: &Words) -> Cell {
    Cell::text(view.speaker.lang.of(words))
}

fn fill_due(view: &View<'_>, known: &Timetable, all: &mut Part) {
    let speaker = view.speaker;
    if !known.rows.is_empty() {
        let cols = [
            Col(view.t("时限", "By when"), 118.0, false),
            Col(view.t("事项", "What"), 236.0, false),
            Col(view.t("地点", "Where"), 112.0, false),
            Col(view.t("工作组", "Section"), 88.0, false),
            Col(view.t("责任人", "Who"), 120.0, false),
        ];
        let rows = known.rows.iter().map(|row| due(view, row, known.origin)).collect();
        let name = view.t("最急的事项", "The most pressing lines");
        all.pieces.push(Piece::Table(table(name, &cols, rows, true)));
        let more = note(
            view,
            known.rows_left_out,
            "另有{n}行逾期或到期；全部见时刻表。",
            "{n} more are overdue or due; the timetable has them all.",
        );
        all.pieces.extend(more);
    }
    if !known.posts.is_empty() {
        let cols = [
            Col(view.t("区县", "District"), 170.0, false),
            Col(view.t("工作组", "Section"), 170.0, false),
            Col(view.t("逾期", "Overdue"), 84.0, true),
            Col(view.t("最久", "Oldest"), 84.0, true),
            Col(view.t("48小时内到期", "Due in 48 h"), 84.0, true),
            Col(view.t("无人负责", "Nobody's"), 82.0, true),
        ];
        let post = |row: &PostLine| {
            vec![
                words(view, &row.district),
                words(view, &row.section),
                Cell::text(&speaker.count(row.overdue)),
                row.oldest_hours.map_or_else(Cell::empty, |hours| Cell::text(&hours_of(view, hours))),
                Cell::text(&speaker.count(row.due)),
                Cell::text(&speaker.count(row.unowned)),
            ]
        };
        let name = view.t("按区县与工作组", "By district and section");
        all.pieces.push(Piece::Table(table(name, &cols, known.posts.iter().map(post).collect(), true)));
        let more =
            note(view, known.posts_left_out, "另有{n}个区县工作组有待办事项。", "{n} more posts have something to do.");
        all.pieces.extend(more);
    }
    if known.proposed > 0 {
        let n = speaker.count(known.proposed);
        let said = speaker.lang.pick(
            format!("方案另有{n}项建议落在此48小时内，由人决定，不计入以上。"),
            format!("{n} proposals of the plan fall into these 48 hours too; people decide them, and they are not counted above."),
        );
        all.pieces.push(Piece::Whole(format!("<p class=\"note\">{said}</p>"), 22.0));
    }
}

fn hours_of(view: &View<'_>, hours: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "hours of an outbreak")]
    view.speaker.hours(hours as f64)
}

fn due(view: &View<'_>, row: &DueLine, worst: Origin) -> Vec<Cell> {
    let speaker = view.speaker;
    let by = match row.late_hours {
        Some(hours) => {
            let late = speaker.hours(hours);
            let said = speaker.lang.pick(format!("▲ 逾期{late}"), format!("▲ {late} late"));
            Cell::html(format!("<b class=\"t-over\">{said}</b>"), 8.0)
        }
        None => Cell::text(&speaker.moment(row.due)),
    };
    // Where everything is invented the title says it for all.
    let synthetic = row.origin == Origin::Synthetic && worst != Origin::Synthetic;
    vec![
        by,
        words(view, &row.what).marked(view, synthetic),
        words(view, &row.place),
        words(view, &row.section),
        row.owner.as_ref().map_or_else(|| nobody(view), |owner| words(view, owner)),
    ]
}

fn fill_zones(view: &View<'_>, known: &Timetable, all: &mut Part) {
    let plain = |said: &str| Piece::Whole(format!("<p class=\"note\">{said}</p>"), 22.0);
    if known.measures.is_empty() {
        all.pieces.push(plain(view.t("本城未经Levee实施限制措施。", "No restriction was put in force through Levee.")));
    } else {
        let cols = [
            Col(view.t("地点", "Where"), 128.0, false),
            Col(view.t("内容", "What"), 206.0, false),
            Col(view.t("状态", "State"), 118.0, false),
            Col(view.t("复核", "Review"), 104.0, false),
            Col(view.t("终止", "Ends"), 118.0, false),
        ];
        let rows = known.measures.iter().map(|row| measure(view, row, known)).collect();
        all.pieces.push(Piece::Table(table(view.t("限制措施", "Restrictions"), &cols, rows, true)));
    }
    match &known.zones {
        Figure::Unknown(unknown) => all.pieces.push(void(view, Some(&unknown.reason))),
        Figure::Known(zones) if zones.value.is_empty() => {
            let said = view.t(
                "按已知的感染地点，规则未要求划定高风险区；只知区县的感染不得据此划区。",
                "By the places of infection that are known no area of high risk is proposed; where only the district is known none may be drawn.",
            );
            all.pieces.push(plain(said));
        }
        Figure::Known(zones) => {
            let cols = [
                Col(view.t("高风险区（建议）", "Area of high risk (proposed)"), 200.0, false),
                Col(view.t("自", "Since"), 86.0, false),
                Col(view.t("清零计时", "Clear days"), 110.0, true),
                Col(view.t("满足日期", "Complete on"), 110.0, false),
                Col(view.t("解除", "Release"), 168.0, false),
            ];
            let rows = zones.value.iter().map(|row| zone(view, row)).collect();
            all.pieces.push(Piece::Table(table(view.t("高风险区", "Areas of high risk"), &cols, rows, true)));
        }
    }
}

fn measure(view: &View<'_>, row: &MeasureLine, known: &Timetable) -> Vec<Cell> {
    let speaker = view.speaker;
    let state = match row.state.as_str() {
        "live" => view.t("● 生效", "● in force"),
        "suspended" => view.t("‖ 暂停", "‖ suspended"),
        "planned" => view.t("◇ 拟议", "◇ not in force"),
        _ => view.t("✓ 已终止", "✓ over"),
    };
    let state = match &row.note {
        Some(note) => format!("{state}{}{}", view.t("：", ": "), speaker.lang.of(note)),
        None => state.to_owned(),
    };
    let review = match (row.review, row.review_late) {
        (None, _) => Cell::empty(),
        (Some(at), true) => {
            let at = speaker.moment(at);
            Cell::html(format!("<b class=\"t-over\">▲ {at}</b>"), 9.0)
        }
        (Some(at), false) => Cell::text(&speaker.moment(at)),
    };
    let soon = row.state == "live" && row.end <= known.until;
    let end = format!("{}{}", if soon { "◔ " } else { "" }, speaker.moment(row.end));
    vec![words(view, &row.place), words(view, &row.what), Cell::text(&state), review, Cell::text(&end)]
}

fn zone(view: &View<'_>, row: &ZoneLine) -> Vec<Cell> {
    let speaker = view.speaker;
    let day = |day| speaker.day(day, DateStyle::Short);
    let needed = row.days_needed.map_or_else(|| speaker.unknown().to_owned(), |days| speaker.count(days));
    let clock = speaker.lang.pick(
        format!("{} / {needed}天", speaker.count(row.days_clear)),
        format!("{} of {needed}", speaker.count(row.days_clear)),
    );
    let release = match (row.released_on, row.waits_for_round) {
        (Some(on), _) => speaker.lang.pick(format!("{}可解除", day(on)), format!("may be released on {}", day(on))),
        (None, true) => view.t("◔ 待闭环检测全阴", "◔ waits for an all-negative round").to_owned(),
        (None, false) => view.t("计时中", "the clock runs").to_owned(),
    };
    vec![
        words(view, &row.place),
        Cell::text(&day(row.since)),
        Cell::text(&clock),
        row.complete_on.map_or_else(|| Cell::unknown(view, None), |on| Cell::text(&day(on))),
        Cell::text(&release),
    ]
}

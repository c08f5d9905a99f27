//! What is proposed, what cannot be met and what would mend it, what is owed. Life-saving care stands first.

use super::load::unit;
use super::{bullets, part, void};
use crate::facts::{Estimate, Figure, OrderRow, Origin, OwedRow, ShortfallRow};
use crate::html::View;
use crate::html::first::{decision_text, who};
use crate::html::markup::rich;
use crate::html::pager::{Part, Piece};
use crate::html::table::{Cell, Col, lines, table};
use crate::lang::DateStyle;
use crate::rich::Rich;

/// Life-saving care over capacity: planned all the same, and said first.
pub(super) fn surge(view: &View<'_>) -> Option<Part> {
    let all = &view.facts.plan.value()?.surge;
    if all.is_empty() {
        return None;
    }
    let mut surge = part(
        view,
        "surge",
        view.t("超员救治", "Surge"),
        view.t("急危重症救治从不拒绝", "life-saving care is never refused"),
    );
    surge.chapter = true;
    let said = all.iter().map(|one| {
        let speaker = view.speaker;
        let from = speaker.day(one.from, DateStyle::Short);
        let mut text = Rich::text(speaker.lang.of(&one.facility));
        text.0.iter_mut().for_each(|run| run.strong = true);
        text.push(Rich::text(
            speaker.lang.pick(format!("，{from}起超员："), format!(" from {from}, over capacity by: ")),
        ));
        text.push(match one.people_over.value() {
            Some(people) => Rich::whole(interval(view, people)),
            None => Rich::unknown(speaker.unknown()),
        });
        text.push(Rich::text(view.t("。", ". ")));
        text.push(view.say_clauses(&one.reasons));
        (text, one.people_over.is_synthetic())
    });
    surge.pieces = bullets(view, said.collect());
    Some(surge)
}

/// The decisions in full, where the first sheet had not room for all of them.
pub(super) fn decisions(view: &View<'_>) -> Option<Part> {
    let all = &view.facts.decisions;
    let long =
        all.iter().any(|one| lines(decision_text(view, one).ems(), 12.5, view.speaker.lang.pick(514.0, 528.0)) > 2.0);
    if all.len() <= 3 && !long {
        return None;
    }
    let mut full = part(view, "decisions", view.t("请决定", "Decisions"), "");
    let marked = full.synthetic;
    full.chapter = true;
    let mut ordered: Vec<_> = all.iter().filter(|one| one.life_saving).collect();
    ordered.extend(all.iter().filter(|one| !one.life_saving));
    for (one, number) in ordered.into_iter().zip(1..) {
        let text = decision_text(view, one);
        let high = (lines(text.ems(), 12.5, view.speaker.lang.pick(514.0, 528.0)) * 18.2).max(36.4) + 11.0;
        let synthetic = view.s(one.origin == Origin::Synthetic && !marked);
        let html = format!(
            "<ol class=\"dec\" start=\"{number}\"><li><b>{number}</b><span>{}{synthetic}</span>{}</li></ol>",
            rich(&text),
            who(view, one)
        );
        full.pieces.push(Piece::Whole(html, high));
    }
    Some(full)
}

pub(super) fn orders(view: &View<'_>) -> Part {
    let sub = view.t("每条由哪项需求、规则或预测产生", "each with the need, the rule or the forecast that made it");
    let mut all = part(view, "orders", view.t("方案", "Plan"), sub);
    all.chapter = true;
    let plan = match &view.facts.plan {
        Figure::Known(plan) => &plan.value,
        Figure::Unknown(unknown) => {
            all.pieces.push(void(view, Some(&unknown.reason)));
            return all;
        }
    };
    if plan.orders.is_empty() {
        return all;
    }
    let cols = [
        Col(view.t("编号", "No."), 58.0, false),
        Col(view.t("建议指令", "Proposed order"), 200.0, false),
        Col(view.t("由来", "Why"), 266.0, false),
        Col(view.t("责任", "Owner"), 70.0, false),
        Col(view.t("起止", "When"), 84.0, false),
    ];
    let mut ordered: Vec<&OrderRow> = plan.orders.iter().filter(|order| order.life_saving).collect();
    ordered.extend(plan.orders.iter().filter(|order| !order.life_saving));
    let rows = ordered.into_iter().map(|order| order_cells(view, order)).collect();
    all.pieces.push(Piece::Table(table(&view.title("orders").0.plain(), &cols, rows, false)));
    all
}

fn order_cells(view: &View<'_>, order: &OrderRow) -> Vec<Cell> {
    let speaker = view.speaker;
    let when = match (order.starts, order.due) {
        (Some(from), Some(to)) if from.date() == to.date() => {
            let day = speaker.day(from.date(), DateStyle::Short);
            format!("{day} {}\u{2060}–\u{2060}{}", speaker.clock(from), speaker.clock(to))
        }
        (Some(from), Some(to)) => speaker.range(&speaker.moment(from), &speaker.moment(to)),
        (Some(from), None) => {
            speaker.lang.pick(format!("{}起", speaker.moment(from)), format!("from {}", speaker.moment(from)))
        }
        (None, Some(to)) => {
            speaker.lang.pick(format!("{}前", speaker.moment(to)), format!("by {}", speaker.moment(to)))
        }
        (None, None) => String::new(),
    };
    let mut what = view.say(&order.what).capitalised();
    if order.life_saving {
        let mut first = Rich::whole(view.t("急危重症", "Life-saving"));
        first.0.iter_mut().for_each(|run| run.strong = true);
        first.push(Rich::text(view.t("：", ": ")));
        first.push(what);
        what = first;
    }
    let time = if when.is_empty() { Cell::unknown(view, None) } else { Cell::text(&when) };
    vec![
        Cell::text(&order.id),
        Cell::rich(&what).marked(view, order.origin == Origin::Synthetic && !view.facts.plan.is_synthetic()),
        Cell::rich(&view.say_clauses(&order.reasons).capitalised()),
        Cell::text(speaker.lang.of(&order.owner)),
        time,
    ]
}

/// "(80% 310 to 2,240)".
fn range(view: &View<'_>, of: &Estimate) -> String {
    let speaker = view.speaker;
    let range = speaker.range(&speaker.number(of.low.round(), 0), &speaker.number(of.high.round(), 0));
    let pct = of.interval_pct;
    speaker.lang.pick(format!("（{pct}%区间{range}）"), format!("({pct}% {range})"))
}

/// "1,120 (80% 310 to 2,240)".
fn interval(view: &View<'_>, of: &Estimate) -> String {
    let median = view.speaker.number(of.median.round(), 0);
    format!("{median}{}{}", view.t("", " "), range(view, of))
}

pub(super) fn shortfalls(view: &View<'_>) -> Part {
    let mut all = part(
        view,
        "shortfalls",
        view.t("缺口", "Shortfalls"),
        view.t("缺什么、为何、如何补救", "what is missing, why, and what would mend it"),
    );
    let speaker = view.speaker;
    let plan = match &view.facts.plan {
        Figure::Known(plan) => &plan.value,
        Figure::Unknown(unknown) => {
            all.pieces.push(void(view, Some(&unknown.reason)));
            return all;
        }
    };
    if plan.shortfalls.is_empty() {
        all.sub.clear();
        return all;
    }
    let cols = [
        Col(view.t("无法满足", "Cannot be met"), 156.0, false),
        Col(view.t("缺口", "Missing"), 164.0, true),
        Col(view.t("原因", "Why"), 96.0, false),
        Col(view.t("补救", "What would mend it"), 258.0, false),
    ];
    let mut ordered: Vec<&ShortfallRow> = plan.shortfalls.iter().filter(|row| row.life_saving).collect();
    ordered.extend(plan.shortfalls.iter().filter(|row| !row.life_saving));
    let rows = ordered
        .into_iter()
        .map(|row| {
            let missing = match &row.missing {
                Figure::Known(known) => {
                    let text = format!("{}{}", speaker.number(known.value.median.round(), 0), unit(view, row.unit));
                    let range = range(view, &known.value);
                    // The figure may break after the median, never within its interval.
                    let html = format!(
                        "<span class=\"wr\"><span class=\"nw\">{}</span> <span class=\"nw\">{}</span></span>",
                        crate::html::esc(&text),
                        crate::html::esc(&range)
                    );
                    Cell::html(html, crate::rich::ems(&text) + crate::rich::ems(&range))
                }
                Figure::Unknown(unknown) => Cell::unknown(view, Some(&unknown.reason)),
            };
            vec![
                Cell::rich(&view.say(&row.what).capitalised()),
                missing,
                Cell::rich(&view.say_clauses(&row.reasons).capitalised()),
                Cell::rich(&view.say_clauses(&row.mends).capitalised()),
            ]
        })
        .collect();
    all.pieces.push(Piece::Table(table(&view.title("shortfalls").0.plain(), &cols, rows, false)));
    all
}

pub(super) fn owed(view: &View<'_>) -> Part {
    let mut all = part(
        view,
        "owed",
        view.t("应尽事项", "Owed"),
        view.t("急救列首；尚未建账的以斜线标明", "urgent care first; what is not kept yet is hatched"),
    );
    all.chapter = true;
    let rows = match &view.facts.owed {
        Figure::Known(rows) => &rows.value,
        Figure::Unknown(unknown) => {
            all.pieces.push(void(view, Some(&unknown.reason)));
            return all;
        }
    };
    let speaker = view.speaker;
    let cols = [
        Col(view.t("类别", "Kind"), 150.0, false),
        Col(view.t("未结", "Open"), 110.0, true),
        Col(view.t("逾期", "Overdue"), 110.0, true),
        Col(view.t("最久", "Oldest"), 110.0, true),
        Col(view.t("责任人", "Owner"), 190.0, false),
    ];
    let mut ordered: Vec<&OwedRow> = rows.iter().filter(|row| row.life_saving).collect();
    ordered.extend(rows.iter().filter(|row| !row.life_saving));
    let cells = ordered
        .into_iter()
        .map(|row| {
            vec![
                Cell::text(speaker.lang.of(&row.kind)),
                Cell::figure(view, &row.open, |n| speaker.count(*n)),
                Cell::figure(view, &row.overdue, |n| speaker.count(*n)),
                Cell::figure(view, &row.oldest_hours, |hours| speaker.hours(*hours)),
                match &row.owner {
                    Some(owner) => Cell::text(speaker.lang.of(owner)),
                    None => Cell::html(format!("<b class=\"t-over\">▲ {}</b>", view.t("无", "none")), 4.0),
                },
            ]
        })
        .collect();
    all.pieces.push(Piece::Table(table(&view.title("owed").0.plain(), &cols, cells, false)));
    all
}

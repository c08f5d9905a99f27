//! Demand against capacity for the coming days: the city by level, then facility by facility.

use super::{part, void};
use crate::chart::multiples::{Shape, load, load_max};
use crate::facts::{Binding, Figure, LoadPanel, LoadUnit, Message};
use crate::html::View;
use crate::html::markup::esc;
use crate::html::pager::{Part, Piece};
use crate::html::table::{Cell, Col, table};
use crate::lang::DateStyle;

pub(super) fn parts(view: &View<'_>) -> Vec<Part> {
    let sub = view.t(
        "需求占可用能力的百分比；黑线100%＝物理、人员、设备三者最小；深色为缺口",
        "demand in % of what is usable; the black line, 100%, = min(physical, staffed, equipped); dark: what is missing",
    );
    let mut city = part(view, "load", view.t("供需", "Load"), sub);
    city.chapter = true;
    let all = match &view.facts.load {
        Figure::Known(load) => &load.value,
        Figure::Unknown(unknown) => {
            city.pieces.push(void(view, Some(&unknown.reason)));
            return vec![city];
        }
    };
    city.pieces = panels(view, &all.levels);
    city.pieces.extend(twin(view, &all.levels));
    let mut parts = vec![city];
    if !all.facilities.is_empty() {
        let mut facilities = part(view, "load_facilities", view.t("设施供需", "Load by facility"), sub);
        facilities.pieces = panels(view, &all.facilities);
        facilities.pieces.extend(twin(view, &all.facilities));
        parts.push(facilities);
    }
    parts
}

fn panels(view: &View<'_>, panels: &[LoadPanel]) -> Vec<Piece> {
    let shape = Shape { width: 215.0, height: 98.0, max: load_max(panels), speaker: view.speaker };
    panels
        .chunks(3)
        .map(|row| {
            let mut html = String::from("<div class=\"grid3\">");
            for panel in row {
                let name = view.speaker.lang.of(&panel.name);
                let words = words(view, panel);
                let drawn = load(panel, shape, &format!("{name}{}{words}", view.t("：", ": ")));
                html.push_str(&format!(
                    "<figure class=\"mini\"><h3 title=\"{}\">{}</h3><p>{}</p>{drawn}</figure>",
                    esc(name),
                    esc(name),
                    esc(&words)
                ));
            }
            html.push_str("</div>");
            Piece::Whole(html, 155.0)
        })
        .collect()
}

/// What a limit is called.
pub(super) fn binding(view: &View<'_>, binding: Binding) -> &'static str {
    match binding {
        Binding::Physical => view.t("物理容量", "space"),
        Binding::Staffed => view.t("人员", "staff"),
        Binding::Equipped => view.t("设备", "equipment"),
    }
}

/// Name of a unit after a count.
pub(super) fn unit(view: &View<'_>, unit: LoadUnit) -> &'static str {
    match unit {
        LoadUnit::Beds => view.t("张", " beds"),
        LoadUnit::Rooms => view.t("间", " rooms"),
        LoadUnit::TubesPerDay => view.t("管/日", " tubes a day"),
        LoadUnit::PeoplePerDay => view.t("人/日", " people a day"),
        LoadUnit::Vehicles => view.t("辆", " vehicles"),
        LoadUnit::Staff => view.t("名", " staff"),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of beds stay far below 2^52")]
fn words(view: &View<'_>, panel: &LoadPanel) -> String {
    let speaker = view.speaker;
    let binds = match &panel.binding {
        Figure::Known(known) => {
            let limit = binding(view, known.value);
            speaker.lang.pick(format!("瓶颈：{limit}"), format!("{limit} binds"))
        }
        Figure::Unknown(unknown) => view.say(&unknown.reason).plain(),
    };
    let short = panel.days.iter().find_map(|day| {
        let (demand, usable) = (day.demand.value()?, *day.usable.value()? as f64);
        (demand.median > usable).then_some((day.day, demand.median - usable))
    });
    let last = panel.days.iter().rev().find_map(|day| {
        let (demand, usable) = (day.demand.value()?, *day.usable.value()? as f64);
        Some((day.day, demand.median - usable))
    });
    let unit = unit(view, panel.unit);
    match (short, last) {
        (Some((from, _)), Some((day, missing))) if missing > 0.0 => {
            let (from, day) = (speaker.day(from, DateStyle::Short), speaker.day(day, DateStyle::Short));
            let missing = speaker.number(missing.round(), 0);
            speaker.lang.pick(
                format!("▲ {from}起不足，{day}缺{missing}{unit}；{binds}"),
                format!("▲ short from {from}, {missing}{unit} missing on {day}; {binds}"),
            )
        }
        (Some((from, missing)), _) => {
            let from = speaker.day(from, DateStyle::Short);
            let missing = speaker.number(missing.round(), 0);
            speaker.lang.pick(
                format!("▲ {from}缺{missing}{unit}；{binds}"),
                format!("▲ {missing}{unit} missing on {from}; {binds}"),
            )
        }
        (None, Some(_)) => speaker.lang.pick(format!("中位数以内；{binds}"), format!("median is covered; {binds}")),
        (None, None) => {
            let reason = panel.days.iter().find_map(|day| day.usable.reason().or_else(|| day.demand.reason()));
            let reason = reason.cloned().unwrap_or_else(|| Message::new("not_reported_yet"));
            let reason = view.say(&reason).plain();
            speaker.lang.pick(format!("可用能力未知：{reason}"), format!("usable capacity unknown: {reason}"))
        }
    }
}

/// The table twin: first day and last day, demand with its interval, and what is usable.
fn twin(view: &View<'_>, panels: &[LoadPanel]) -> Option<Piece> {
    if panels.is_empty() {
        return None;
    }
    let cols = [
        Col(view.t("能力", "Capacity"), 152.0, false),
        Col(view.t("日期", "Day"), 80.0, false),
        Col(view.t("需求（区间）", "Demand (interval)"), 236.0, true),
        Col(view.t("可用", "Usable"), 84.0, true),
        Col(view.t("缺口", "Missing"), 78.0, true),
        Col(view.t("瓶颈", "Binds"), 90.0, false),
    ];
    let rows = panels.iter().flat_map(|panel| rows(view, panel)).collect();
    let name = view.t("需求与可用能力", "Demand and usable capacity");
    Some(Piece::Table(table(name, &cols, rows, true)))
}

#[expect(clippy::cast_precision_loss, reason = "counts of beds stay far below 2^52")]
fn rows(view: &View<'_>, panel: &LoadPanel) -> Vec<Vec<Cell>> {
    let speaker = view.speaker;
    let ends = [panel.days.first(), panel.days.last()];
    let both = if panel.days.len() > 1 { &ends[..] } else { &ends[..1] };
    both.iter()
        .flatten()
        .enumerate()
        .map(|(at, day)| {
            let name = if at == 0 { Cell::text(speaker.lang.of(&panel.name)) } else { Cell::empty() };
            let missing = match (day.demand.value(), day.usable.value()) {
                (Some(demand), Some(usable)) if demand.median > *usable as f64 => Cell::html(
                    format!(
                        "<b class=\"t-over\">▲ {}</b>",
                        speaker.number((demand.median - *usable as f64).round(), 0)
                    ),
                    7.0,
                ),
                (Some(_), Some(_)) => Cell::text("0"),
                _ => Cell::unknown(view, None),
            };
            let binds = match &panel.binding {
                Figure::Known(known) => Cell::text(binding(view, known.value)),
                Figure::Unknown(unknown) => Cell::unknown(view, Some(&unknown.reason)),
            };
            let demand = Cell::figure(view, &day.demand, |demand| {
                let range =
                    speaker.range(&speaker.number(demand.low.round(), 0), &speaker.number(demand.high.round(), 0));
                let median = speaker.number(demand.median.round(), 0);
                let pct = demand.interval_pct;
                speaker.lang.pick(format!("{median}（{pct}%：{range}）"), format!("{median} ({pct}%: {range})"))
            });
            let usable = Cell::figure(view, &day.usable, |usable| speaker.count(*usable));
            vec![name, Cell::text(&speaker.day(day.day, DateStyle::Short)), demand, usable, missing, binds]
        })
        .collect()
}

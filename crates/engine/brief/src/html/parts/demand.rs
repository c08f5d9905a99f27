//! What the coming infections will need: the city by kind against what is reported as usable, then the districts.

use super::outlook::interval_cell;
use super::{bullets, part, void};
use crate::facts::{Demand, DemandRow, Estimate, Figure};
use crate::html::View;
use crate::html::pager::{Part, Piece};
use crate::html::table::{Cell, Col, table_of_known};
use crate::lang::DateStyle;

pub(super) fn parts(view: &View<'_>) -> Vec<Part> {
    let sub = view.t(
        "中位数与80%区间，取自联合抽样路径；可用能力为各设施报送之和",
        "median and 80% interval from joint paths; usable = sum of what facilities report",
    );
    let mut city = part(view, "demand", view.t("需求", "Demand"), sub);
    let demand = match &view.facts.demand {
        Figure::Known(demand) => &demand.value,
        Figure::Unknown(unknown) => {
            city.sub.clear();
            city.pieces.push(void(view, Some(&unknown.reason)));
            return vec![city];
        }
    };
    city.together = true;
    city.pieces.push(Piece::Table(by_kind(view, demand)));
    city.pieces.extend(bullets(view, demand.notes.iter().map(|note| (view.say(note), false)).collect()));
    let mut parts = vec![city];
    if !demand.districts.is_empty() {
        let day = view.speaker.day(demand.district_day, DateStyle::Short);
        let sub = view.speaker.lang.pick(
            format!("转运为七天合计；床位与房间为{day}日终在用数；中位数与80%区间"),
            format!("transfers over seven days; beds and rooms in use at the end of {day}; median and 80% interval"),
        );
        let mut districts = part(view, "demand_districts", view.t("区县需求", "Demand by district"), sub);
        districts.pieces.push(Piece::Table(by_district(view, demand)));
        parts.push(districts);
    }
    parts
}

fn figure(view: &View<'_>, figure: &Figure<Estimate>) -> Cell {
    match figure {
        Figure::Known(known) => {
            let rounded = Estimate { low: known.value.low.round(), high: known.value.high.round(), ..known.value };
            interval_cell(view, &rounded, 0)
        }
        Figure::Unknown(unknown) => Cell::unknown(view, Some(&unknown.reason)),
    }
}

fn by_kind(view: &View<'_>, demand: &Demand) -> crate::html::table::Table {
    let speaker = view.speaker;
    let days: Vec<String> = demand.days.iter().map(|day| speaker.day(*day, DateStyle::Short)).collect();
    // Heads are fixed texts; the days stand in a first row of their own.
    let mut cols = vec![Col(view.t("需求", "Demand"), 150.0, false)];
    cols.extend(demand.days.iter().map(|_| Col("", 140.0, true)));
    cols.push(Col(view.t("可用能力", "Usable"), 76.0, true));
    let mut head = vec![Cell::empty()];
    head.extend(days.iter().map(|day| Cell::text(day)));
    head.push(Cell::empty());
    let mut rows = vec![head];
    rows.extend(demand.city.iter().map(|row| cells(view, row, demand.days.len())));
    crate::html::table::table(&view.title("demand").0.plain(), &cols, rows, true)
}

fn cells(view: &View<'_>, row: &DemandRow, days: usize) -> Vec<Cell> {
    let lang = view.speaker.lang;
    let synthetic = row.by_day.iter().any(Figure::is_synthetic);
    let name = lang
        .pick(format!("{}（{}）", row.name.zh, row.unit.zh), format!("{}, {}", capitalised(&row.name.en), row.unit.en));
    let name = if lang.of(&row.name) == lang.of(&row.unit) || row.name.en.ends_with(&row.unit.en) {
        lang.pick(name, capitalised(&row.name.en))
    } else {
        name
    };
    let mut cells = vec![Cell::text(&name).marked(view, synthetic)];
    cells.extend((0..days).map(|at| row.by_day.get(at).map_or_else(Cell::empty, |one| figure(view, one))));
    cells.push(match &row.capacity {
        Some(Figure::Known(known)) => Cell::text(&view.speaker.count(known.value))
            .marked(view, row.capacity.as_ref().is_some_and(Figure::is_synthetic)),
        Some(Figure::Unknown(unknown)) => Cell::unknown(view, Some(&unknown.reason)),
        None => Cell::empty(),
    });
    cells
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn by_district(view: &View<'_>, demand: &Demand) -> crate::html::table::Table {
    let cols = vec![
        Col(view.t("区县", "District"), 86.0, false),
        Col(view.t("转运（人，七天）", "Transfers, 7 days"), 140.0, true),
        Col(view.t("方舱床位", "Makeshift beds"), 140.0, true),
        Col(view.t("医院床位", "Hospital beds"), 130.0, true),
        Col(view.t("隔离房间", "Isolation rooms"), 140.0, true),
    ];
    let rows = demand.districts.iter().map(|one| {
        let synthetic =
            [&one.transfers_7_days, &one.makeshift, &one.hospital, &one.rooms].iter().any(|f| f.is_synthetic());
        vec![
            Cell::titled(view.speaker.lang.of(&one.place.name), view.speaker.lang.of(&one.place.full))
                .marked(view, synthetic),
            figure(view, &one.transfers_7_days),
            figure(view, &one.makeshift),
            figure(view, &one.hospital),
            figure(view, &one.rooms),
        ]
    });
    table_of_known(view, &view.title("demand_districts").0.plain(), cols, rows.collect(), true)
}

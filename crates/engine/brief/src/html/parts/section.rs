//! The other parts of the plan: each with what it finds, a few lines and one table.

use super::bullets;
use crate::facts::{Origin, PlanSection, SectionTable};
use crate::html::View;
use crate::html::pager::{Part, Piece};
use crate::html::table::{Cell, Col, table};
use crate::lang::DateStyle;

pub(super) fn parts(view: &View<'_>) -> Vec<Part> {
    let Some(plan) = view.facts.plan.value() else { return vec![] };
    plan.sections.iter().filter_map(|section| part(view, section)).collect()
}

/// Its key and its name in the table of contents.
fn named(view: &View<'_>, part: &str) -> Option<(&'static str, &'static str, &'static str)> {
    let t = |zh, en| view.t(zh, en);
    Some(match part {
        "changed" => ("plan-changed", t("方案变化", "Changes"), t("与上一方案比较", "against the plan before")),
        "decided" => ("plan-decided", t("人工指定", "Pins"), t("人工指定与已接受的指令", "pins and accepted orders")),
        "openings" => (
            "plan-openings",
            t("启用", "Openings"),
            t("哪些设施何时启用或关停", "which site opens or closes, and when"),
        ),
        "rooms" => ("plan-rooms", t("隔离房间", "Rooms"), t("储备、承诺与缺口", "reserve, promise and what is short")),
        "testing" => {
            ("plan-testing", t("检测", "Testing"), t("采样、送检与时限", "sampling, laboratories and promises"))
        }
        "runs" => ("plan-runs", t("车次", "Runs"), t("每人每车的时刻", "who rides when")),
        _ => return None,
    })
}

fn part(view: &View<'_>, section: &PlanSection) -> Option<Part> {
    let (key, label, sub) = named(view, &section.part)?;
    let synthetic = section.origin == Origin::Synthetic;
    let lines = section.lines.iter().map(|line| (view.say(line), false)).collect();
    let mut pieces = bullets(view, lines);
    let title = view.say(&section.title).capitalised();
    if let Some(rows) = section.table.as_ref().filter(|table| !table.rows.is_empty()) {
        pieces.push(Piece::Table(table_of(view, &title.plain(), rows)));
        if rows.left_out > 0 {
            let n = view.speaker.count(rows.left_out);
            let said =
                view.speaker.lang.pick(format!("另有{n}行，见方案。"), format!("{n} more rows stand in the plan."));
            pieces.push(Piece::Whole(format!("<p class=\"note\">{said}</p>"), 22.0));
        }
    }
    Some(Part { key, label, title, synthetic, sub: sub.to_owned(), pieces, chapter: false, together: false })
}

fn table_of(view: &View<'_>, name: &str, rows: &SectionTable) -> crate::html::table::Table {
    let total: u32 = rows.columns.iter().map(|column| column.width.max(1)).sum();
    let cols: Vec<Col<'_>> = rows
        .columns
        .iter()
        .map(|column| {
            let share = f64::from(column.width.max(1)) / f64::from(total.max(1));
            Col(view.speaker.lang.of(&column.name), share * crate::html::pager::WIDTH, column.figures)
        })
        .collect();
    let cell = |arg: &Option<crate::facts::Arg>| match arg {
        None => Cell::unknown(view, None),
        Some(crate::facts::Arg::Message(message)) => Cell::rich(&view.say(message).capitalised()),
        Some(arg) => Cell::rich(&crate::catalogue::argument(arg, DateStyle::Short, view.speaker)),
    };
    let cells = rows.rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    table(name, &cols, cells, true)
}

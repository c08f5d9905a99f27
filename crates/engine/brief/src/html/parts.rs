//! The parts after the first sheet, in the order in which they are read.

mod demand;
mod explain;
mod load;
mod outlook;
mod plan;
mod record;
mod record_of;
mod section;
mod timetable;
mod trust;

use super::View;
use super::markup::{self, rich};
use super::pager::{Part, Piece};
use super::table::lines;
use crate::facts::Message;
use crate::rich::Rich;

/// All parts that this brief has.
pub(super) fn all(view: &View<'_>) -> Vec<Part> {
    let mut parts = Vec::new();
    parts.extend(plan::surge(view));
    parts.push(trust::changes(view));
    parts.extend(plan::decisions(view));
    parts.push(trust::contradictions(view));
    parts.push(trust::ages(view));
    parts.extend(outlook::parts(view));
    parts.push(explain::explained(view));
    parts.extend(load::parts(view));
    parts.extend(demand::parts(view));
    parts.push(plan::orders(view));
    parts.push(plan::shortfalls(view));
    parts.extend(section::parts(view));
    parts.push(plan::owed(view));
    parts.extend(timetable::parts(view));
    parts.push(record::measures(view));
    parts.push(record::districts(view));
    parts.push(record::care(view));
    parts.push(record::facilities(view));
    parts.push(record::series(view));
    parts.extend(record::sources(view));
    parts
}

/// A part with its title from the findings and nothing under it yet.
fn part(view: &View<'_>, key: &'static str, label: &'static str, sub: impl Into<String>) -> Part {
    let (title, synthetic) = view.title(key);
    Part { key, label, title, synthetic, sub: sub.into(), pieces: Vec::new(), chapter: false, together: false }
}

/// Sentences as a list; each can be carried over by itself.
fn bullets(view: &View<'_>, items: Vec<(Rich, bool)>) -> Vec<Piece> {
    items
        .into_iter()
        .map(|(said, synthetic)| {
            let said = said.capitalised();
            let high = lines(said.ems() + 2.0, 12.5, super::pager::WIDTH - 14.0) * 18.75 + 4.0;
            Piece::Whole(format!("<ul class=\"bul\"><li>{}{}</li></ul>", rich(&said), view.s(synthetic)), high)
        })
        .collect()
}

/// A hatched panel that says why there is nothing.
fn void(view: &View<'_>, reason: Option<&Message>) -> Piece {
    Piece::Whole(markup::void(view.speaker, reason), 70.0)
}

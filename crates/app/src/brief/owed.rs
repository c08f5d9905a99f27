//! What is owed, kind by kind, as the meeting reads it.

use super::words::Names;
use crate::day::{Day, KindView};
use levee_brief::facts::{Arg, AsOf, Figure, Known, Message, OwedRow, Words};
use levee_model::provenance::Origin;
use levee_model::report::Qualifier;

/// Kinds that the page has room for, beside what is always shown.
const MOST: usize = 8;

fn unknown_row(name: Words, life_saving: bool, owner: Words) -> OwedRow {
    let unknown = || Message::new("not_kept_yet");
    OwedRow {
        kind: name,
        life_saving,
        open: Figure::unknown(unknown()),
        overdue: Figure::unknown(unknown()),
        oldest_hours: Figure::unknown(unknown()),
        owner: Some(owner),
    }
}

fn row(day: &Day, names: &Names<'_>, kind: &KindView) -> OwedRow {
    let later = || Message::new("unknown.later_entries");
    #[expect(clippy::cast_precision_loss, reason = "hours of an outbreak")]
    let hours = |due: jiff::Timestamp| day.as_known_at.duration_since(due).as_mins() as f64 / 60.0;
    let oldest = match (kind.late, kind.oldest_due) {
        (None, _) => Figure::unknown(later()),
        (Some(0), _) | (Some(_), None) => Figure::derived(0.0),
        (Some(_), Some(due)) => Figure::derived(hours(due).max(0.0)),
    };
    OwedRow {
        kind: Words::new(&kind.name.0, &kind.name.1),
        life_saving: kind.life_saving,
        open: Figure::derived(kind.owed),
        overdue: kind.late.map_or_else(|| Figure::unknown(later()), Figure::derived),
        oldest_hours: oldest,
        owner: Some(names.section(&kind.section)),
    }
}

/// What is owed. What nobody reports on is not known, and says so: placements are opened from the counts, and as long
/// as none was ever reported as made, how many are open is not known.
pub(super) fn owed(day: &Day, names: &Names<'_>) -> Figure<Vec<OwedRow>> {
    let mut rows = Vec::new();
    let (mut shown, mut saving): (Vec<&KindView>, Vec<&KindView>) = (vec![], vec![]);
    for (id, kind) in &day.owed.kinds {
        match (kind.life_saving, id.as_str()) {
            (true, _) => saving.push(kind),
            (false, crate::ledger::placements::KIND) => {}
            (false, _) if kind.owed > 0 => shown.push(kind),
            _ => {}
        }
    }
    if saving.is_empty() {
        rows.push(unknown_row(Words::new("急救", "Urgent care"), true, names.section("treatment")));
    }
    rows.extend(saving.into_iter().map(|kind| row(day, names, kind)));
    let placements = day.owed.kinds.iter().find(|(id, _)| id.as_str() == crate::ledger::placements::KIND);
    match placements {
        Some((_, kind)) if kind.closed > 0 => rows.push(row(day, names, kind)),
        other => {
            let opened = other.map_or(0, |(_, kind)| kind.opened);
            let unmet = Message::new("unknown.placements_not_reported").with("n", Arg::Count(opened));
            rows.push(OwedRow {
                kind: Words::new("收治", "Placement"),
                life_saving: false,
                open: Figure::unknown(unmet.clone()),
                overdue: Figure::unknown(unmet.clone()),
                oldest_hours: Figure::unknown(unmet),
                owner: Some(names.section("transfer")),
            });
        }
    }
    if shown.is_empty() {
        for (zh, en, section) in
            [("配送", "Delivery", "supplies"), ("出结果", "Results", "testing"), ("检查", "Inspection", "safety")]
        {
            rows.push(unknown_row(Words::new(zh, en), false, names.section(section)));
        }
    }
    shown.sort_by_key(|kind| (kind.priority, std::cmp::Reverse(kind.late), std::cmp::Reverse(kind.owed)));
    rows.extend(shown.into_iter().take(MOST).map(|kind| row(day, names, kind)));
    Figure::Known(Known {
        value: rows,
        qualifier: Qualifier::Exact,
        origin: Origin::Derived,
        as_of: Some(AsOf::Moment(day.picture.moment.as_known_at)),
        known_at: None,
        age_hours: None,
        sources: vec![],
        basis: None,
    })
}

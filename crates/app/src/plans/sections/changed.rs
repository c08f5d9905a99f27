//! What changed since the plan before, and what became of what people had decided.

use crate::plans::compare::{ChangedRow, compare};
use crate::plans::document::PlanDocument;
use levee_brief::facts::{Arg, Message, PlanSection, SectionColumn, SectionTable, Words};

/// Rows that the table shows.
const SHOWN: usize = 10;

pub(super) fn section(before: &PlanDocument, now: &PlanDocument) -> Option<PlanSection> {
    // Refused only where one of the two has no transfers: then nothing of them can have changed.
    let compared = compare(before, now).ok()?;
    let origin = now.transfers()?.origin;
    let mut rows = compared.rows(now);
    let people = compared.people_changed();
    let title = if rows.is_empty() {
        Message::new("section.changed_nothing").day("day", before.day)
    } else {
        Message::new("section.changed").count("n", people).count("rows", rows.len() as u64).day("day", before.day)
    };
    let (a, b) = (&compared.comparison.before, &compared.comparison.after);
    let sum = |all: &[levee_model::quantity::Persons; 4]| all.iter().map(|n| n.get()).sum::<u64>();
    let beside = |code: &str, before: u64, after: u64| Message::new(code).count("before", before).count("after", after);
    let lines = vec![
        beside("section.changed_served", sum(&a.served), sum(&b.served)),
        beside("section.changed_late", a.late_person_days.iter().sum(), b.late_person_days.iter().sum()),
        beside("section.changed_travelled", a.person_km, b.person_km),
    ];
    let left_out = rows.len().saturating_sub(SHOWN) as u64;
    // The greatest changes, in the order of their days.
    rows.sort_by_key(|row| std::cmp::Reverse(row.people.0.abs_diff(row.people.1)));
    rows.truncate(SHOWN);
    rows.sort_by_key(|row| row.day);
    let table = SectionTable {
        columns: vec![
            SectionColumn::text("日期", "Day", 9),
            SectionColumn::text("去向", "To", 26),
            SectionColumn::text("病情", "Class", 13),
            SectionColumn::figures("原", "Before", 8),
            SectionColumn::figures("现", "Now", 8),
            SectionColumn::text("原因", "Why", 36),
        ],
        rows: rows.into_iter().map(row).collect(),
        left_out,
    };
    let table = (!table.rows.is_empty()).then_some(table);
    Some(PlanSection { part: "changed".to_owned(), title, lines, table, origin })
}

fn row(row: ChangedRow) -> Vec<Option<Arg>> {
    let why = row.why.into_iter().map(|why| Arg::Message(Box::new(why))).collect();
    vec![
        Some(Arg::Day(row.day)),
        Some(Arg::Words(row.facility)),
        Some(Arg::Words(row.class)),
        Some(Arg::Count(row.people.0)),
        Some(Arg::Count(row.people.1)),
        Some(Arg::List(why)),
    ]
}

pub(super) fn decided(document: &PlanDocument) -> Option<PlanSection> {
    let rows = document.transfer_view()?.decided;
    let origin = document.transfers()?.origin;
    let (n, kept) = (rows.len() as u64, rows.iter().filter(|row| !row.refused).count() as u64);
    if rows.is_empty() {
        return None;
    }
    let kind = |order: bool| {
        Arg::Words(if order { Words::new("指令", "accepted order") } else { Words::new("指定", "pin") })
    };
    let cells = rows.into_iter().map(|row| {
        let what = Arg::Message(Box::new(row.what));
        vec![Some(kind(row.order)), Some(what), Some(Arg::Message(Box::new(row.outcome)))]
    });
    let table = SectionTable {
        columns: vec![
            SectionColumn::text("类别", "Kind", 14),
            SectionColumn::text("内容", "What was decided", 50),
            SectionColumn::text("结果", "What became of it", 36),
        ],
        rows: cells.collect(),
        left_out: 0,
    };
    let title = Message::new("section.decided").count("n", n).count("kept", kept);
    Some(PlanSection { part: "decided".to_owned(), title, lines: vec![], table: Some(table), origin })
}

//! What is owed: by area, section and kind; how late; who is asked.

use super::desk::Desk;
use crate::city::AppError;
use crate::journal::{Read, Space};
use crate::projection::ledger::rows::{ClosureRow, DueRow, Numbers, OwedRow};
use crate::projection::ledger::{keys, read};
use jiff::Timestamp;
use jiff::civil::Date;
use levee_ledger::duty::Asked;
use levee_ledger::{AreaPath, KindId, ObligationId, Section};
use levee_model::ids::PersonId;
use std::collections::{BTreeMap, BinaryHeap};
use std::ops::ControlFlow;

/// What to list.
#[derive(Clone, Debug)]
pub struct Query {
    /// In which area, with all that lies in it.
    pub area: AreaPath,
    /// Only what is late.
    pub late: bool,
    /// Only this kind.
    pub kind: Option<KindId>,
    /// Only this section.
    pub section: Option<Section>,
    /// Only what this person was given.
    pub owner: Option<PersonId>,
    /// At most so many, the longest due first.
    pub limit: usize,
}

/// One thing that is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Which.
    pub obligation: ObligationId,
    /// Whose section.
    pub section: Section,
    /// By when.
    pub due: Timestamp,
    /// What, where, how many.
    pub row: OwedRow,
    /// The person it was given to, or who is on duty for it now.
    pub owner: Option<PersonId>,
    /// Who is asked, when it is late enough for its ladder.
    pub asked: Option<Asked>,
}

/// What is owed of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindSum {
    /// Obligations.
    pub items: u64,
    /// Units.
    pub units: u64,
    /// Units that are late.
    pub late_units: u64,
    /// Obligations that are late.
    pub late_items: u64,
}

/// What is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// Seen at which moment.
    pub now: Timestamp,
    /// By kind.
    pub kinds: BTreeMap<KindId, KindSum>,
    /// The longest due first.
    pub items: Vec<Item>,
    /// Whether there are more than were listed.
    pub more: bool,
}

/// The books that an area's obligations may stand in.
fn books_of(on: &dyn Read, area: &AreaPath) -> Result<Vec<String>, AppError> {
    Ok(if area.as_str() == area.city() { read::books(on)? } else { vec![area.book().to_owned()] })
}

/// What is owed in an area at a moment. Sums come from counts that every commit keeps; for an area below a district, and
/// for one person, everything of the book or person is looked through.
pub fn owed(on: &dyn Read, desk: &Desk, query: &Query, now: Timestamp) -> Result<Owed, AppError> {
    owed_after(on, desk, query, None, now)
}

/// The same after an item that was listed: a page of a list that stands still where others open and close meanwhile. Sums are of
/// everything on every page.
pub fn owed_after(
    on: &dyn Read,
    desk: &Desk,
    query: &Query,
    after: Option<(Timestamp, ObligationId)>,
    now: Timestamp,
) -> Result<Owed, AppError> {
    let seen = after.map(|(due, id)| (due.as_second(), id));
    let mut kinds: BTreeMap<KindId, KindSum> = BTreeMap::new();
    let whole_books = query.area.codes().count() <= 2 && query.owner.is_none();
    // The heap keeps the longest due; what is due later falls out.
    let mut heap: BinaryHeap<(i64, ObligationId)> = BinaryHeap::new();
    let mut rows: BTreeMap<(i64, ObligationId), (Section, OwedRow)> = BTreeMap::new();
    let mut found = 0usize;
    for book in books_of(on, &query.area)? {
        if whole_books {
            sums(on, &book, query, now, &mut kinds)?;
        }
        for section in read::sections(on, &book)? {
            if query.section.as_ref().is_some_and(|wanted| *wanted != section) {
                continue;
            }
            let until = if query.late { now } else { Timestamp::MAX };
            let mut here = 0usize;
            let mut range = keys::owed_before(&book, &section, until);
            // What was listed before is not read again, unless all must be counted.
            if let (true, Some((due, _))) = (whole_books, after) {
                (_, range.0) = keys::owed_before(&book, &section, due);
            }
            if range.0 >= range.1 {
                continue;
            }
            read::each(on, Space::Owed, &range, &mut |key, value| {
                let Some((_, due, id)) = keys::owed_parts(key) else { return Ok(ControlFlow::Continue(())) };
                let row = read::owed_row(key, value)?;
                let fits = row.path.is_within(&query.area)
                    && query.kind.as_ref().is_none_or(|kind| *kind == row.kind)
                    && query.owner.as_ref().is_none_or(|owner| row.owner.as_ref() == Some(owner));
                if !fits {
                    return Ok(ControlFlow::Continue(()));
                }
                if !whole_books {
                    let sum = kinds.entry(row.kind.clone()).or_default();
                    sum.items += 1;
                    sum.units = sum.units.saturating_add(row.units);
                    if due < now.as_second() {
                        sum.late_items += 1;
                        sum.late_units = sum.late_units.saturating_add(row.units);
                    }
                }
                if seen.is_some_and(|seen| (due, id) <= seen) {
                    return Ok(ControlFlow::Continue(()));
                }
                found += 1;
                here += 1;
                heap.push((due, id));
                rows.insert((due, id), (section.clone(), row));
                if heap.len() > query.limit
                    && let Some(last) = heap.pop()
                {
                    rows.remove(&last);
                }
                // Within a section they come by due time: enough is enough, unless all must be counted.
                Ok(if whole_books && here > query.limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
            })?;
        }
    }
    let items =
        rows.into_iter().map(|((due, obligation), (section, row))| item(desk, now, due, obligation, section, row));
    Ok(Owed { now, kinds, items: items.collect(), more: found > query.limit })
}

fn item(desk: &Desk, now: Timestamp, due: i64, obligation: ObligationId, section: Section, row: OwedRow) -> Item {
    let due = Timestamp::from_second(due).unwrap_or(Timestamp::MIN);
    let owner = row.owner.clone().or_else(|| desk.duties.owner(&row.path, &section, now).map(|owner| owner.person));
    let ladder = desk.catalogue.kind(&row.kind).and_then(|kind| desk.catalogue.ladder(kind));
    let asked = ladder.and_then(|ladder| desk.duties.asked(ladder, &row.path, due, now));
    Item { obligation, section, due, row, owner, asked }
}

/// Sums of a book by kind, from the counts by quarter of an hour; the quarter that runs is looked through.
fn sums(
    on: &dyn Read,
    book: &str,
    query: &Query,
    now: Timestamp,
    kinds: &mut BTreeMap<KindId, KindSum>,
) -> Result<(), AppError> {
    let running = keys::slot(now);
    let wanted = |kind: &KindId, section: &Section| {
        query.kind.as_ref().is_none_or(|one| one == kind) && query.section.as_ref().is_none_or(|one| one == section)
    };
    let mut split: Vec<Section> = Vec::new();
    read::each(on, Space::Due, &keys::owed_in(book), &mut |key, value| {
        let (Some((section, kind, slot)), Some(row)) = (keys::due_parts(key), DueRow::from_bytes(value)) else {
            return Ok(ControlFlow::Continue(()));
        };
        if !wanted(&kind, &section) {
            return Ok(ControlFlow::Continue(()));
        }
        let sum = kinds.entry(kind).or_default();
        sum.items += row.items;
        sum.units = sum.units.saturating_add(row.units);
        if slot < running {
            sum.late_items += row.items;
            sum.late_units = sum.late_units.saturating_add(row.units);
        } else if slot == running && !split.contains(&section) {
            split.push(section);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let begun = Timestamp::from_second(running * keys::SLOT_SECONDS).unwrap_or(now);
    for section in split {
        let (_, from) = keys::owed_before(book, &section, begun);
        let (_, to) = keys::owed_before(book, &section, now);
        read::each(on, Space::Owed, &(from, to), &mut |key, value| {
            let row = read::owed_row(key, value)?;
            if wanted(&row.kind, &section) {
                let sum = kinds.entry(row.kind).or_default();
                sum.late_items += 1;
                sum.late_units = sum.late_units.saturating_add(row.units);
            }
            Ok(ControlFlow::Continue(()))
        })?;
    }
    Ok(())
}

/// How a section of a book keeps up.
#[derive(Clone, Debug, PartialEq)]
pub struct PostRecord {
    /// The book: a district, or the city.
    pub book: String,
    /// The section.
    pub section: Section,
    /// Who is on duty now.
    pub on_duty: Option<levee_ledger::duty::DutyOwner>,
    /// Obligations still owed.
    pub items: u64,
    /// Units still owed.
    pub units: u64,
    /// Since when the longest due one is due.
    pub oldest_due: Option<Timestamp>,
    /// Mean age of what is owed, in seconds since it was opened.
    pub backlog_age_seconds: Option<u64>,
    /// What became of what was due on the day.
    pub closure: ClosureRow,
}

/// Every section of every book that owes anything or owed anything on a day, the one with the oldest item first.
pub fn record(on: &dyn Read, desk: &Desk, day: Date, now: Timestamp) -> Result<Vec<PostRecord>, AppError> {
    let city = desk.places.city().as_str().to_owned();
    let bounds = desk
        .calendar
        .end_of(day.yesterday().unwrap_or(day))
        .zip(desk.calendar.end_of(day))
        .map(|(from, to)| (keys::slot(from), keys::slot(to)));
    let mut posts: BTreeMap<(String, Section), PostRecord> = BTreeMap::new();
    for book in read::books(on)? {
        let Some(path) = read::book_path(&city, &book) else { continue };
        let fresh = |section: &Section| PostRecord {
            book: book.clone(),
            section: section.clone(),
            on_duty: desk.duties.owner(&path, section, now),
            items: 0,
            units: 0,
            oldest_due: None,
            backlog_age_seconds: None,
            closure: ClosureRow::default(),
        };
        let mut opened: BTreeMap<Section, u128> = BTreeMap::new();
        read::each(on, Space::Due, &keys::owed_in(&book), &mut |key, value| {
            if let (Some((section, _, _)), Some(row)) = (keys::due_parts(key), DueRow::from_bytes(value)) {
                let post = posts.entry((book.clone(), section.clone())).or_insert_with(|| fresh(&section));
                post.items += row.items;
                post.units = post.units.saturating_add(row.units);
                *opened.entry(section).or_default() += u128::from(row.opened_seconds);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        for section in desk.catalogue.kinds().filter_map(|kind| kind.owner.section.parse::<Section>().ok()) {
            if let Some((from, to)) = bounds {
                let mut sum = ClosureRow::default();
                read::each(on, Space::Closure, &keys::closures(&book, &section, from, to), &mut |_, value| {
                    if let Some(row) = ClosureRow::from_bytes(value) {
                        sum.add(&row);
                    }
                    Ok(ControlFlow::Continue(()))
                })?;
                if sum != ClosureRow::default() {
                    posts.entry((book.clone(), section.clone())).or_insert_with(|| fresh(&section)).closure = sum;
                }
            }
        }
        for (section, seconds) in opened {
            let Some(post) = posts.get_mut(&(book.clone(), section.clone())) else { continue };
            let now_seconds = u128::try_from(now.as_second()).unwrap_or(0);
            let age = (now_seconds * u128::from(post.items)).saturating_sub(seconds) / u128::from(post.items.max(1));
            post.backlog_age_seconds = u64::try_from(age).ok();
            read::each(on, Space::Owed, &keys::owed_before(&book, &section, Timestamp::MAX), &mut |key, _| {
                post.oldest_due = keys::owed_parts(key).and_then(|(_, due, _)| Timestamp::from_second(due).ok());
                Ok(ControlFlow::Break(()))
            })?;
        }
    }
    let mut posts: Vec<PostRecord> = posts.into_values().collect();
    posts.sort_by_key(|post| post.oldest_due.unwrap_or(Timestamp::MAX));
    Ok(posts)
}

//! What is owed on a day, for its brief.

use crate::city::AppError;
use crate::journal::{Read, Space};
use crate::ledger::{Desk, placements};
use crate::projection::ledger::rows::{DueRow, Numbers};
use crate::projection::ledger::{keys, read};
use crate::settings::Calendar;
use jiff::Timestamp;
use levee_ledger::{Command, Flow, KindId, Section};
use levee_picture::Picture;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// What is owed of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindView {
    /// Chinese and English name.
    pub name: (String, String),
    /// The section whose it is.
    pub section: String,
    /// Law 7.
    pub life_saving: bool,
    /// 1 comes first.
    pub priority: u8,
    /// Units that were ever opened, less those opened in error.
    pub opened: u64,
    /// Units met or waived, by the end of the day.
    pub closed: u64,
    /// Units owed at the end of the day.
    pub owed: u64,
    /// Of these, late; `None` when the books go on after the day, and what was late then is not kept.
    pub late: Option<u64>,
    /// When the longest due one is due, to a quarter of an hour.
    pub oldest_due: Option<Timestamp>,
}

/// What is owed on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwedView {
    /// Every kind of which anything was ever opened.
    pub kinds: BTreeMap<KindId, KindView>,
    /// Placements that a corrected count would take back, though they were met or waived already.
    pub surplus: u64,
}

pub(super) fn view(
    on: &dyn Read,
    desk: &Desk,
    picture: &Picture,
    calendar: &Calendar,
    moment: Timestamp,
) -> Result<OwedView, AppError> {
    let day = picture.moment.day;
    let city = desk.places.city().as_str();
    let mut view = OwedView::default();
    let fresh = |id: &KindId| {
        let kind = desk.catalogue.kind(id);
        KindView {
            name: kind.map_or((id.to_string(), id.to_string()), |k| (k.name_zh.clone(), k.name_en.clone())),
            section: kind.map_or_else(String::new, |kind| kind.owner.section.clone()),
            life_saving: kind.is_some_and(|kind| kind.life_saving),
            priority: kind.map_or(9, |kind| kind.priority),
            opened: 0,
            closed: 0,
            owed: 0,
            late: None,
            oldest_due: None,
        }
    };
    // Sums over all accounts up to the day: what stands now, less what flowed after it.
    let last = read::last_day(on, day)?;
    let books = read::books(on)?;
    for (account, balance, later) in read::standing(on, city, &books, day, last)? {
        let one = view.kinds.entry(account.1.clone()).or_insert_with(|| fresh(&account.1));
        let up_to = |flow| balance.flows.of(flow).saturating_sub(later.of(flow));
        let opened = up_to(Flow::Opened).saturating_add(up_to(Flow::Corrected));
        one.opened = one.opened.saturating_add(opened.saturating_sub(up_to(Flow::Voided)));
        one.closed = one.closed.saturating_add(up_to(Flow::Met).saturating_add(up_to(Flow::Waived)));
        let owed = i128::from(balance.owed()) - later.net();
        one.owed = one.owed.saturating_add(u64::try_from(owed).unwrap_or(0));
    }
    if last == day {
        for book in &books {
            late(on, book, moment, &mut view)?;
        }
    }
    pending(on, desk, picture, calendar, moment, &mut view, fresh)?;
    Ok(view)
}

fn late(on: &dyn Read, book: &str, moment: Timestamp, view: &mut OwedView) -> Result<(), AppError> {
    let now = keys::slot(moment);
    let mut due: Vec<(Section, KindId, i64, DueRow)> = Vec::new();
    read::each(on, Space::Due, &keys::owed_in(book), &mut |key, value| {
        if let (Some((section, kind, slot)), Some(row)) = (keys::due_parts(key), DueRow::from_bytes(value)) {
            due.push((section, kind, slot, row));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    for (_, kind, slot, row) in due {
        let Some(one) = view.kinds.get_mut(&kind) else { continue };
        let at = Timestamp::from_second(slot * keys::SLOT_SECONDS).ok();
        one.oldest_due = [one.oldest_due, at].into_iter().flatten().min();
        let late = if slot < now { row.units } else { 0 };
        one.late = Some(one.late.unwrap_or(0).saturating_add(late));
    }
    Ok(())
}

/// What this day's counts will open or correct, as if it had been.
fn pending(
    on: &dyn Read,
    desk: &Desk,
    picture: &Picture,
    calendar: &Calendar,
    moment: Timestamp,
    view: &mut OwedView,
    fresh: impl Fn(&KindId) -> KindView,
) -> Result<(), AppError> {
    let (commands, surplus) = placements::commands(on, desk, picture, uuid::Uuid::nil(), &|day| calendar.end_of(day))?;
    view.surplus = surplus;
    for command in commands {
        let Command::Open(new) = command else { continue };
        let known = match &new.ground {
            Some(ground) => read::on_ground(on, &new.kind, &new.path, ground)?,
            None => None,
        };
        let before = known.as_ref().map_or(0, |known| known.standing_units());
        let one = view.kinds.entry(new.kind.clone()).or_insert_with(|| fresh(&new.kind));
        one.opened = one.opened.saturating_sub(before).saturating_add(new.units);
        one.owed = one.owed.saturating_sub(before.saturating_sub(new.units));
        one.owed = one.owed.saturating_add(new.units.saturating_sub(before));
        let kind = desk.catalogue.kind(&new.kind);
        let due = match (known.map(|known| known.due), kind.map(|kind| kind.due)) {
            (Some(due), _) => Some(due),
            (None, Some(levee_ledger::catalogue::DueFrom::Rule(minutes))) => {
                new.opened_at.checked_add(jiff::SignedDuration::from_mins(i64::from(minutes))).ok()
            }
            _ => None,
        };
        if let Some(due) = due {
            one.oldest_due = Some(one.oldest_due.map_or(due, |oldest| oldest.min(due)));
            let more = if due < moment { new.units.saturating_sub(before) } else { 0 };
            one.late = Some(one.late.unwrap_or(0).saturating_add(more));
        }
    }
    Ok(())
}

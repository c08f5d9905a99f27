//! Lines of the ledger: what is owed, what was closed on the day, orders, and the settlement of the books.

use super::gather::Gather;
use super::then::Then;
use crate::city::AppError;
use crate::journal::{JournalError, Read as _, Space};
use crate::ledger::placements;
use crate::projection::decode;
use crate::projection::ledger::{keys, read, record};
use jiff::civil::Date;
use levee_brief::facts::{Origin, Words};
use levee_brief::operations::{Row, Source, State};
use levee_ledger::order::{Order, OrderState};
use levee_ledger::{KindId, Obligation, State as UnitState};
use std::ops::ControlFlow;

/// Lines of obligations: those that are open, and those that were closed on the day. `pending` stand as they will once the day is run.
pub(super) fn obligations(on: &Then<'_>, gather: &mut Gather<'_>, pending: Vec<Obligation>) -> Result<(), AppError> {
    let today = gather.today();
    let mut all: Vec<Obligation> = Vec::new();
    let (mut unreadable, mut ever_closed) = (None, false);
    let (from, to) = keys::beginning(vec![]);
    on.scan(Space::Obligation, &from, &to, &mut |(key, bytes)| match keys::last_obligation(key)
        .and_then(|id| record::from_bytes(id, bytes))
    {
        Some(one) => {
            ever_closed |= one.kind.as_str() == placements::KIND && !outcome(&one).is_empty();
            let closed_today = one.is_closed() && one.posted == today && !outcome(&one).is_empty();
            if !one.is_closed() || closed_today {
                all.push(one);
            }
            ControlFlow::Continue(())
        }
        None => {
            unreadable = Some(key.escape_ascii().to_string());
            ControlFlow::Break(())
        }
    })?;
    if let Some(key) = unreadable {
        let why = format!("key {key}");
        let fault = crate::journal::LawBroken::Projection { space: Space::Obligation, why };
        return Err(JournalError::from(fault).into());
    }
    all.retain(|one| pending.iter().all(|other| other.id != one.id));
    all.extend(pending.into_iter().filter(|one| !one.is_closed()));
    gather.found(Source::Obligation, all.len() as u64);
    for one in all {
        let mut row = obligation(gather, &one);
        if one.kind.as_str() == placements::KIND && !ever_closed {
            // Opened from counts, and nobody ever said that one was made: what the books call late may long be done.
            row.note = row
                .note
                .or_else(|| Some(Words::new("从未报告办理，或已办结", "never reported as made; it may be done")));
        }
        gather.row(row);
    }
    Ok(())
}

/// What became of the units of an obligation, those that were closed.
fn outcome(one: &Obligation) -> Vec<(UnitState, u64)> {
    let closed = [UnitState::Met, UnitState::Waived, UnitState::Expired];
    closed.into_iter().map(|state| (state, one.split.of(state))).filter(|(_, units)| *units > 0).collect()
}

fn outcome_words(one: &Obligation) -> Option<Words> {
    let parts: Vec<(String, String)> = outcome(one)
        .into_iter()
        .map(|(state, units)| match state {
            UnitState::Met => (format!("办结{units}"), format!("{units} met")),
            UnitState::Waived => (format!("免除{units}"), format!("{units} waived")),
            _ => (format!("逾期失效{units}"), format!("{units} expired")),
        })
        .collect();
    let join = |of: fn(&(String, String)) -> &str, with: &str| parts.iter().map(of).collect::<Vec<_>>().join(with);
    (!parts.is_empty()).then(|| Words::new(join(|(zh, _)| zh, "，"), join(|(_, en)| en, ", ")))
}

fn kind_words(gather: &Gather<'_>, id: &KindId) -> Words {
    let kind = gather.desk.catalogue.kind(id);
    kind.map_or_else(|| Words::same(id.as_str()), |kind| Words::new(&kind.name_zh, &kind.name_en))
}

fn obligation(gather: &Gather<'_>, one: &Obligation) -> Row {
    let kind = gather.desk.catalogue.kind(&one.kind);
    let place = gather.told(&one.path);
    let (owed, closed) = (one.owed(), one.is_closed());
    let late = if closed { None } else { gather.late(one.due) };
    let state = match (closed, late) {
        (true, _) => State::Done,
        (false, Some(_)) => State::Overdue,
        (false, None) => State::Owed,
    };
    let given = one.owner.as_ref().map(|id| gather.person(id, "given"));
    let units = if closed { one.standing_units() } else { owed };
    let explained = one.arrears.as_ref().map(|arrears| {
        let (day, reason) = (arrears.day, &arrears.reason);
        Words::new(format!("{day}已说明：{reason}"), format!("explained on {day}: {reason}"))
    });
    Row {
        source: Source::Obligation,
        id: one.id.to_string(),
        state,
        what: kind_words(gather, &one.kind),
        units: kind.map(|kind| (units, Words::new(&kind.unit.0, &kind.unit.1))),
        section: one.section.as_str().to_owned(),
        owner: given.or_else(|| gather.on_duty(&one.path, one.section.as_str(), gather.now)),
        district: place.district,
        place: place.place,
        place_name: place.name,
        from: Some(gather.at(one.opened_at)),
        until: gather.at(one.due),
        late_minutes: late,
        life_saving: one.life_saving,
        origin: if one.synthetic { Origin::Synthetic } else { Origin::Reported },
        note: explained.filter(|_| !closed).or_else(|| outcome_words(one)),
    }
}

/// Lines of orders: those under way, and those over whose time lies on the day.
pub(super) fn orders(on: &Then<'_>, gather: &mut Gather<'_>) -> Result<(), AppError> {
    let (from, to) = keys::all_orders();
    let mut all: Vec<Order> = Vec::new();
    read::each(on, Space::Order, &(from, to), &mut |_, bytes| {
        all.push(decode(Space::Order, bytes)?);
        Ok(ControlFlow::Continue(()))
    })?;
    let today = gather.today();
    all.retain(|one| !one.state.is_over() || gather.at(one.due).local.date() == today);
    gather.found(Source::Order, all.len() as u64);
    for one in all {
        let row = order(on, gather, &one)?;
        gather.row(row);
    }
    Ok(())
}

fn order(on: &Then<'_>, gather: &Gather<'_>, one: &Order) -> Result<Row, AppError> {
    let place = gather.told(&one.path);
    let first = one.meets.first().map(|promise| read::obligation(on, &promise.obligation)).transpose()?.flatten();
    let kind = first.as_ref().map(|met| kind_words(gather, &met.kind));
    let unit = first.as_ref().and_then(|met| gather.desk.catalogue.kind(&met.kind));
    let units = one.meets.iter().fold(0u64, |sum, promise| sum.saturating_add(promise.units));
    let late = if one.state.is_over() { None } else { gather.late(one.due) };
    let state = match (one.state, late) {
        (OrderState::Done | OrderState::Failed | OrderState::Cancelled, _) => State::Done,
        (_, Some(_)) => State::Overdue,
        (OrderState::Proposed | OrderState::Approved, None) => State::Planned,
        (OrderState::Issued | OrderState::Accepted, None) => State::Owed,
    };
    let (zh, en) = match one.state {
        OrderState::Proposed => ("拟议，待批准", "proposed, waits for approval"),
        OrderState::Approved => ("已批准，待下达", "approved, waits to be issued"),
        OrderState::Issued => ("已下达，待领受", "issued, waits to be accepted"),
        OrderState::Accepted => ("已领受", "accepted"),
        OrderState::Done => ("完成", "done"),
        OrderState::Failed => ("未能完成，原应尽事项仍在", "FAILED; what it should have met is still owed"),
        OrderState::Cancelled => ("已撤销", "cancelled"),
    };
    let given = one.carried_out_by.as_ref().map(|id| gather.person(id, "given"));
    let what = kind.unwrap_or_else(|| Words::same(one.action.as_str()));
    Ok(Row {
        source: Source::Order,
        id: one.id.to_string(),
        state,
        what: Words::new(format!("指令：{}", what.zh), format!("order: {}", what.en)),
        units: unit.map(|kind| (units, Words::new(&kind.unit.0, &kind.unit.1))),
        section: one.section.as_str().to_owned(),
        owner: given.or_else(|| gather.on_duty(&one.path, one.section.as_str(), gather.now)),
        district: place.district,
        place: place.place,
        place_name: place.name,
        from: None,
        until: gather.at(one.due),
        late_minutes: late,
        life_saving: one.life_saving,
        origin: first.map_or(Origin::Reported, |met| if met.synthetic { Origin::Synthetic } else { Origin::Reported }),
        note: Some(Words::new(zh, en)),
    })
}

/// The next day of each book that is to be settled; one line for the city where all books stand at the same day. A day is settled
/// once it is over; one that ended before today and is not sealed is late since its end.
pub(super) fn settlement(on: &Then<'_>, gather: &mut Gather<'_>, opens: bool) -> Result<(), AppError> {
    let city = gather.desk.places.city().as_str().to_owned();
    // The first day that opens anything is the first day of the books.
    let Some(first) = read::first_day(on)?.or_else(|| opens.then(|| gather.today())) else { return Ok(()) };
    let mut next: Vec<(String, Date)> = Vec::new();
    for book in read::books(on)? {
        let day = match read::closed(on, &city, &book)? {
            Some(last) => last.tomorrow().unwrap_or(last),
            None => first,
        };
        next.push((book, day));
    }
    // Books that begin later have nothing of that day to settle.
    next.retain(|(_, day)| *day <= gather.today());
    if next.is_empty() && opens {
        next.push((city.clone(), gather.today()));
    }
    let same = next.iter().all(|(_, day)| next.first().is_some_and(|(_, first)| first == day));
    if let (true, Some((_, day))) = (same, next.first().cloned()) {
        next = vec![(city, day)];
    }
    gather.found(Source::Settlement, next.len() as u64);
    for (book, day) in next {
        let what = Words::new(format!("日清日结：封存{day}的账"), format!("settle and seal the books of {day}"));
        let id = format!("{book}/{day}");
        let path = read::book_path(gather.desk.places.city().as_str(), &book);
        let (Some(path), Some(ends)) = (path, gather.calendar.end_of(day)) else {
            gather.unplaced(Source::Settlement, id, what, Some(book), levee_brief::operations::WhyUnplaced::NoPlace);
            continue;
        };
        let place = gather.told(&path);
        let late = gather.late(ends);
        let row = Row {
            source: Source::Settlement,
            id,
            state: if late.is_some() { State::Overdue } else { State::Owed },
            what,
            units: None,
            section: "headquarters".to_owned(),
            owner: gather.on_duty(&path, "headquarters", gather.now),
            district: place.district,
            place: place.place,
            place_name: place.name,
            from: gather.begin(day),
            until: gather.at(ends),
            late_minutes: late,
            life_saving: false,
            origin: Origin::Derived,
            note: Some(Words::new("当日结束后由两人签署", "two people sign once the day is over")),
        };
        gather.row(row);
    }
    Ok(())
}

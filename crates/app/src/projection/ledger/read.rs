//! Reading the ledger back from its projections.

use super::rows::{Numbers, OwedRow, SealRow};
use super::{get, keys, record};
use crate::journal::{JournalError, LawBroken, Read, Space};
use jiff::Timestamp;
use jiff::civil::Date;
use levee_ledger::order::{Order, OrderId, Resource, ResourceId};
use levee_ledger::settlement::{Arrear, Line};
use levee_ledger::{AreaPath, Balance, Flows, Ground, KindId, Obligation, ObligationId};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// An obligation.
pub fn obligation(on: &dyn Read, id: &ObligationId) -> Result<Option<Obligation>, JournalError> {
    let key = keys::obligation(id);
    let Some(bytes) = on.get(Space::Obligation, &key)? else { return Ok(None) };
    record::from_bytes(*id, &bytes).map(Some).ok_or_else(|| unreadable(Space::Obligation, &key))
}

/// The obligation that was opened on a ground.
pub fn on_ground(
    on: &dyn Read,
    kind: &KindId,
    path: &AreaPath,
    ground: &Ground,
) -> Result<Option<Obligation>, JournalError> {
    let by = keys::ground(kind, path, ground);
    let Some(key) = on.get(Space::Ground, &by)? else { return Ok(None) };
    obligation(on, &keys::last_obligation(&key).ok_or_else(|| unreadable(Space::Ground, &by))?)
}

/// An order.
pub fn order(on: &dyn Read, id: &OrderId) -> Result<Option<Order>, JournalError> {
    get(on, Space::Order, &keys::order(id))
}

/// What is held of a resource.
pub fn resource(on: &dyn Read, id: &ResourceId) -> Result<Option<Resource>, JournalError> {
    get(on, Space::Resource, &keys::resource(id))
}

/// The last seal of a book.
pub fn sealed(on: &dyn Read, book: &str) -> Result<Option<SealRow>, JournalError> {
    get(on, Space::Seal, &keys::sealed_book(book))
}

/// The last day on which nothing is entered any more in a book: the one that was sealed last, of the book itself or of the
/// city as a whole. A district that owed nothing when the city was sealed is closed with it.
pub fn closed(on: &dyn Read, city: &str, book: &str) -> Result<Option<Date>, JournalError> {
    let own = sealed(on, book)?.map(|row| row.day);
    let whole = if book == city { None } else { sealed(on, city)?.map(|row| row.day) };
    Ok(own.max(whole))
}

/// Where the units of an account stand.
pub fn balance(on: &dyn Read, path: &AreaPath, kind: &KindId) -> Result<Balance, JournalError> {
    super::sums::numbers(on, Space::Balance, &keys::balance(path, kind))
}

/// Goes on with a scan, or stops it and keeps the fault.
pub(crate) fn step<T>(fault: &mut Option<JournalError>, done: Result<T, JournalError>) -> ControlFlow<()> {
    match done {
        Ok(_) => ControlFlow::Continue(()),
        Err(error) => {
            *fault = Some(error);
            ControlFlow::Break(())
        }
    }
}

/// What is done with a row; `Break` ends the scan, an error too.
pub(crate) type Take<'a> = &'a mut dyn FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>, JournalError>;

/// Scans rows and stops at the first that cannot be read.
pub(crate) fn each(
    on: &dyn Read,
    space: Space,
    (from, to): &(Vec<u8>, Vec<u8>),
    take: Take<'_>,
) -> Result<(), JournalError> {
    let mut fault = None;
    on.scan(space, from, to, &mut |(key, value)| match take(key, value) {
        Ok(go_on) => go_on,
        Err(error) => step::<()>(&mut fault, Err(error)),
    })?;
    fault.map_or(Ok(()), Err)
}

fn unreadable(space: Space, key: &[u8]) -> JournalError {
    LawBroken::Projection { space, why: format!("key {}", key.escape_ascii()) }.into()
}

/// A line of the lists.
pub(crate) fn owed_row(key: &[u8], value: &[u8]) -> Result<OwedRow, JournalError> {
    OwedRow::from_bytes(value).ok_or_else(|| unreadable(Space::Owed, key))
}

/// The books of the city that hold anything, by code: its districts, and the city itself.
pub fn books(on: &dyn Read) -> Result<Vec<String>, JournalError> {
    let mut books: Vec<String> = Vec::new();
    // Jumps from book to book: one short scan for each.
    let mut from: Vec<u8> = Vec::new();
    loop {
        let mut found: Option<AreaPath> = None;
        let range = (from.clone(), vec![0xff]);
        each(on, Space::Balance, &range, &mut |key, _| {
            let (path, _) = keys::balance_parts(key).ok_or_else(|| unreadable(Space::Balance, key))?;
            found = Some(path);
            Ok(ControlFlow::Break(()))
        })?;
        let Some(path) = found else { return Ok(books) };
        if !books.iter().any(|book| book == path.book()) {
            books.push(path.book().to_owned());
        }
        from = match path.codes().count() {
            // The city's own accounts end where its districts begin.
            1 => [path.as_str().as_bytes(), &[1]].concat(),
            _ => {
                let district: Vec<&str> = path.codes().take(2).collect();
                let own = district.join("/");
                // Areas of the district follow its own accounts, after any district whose code begins alike.
                match path.codes().count() {
                    2 => [own.as_bytes(), &[1]].concat(),
                    _ => [own.as_bytes(), &[b'/' + 1]].concat(),
                }
            }
        };
    }
}

/// The path of a book: of a district, or of the city itself.
pub fn book_path(city: &str, book: &str) -> Option<AreaPath> {
    match book == city {
        true => city.parse().ok(),
        false => format!("{city}/{book}").parse().ok(),
    }
}

/// The key ranges of a book's accounts. The city's own book is the city without its districts.
pub(super) fn ranges(prefix: &[u8], city: &str, book: &str) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
    let path = book_path(city, book)?;
    let [own, below] = keys::within(prefix, &path);
    Some(if book == city { vec![own] } else { vec![own, below] })
}

/// The lines of some books on a day: law 2's equation for every account in which anything was owed or happened.
pub fn lines(on: &dyn Read, city: &str, books: &[String], day: Date, last: Date) -> Result<Vec<Line>, JournalError> {
    #[derive(Default)]
    struct Sides {
        carried_in: u64,
        /// What flowed before the day, in books that have sealed no day yet.
        before: Flows,
        on_day: Flows,
        later: Flows,
        balance: Balance,
    }
    let mut accounts: BTreeMap<Vec<u8>, Sides> = BTreeMap::new();
    let number = |space, key: &[u8], bytes: &[u8]| Flows::from_bytes(bytes).ok_or_else(|| unreadable(space, key));
    for book in books {
        for range in ranges(&[], city, book).unwrap_or_default() {
            each(on, Space::Balance, &range, &mut |key, bytes| {
                let balance = Balance::from_bytes(bytes).ok_or_else(|| unreadable(Space::Balance, key))?;
                accounts.entry(key.to_vec()).or_default().balance = balance;
                Ok(ControlFlow::Continue(()))
            })?;
            each(on, Space::Carry, &range, &mut |key, bytes| {
                let units: [u8; 8] = bytes.try_into().map_err(|_| unreadable(Space::Carry, key))?;
                accounts.entry(key.to_vec()).or_default().carried_in = u64::from_le_bytes(units);
                Ok(ControlFlow::Continue(()))
            })?;
        }
        // Books that have sealed no day yet carry in what flowed until now.
        if closed(on, city, book)?.is_none() {
            let mut at = first_day(on)?.unwrap_or(day);
            while at < day {
                for range in ranges(&keys::on_day(at), city, book).unwrap_or_default() {
                    each(on, Space::Account, &range, &mut |key, bytes| {
                        let flows = number(Space::Account, key, bytes)?;
                        accounts.entry(key.get(4..).unwrap_or_default().to_vec()).or_default().before.add(&flows);
                        Ok(ControlFlow::Continue(()))
                    })?;
                }
                let Ok(next) = at.tomorrow() else { break };
                at = next;
            }
        }
        // What flowed on the day, and on the days after it that have begun already.
        let mut at = day;
        while at <= last {
            for range in ranges(&keys::on_day(at), city, book).unwrap_or_default() {
                each(on, Space::Account, &range, &mut |key, bytes| {
                    let flows = number(Space::Account, key, bytes)?;
                    let sides = accounts.entry(key.get(4..).unwrap_or_default().to_vec()).or_default();
                    match at == day {
                        true => sides.on_day = flows,
                        false => sides.later.add(&flows),
                    }
                    Ok(ControlFlow::Continue(()))
                })?;
            }
            match at.tomorrow() {
                Ok(next) => at = next,
                Err(_) => break,
            }
        }
    }
    let mut lines = Vec::with_capacity(accounts.len());
    for (key, sides) in accounts {
        let account = keys::balance_parts(&key).ok_or_else(|| unreadable(Space::Balance, &key))?;
        let carried_in = u64::try_from(i128::from(sides.carried_in) + sides.before.net()).ok();
        let line = carried_in
            .and_then(|carried_in| Line::new(account, carried_in, sides.on_day, &sides.later, &sides.balance))
            .ok_or_else(|| super::law(format!("{}: fewer than none are owed", key.escape_ascii())))?;
        if !line.is_empty() {
            lines.push(line);
        }
    }
    Ok(lines)
}

/// An account, where its units stand now, and what flowed in it after a day.
pub type Standing = ((AreaPath, KindId), Balance, Flows);

/// All accounts of some books: where their units stand now, and what flowed after a day up to the last.
pub fn standing(
    on: &dyn Read,
    city: &str,
    books: &[String],
    day: Date,
    last: Date,
) -> Result<Vec<Standing>, JournalError> {
    let mut accounts: BTreeMap<Vec<u8>, (Balance, Flows)> = BTreeMap::new();
    for book in books {
        for range in ranges(&[], city, book).unwrap_or_default() {
            each(on, Space::Balance, &range, &mut |key, bytes| {
                let balance = Balance::from_bytes(bytes).ok_or_else(|| unreadable(Space::Balance, key))?;
                accounts.insert(key.to_vec(), (balance, Flows::default()));
                Ok(ControlFlow::Continue(()))
            })?;
        }
        let mut at = day;
        while at < last {
            let Ok(next) = at.tomorrow() else { break };
            at = next;
            for range in ranges(&keys::on_day(at), city, book).unwrap_or_default() {
                each(on, Space::Account, &range, &mut |key, bytes| {
                    let flows = Flows::from_bytes(bytes).ok_or_else(|| unreadable(Space::Account, key))?;
                    accounts.entry(key.get(4..).unwrap_or_default().to_vec()).or_default().1.add(&flows);
                    Ok(ControlFlow::Continue(()))
                })?;
            }
        }
    }
    accounts
        .into_iter()
        .map(|(key, (balance, later))| {
            let account = keys::balance_parts(&key).ok_or_else(|| unreadable(Space::Balance, &key))?;
            Ok((account, balance, later))
        })
        .collect()
}

/// The first day on whose books anything was entered.
pub(crate) fn first_day(on: &dyn Read) -> Result<Option<Date>, JournalError> {
    let mut found = None;
    each(on, Space::Account, &(vec![], vec![0xff]), &mut |key, _| {
        found = keys::day_of_account(key);
        Ok(ControlFlow::Break(()))
    })?;
    Ok(found)
}

/// The last day on whose books anything was entered.
pub fn last_day(on: &dyn Read, from: Date) -> Result<Date, JournalError> {
    let mut day = from;
    loop {
        let Ok(next) = day.tomorrow() else { return Ok(day) };
        let mut found = None;
        each(on, Space::Account, &(keys::on_day(next), vec![0xff]), &mut |key, _| {
            found = keys::day_of_account(key);
            Ok(ControlFlow::Break(()))
        })?;
        match found {
            None => return Ok(day),
            Some(later) => day = later.max(next),
        }
    }
}

/// Hands over what is owed in a book and was due before a moment, section by section, the oldest first.
pub fn late(
    on: &dyn Read,
    book: &str,
    before: Timestamp,
    take: &mut dyn FnMut(&levee_ledger::Section, i64, ObligationId, OwedRow) -> ControlFlow<()>,
) -> Result<(), JournalError> {
    for section in sections(on, book)? {
        let mut stopped = false;
        each(on, Space::Owed, &keys::owed_before(book, &section, before), &mut |key, value| {
            let (_, due, id) = keys::owed_parts(key).ok_or_else(|| unreadable(Space::Owed, key))?;
            let go_on = take(&section, due, id, owed_row(key, value)?);
            stopped = go_on.is_break();
            Ok(go_on)
        })?;
        if stopped {
            break;
        }
    }
    Ok(())
}

/// The sections that owe anything in a book.
pub fn sections(on: &dyn Read, book: &str) -> Result<Vec<levee_ledger::Section>, JournalError> {
    let mut sections: Vec<levee_ledger::Section> = Vec::new();
    let (mut from, to) = keys::owed_in(book);
    loop {
        let mut found = None;
        each(on, Space::Owed, &(from.clone(), to.clone()), &mut |key, _| {
            let (section, _, _) = keys::owed_parts(key).ok_or_else(|| unreadable(Space::Owed, key))?;
            found = Some(section);
            Ok(ControlFlow::Break(()))
        })?;
        let Some(section) = found else { return Ok(sections) };
        from = [book.as_bytes(), &[0], section.as_bytes(), &[1]].concat();
        sections.push(section.parse().map_err(|_| unreadable(Space::Owed, section.as_bytes()))?);
    }
}

/// What was due in some books before the end of a day and is still owed, with its reason if somebody gave one.
pub fn arrears(on: &dyn Read, books: &[String], day: Date, ends: Timestamp) -> Result<Vec<Arrear>, JournalError> {
    let mut arrears = Vec::new();
    // What is due at 24:00 is due by the end of the day.
    let after = ends.checked_add(jiff::SignedDuration::from_secs(1)).unwrap_or(ends);
    for book in books {
        late(on, book, after, &mut |section, due, id, row| {
            let said = row.arrears.filter(|(said, _, _)| *said >= day);
            arrears.push(Arrear {
                obligation: id,
                kind: row.kind,
                path: row.path,
                section: section.clone(),
                units: row.units,
                due: Timestamp::from_second(due).unwrap_or(Timestamp::MIN),
                reason: said.as_ref().map(|(_, reason, _)| reason.clone()),
                owner: said.map(|(_, _, owner)| owner),
            });
            ControlFlow::Continue(())
        })?;
    }
    Ok(arrears)
}

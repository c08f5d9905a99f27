//! Settling a day: the statement, what stands against it, and the seal of two people.

use super::desk::Desk;
use super::{path_of, rest};
use crate::blob::BlobRef;
use crate::city::{AppError, City, stream};
use crate::event::{DaySealed, Event, NewEvent, SettlementPrepared};
use crate::journal::{JournalError, Read, Receipt, Space};
use crate::projection::ledger::rows::PreparedRow;
use crate::projection::ledger::{keys, read};
use crate::rights::{NotAllowed, Right, check, may};
use crate::seal;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_ledger::settlement::{Arrear, Line, Unsettled, settled};
use levee_model::area::PlaceCode;
use levee_model::command::Envelope;
use levee_model::ids::PersonId;
use serde::{Deserialize, Serialize};

/// The schema of a statement.
pub const SCHEMA: &str = "levee.statement/1";

/// The statement of a day: law 2's equation for every account, and everything that is late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// [`SCHEMA`].
    pub schema: String,
    /// The city's id.
    pub city: String,
    /// The district, or the city for all of it.
    pub scope: String,
    /// The books that it covers.
    pub books: Vec<String>,
    /// The day.
    pub day: Date,
    /// 24:00 of it.
    pub ends: Timestamp,
    /// The seal of the day before of this scope.
    pub previous_seal: Option<BlobRef>,
    /// Every account in which anything was owed or happened.
    pub lines: Vec<Line>,
    /// What was due by the end of the day and is still owed.
    pub arrears: Vec<Arrear>,
}

impl Statement {
    /// Whether the day may be sealed.
    pub fn settled(&self) -> Result<(), Unsettled> {
        settled(self.day, self.lines.iter(), self.arrears.iter())
    }
    /// Arrears that nobody has explained.
    pub fn unexplained(&self) -> impl Iterator<Item = &Arrear> {
        self.arrears.iter().filter(|arrear| arrear.is_unexplained())
    }
}

/// What came of an attempt to settle.
#[derive(Clone, Debug)]
pub enum Settled {
    /// Something stands against it.
    Refused {
        /// What.
        why: Unsettled,
        /// The statement as it stands.
        statement: Statement,
    },
    /// The first person has signed; a second must seal.
    Prepared {
        /// Who signed.
        by: PersonId,
        /// The statement.
        statement: Statement,
        /// It replaces one that somebody else had signed, because the books have moved on since.
        replaces: Option<PersonId>,
        /// Where it stands in the journal.
        receipt: Receipt,
    },
    /// Sealed.
    Sealed {
        /// The two who sealed it.
        by: (PersonId, PersonId),
        /// The statement.
        statement: Statement,
        /// The seal.
        seal: BlobRef,
        /// Where it stands in the journal.
        receipt: Receipt,
    },
}

fn scope_books(on: &dyn Read, desk: &Desk, scope: &PlaceCode, day: Date) -> Result<Vec<String>, AppError> {
    if scope != desk.places.city() {
        let level = desk.places.area(scope).map(|area| area.level);
        if level != Some(levee_model::area::Level::District) {
            return Err(AppError::Asked {
                what: format!("`{scope}` keeps no books of its own"),
                hint: "settle a district, or the city".to_owned(),
            });
        }
        return Ok(vec![scope.to_string()]);
    }
    let mut books = Vec::new();
    let mut all = read::books(on)?;
    // A city without anything owed has a day to close all the same.
    if !all.iter().any(|book| book == scope.as_str()) {
        all.push(scope.to_string());
    }
    all.sort();
    for book in all {
        // Districts that have sealed this day themselves are closed already.
        if read::closed(on, scope.as_str(), &book)?.is_none_or(|last| last < day) {
            books.push(book);
        }
    }
    Ok(books)
}

/// The statement of a day as the books stand now. `scope` is a district, or the city for all of it.
pub fn statement(on: &dyn Read, desk: &Desk, scope: &PlaceCode, day: Date) -> Result<Statement, AppError> {
    let city = desk.places.city().as_str();
    let (_, settings, _) = crate::city::founded(on)?;
    let ends = desk
        .calendar
        .end_of(day)
        .ok_or_else(|| AppError::Date { what: format!("{day} has no end"), hint: "check the date".to_owned() })?;
    let books = scope_books(on, desk, scope, day)?;
    let last = read::last_day(on, day)?;
    Ok(Statement {
        schema: SCHEMA.to_owned(),
        city: settings.id.to_string(),
        scope: scope.to_string(),
        day,
        ends,
        previous_seal: seal::last(on, scope.as_str())?.map(|row| row.seal),
        lines: read::lines(on, city, &books, day, last)?,
        arrears: read::arrears(on, &books, day, ends)?,
        books,
    })
}

/// Whether the books may be sealed on this day at all.
fn in_order(
    on: &dyn Read,
    city: &str,
    statement: &Statement,
    now: Timestamp,
) -> Result<Result<(), Unsettled>, AppError> {
    let Statement { day, ends, .. } = statement;
    if now < *ends {
        return Ok(Err(Unsettled::NotOver { day: *day, ends: *ends }));
    }
    let scope = seal::last(on, &statement.scope)?.filter(|row| row.day >= *day);
    if scope.is_some() || statement.books.is_empty() {
        return Ok(Err(Unsettled::Sealed { book: statement.scope.clone(), day: *day }));
    }
    for book in &statement.books {
        let Some(last) = read::closed(on, city, book)? else { continue };
        if last >= *day {
            return Ok(Err(Unsettled::Sealed { book: book.clone(), day: *day }));
        }
        if let Ok(next) = last.tomorrow()
            && next != *day
        {
            return Ok(Err(Unsettled::OutOfOrder { book: book.clone(), last, next, day: *day }));
        }
    }
    Ok(Ok(()))
}

/// Who signs: a person who may seal, of this district or of the city.
fn signer(on: &dyn Read, envelope: &Envelope, desk: &Desk, scope: &PlaceCode) -> Result<PersonId, AppError> {
    check(on, &envelope.actor, Right::Seal)?;
    let nameless = NotAllowed::Nameless { what: Right::Seal.words() };
    let person = desk.actor(envelope)?.ok_or(nameless)?;
    let path = path_of(&desk.places, scope).ok_or_else(|| AppError::Asked {
        what: format!("the city knows no place `{scope}`"),
        hint: "settle a district, or the city".to_owned(),
    })?;
    may(person, Right::Seal, Some(&path)).map_err(|error| match error {
        NotAllowed::Area { person: id, .. } => {
            NotAllowed::Role { person: id, role: person.role, what: "seal the day of another area" }
        }
        other => other,
    })?;
    Ok(person.id.clone())
}

fn statement_of(city: &City<'_>, blob: &BlobRef) -> Result<Statement, AppError> {
    serde_json::from_slice(&city.blobs.get(blob)?)
        .map_err(|error| AppError::Meaning { table: "statements".into(), why: error.to_string() })
}

/// What a command has signed or sealed already: whoever asks again because the answer was lost is told so.
fn settled_before(city: &City<'_>, envelope: &Envelope) -> Result<Option<Settled>, AppError> {
    let Some(receipt) = city.journal.receipt(envelope.command_id)? else { return Ok(None) };
    match rest::first_event(city.journal, &receipt)? {
        Some(Event::SettlementPrepared(prepared)) => {
            let statement = statement_of(city, &prepared.statement)?;
            Ok(Some(Settled::Prepared { by: prepared.by, statement, replaces: None, receipt }))
        }
        Some(Event::DaySealed(sealed)) => {
            let (statement, seal) = (statement_of(city, &sealed.statement)?, BlobRef(sealed.seal));
            Ok(Some(Settled::Sealed { by: sealed.sealed_by, statement, seal, receipt }))
        }
        _ => Err(rest::another(envelope)),
    }
}

/// Settles a day: the first person who asks signs its statement, a second one seals it. Refuses, and says what stands
/// against it, as long as anything does. What was settled twice by the same command is settled once.
pub fn settle(
    city: &mut City<'_>,
    envelope: &Envelope,
    scope: Option<&PlaceCode>,
    day: Date,
    at: Option<Timestamp>,
) -> Result<Settled, AppError> {
    if let Some(done) = settled_before(city, envelope)? {
        return Ok(done);
    }
    let rests_on = rest::books(city.journal)?;
    let desk = Desk::load(city.journal)?;
    let scope = scope.unwrap_or_else(|| desk.places.city()).clone();
    let by = signer(city.journal, envelope, &desk, &scope)?;
    let now = city.clock.now();
    let (occurred, known_at) = desk.times(now, at)?;
    let statement = statement(city.journal, &desk, &scope, day)?;
    let sealable = in_order(city.journal, desk.places.city().as_str(), &statement, occurred)?;
    if let Err(why) = sealable.and_then(|()| statement.settled()) {
        return Ok(Settled::Refused { why, statement });
    }
    let bytes = serde_json::to_vec(&statement)
        .map_err(|error| AppError::Meaning { table: "statements".into(), why: error.to_string() })?;
    let body = city.blobs.put(&bytes)?;
    let stream = stream("seal")?;
    let new = |event| NewEvent { stream: stream.clone(), occurred, known_at, event };
    let waits: Option<PreparedRow> = city
        .journal
        .get(Space::Seal, &keys::prepared(scope.as_str()))?
        .map(|row| crate::projection::decode(Space::Seal, &row))
        .transpose()?;
    let waits = waits.filter(|waits| waits.day == day);
    // The statement may have been signed by somebody, and the books moved on since: then it is signed anew.
    let same = waits.as_ref().filter(|waits| waits.statement == body);
    if let Some(signed) = same {
        if signed.by == by {
            return Ok(Settled::Refused { why: Unsettled::SamePerson(by), statement });
        }
        let first = signed.by.clone();
        let mut seal = [0; 32];
        let receipt = city.journal.transact(envelope, now, &mut |tx| {
            rest::unmoved(tx, &rests_on)?;
            let mut event = DaySealed {
                scope: scope.to_string(),
                books: statement.books.clone(),
                day,
                ends: statement.ends,
                statement: body,
                sealed_by: (first.clone(), by.clone()),
                root: seal::root(&tx.heads()?),
                previous: seal::last(&*tx, scope.as_str())?.map_or([0; 32], |row| row.seal.0),
                seal: [0; 32],
            };
            event.seal = seal::hash(&event);
            seal = event.seal;
            tx.append(new(Event::DaySealed(Box::new(event)))).map(|_| ())
        })?;
        return Ok(Settled::Sealed { by: (first, by), statement, seal: BlobRef(seal), receipt });
    }
    let prepared = SettlementPrepared { scope: scope.to_string(), day, statement: body, by: by.clone() };
    let receipt = city.journal.transact(envelope, now, &mut |tx| {
        rest::unmoved(tx, &rests_on)?;
        tx.append(new(Event::SettlementPrepared(prepared.clone()))).map(|_| ())
    })?;
    Ok(Settled::Prepared { by, statement, replaces: waits.map(|waits| waits.by), receipt })
}

/// The statement of a day as it was sealed; none if it is not.
pub fn sealed_statement(city: &City<'_>, scope: &PlaceCode, day: Date) -> Result<Option<Statement>, AppError> {
    let row: Option<crate::projection::ledger::rows::SealRow> = city
        .journal
        .get(Space::Seal, &keys::seal(scope.as_str(), day))?
        .map(|row| crate::projection::decode::<_>(Space::Seal, &row))
        .transpose()
        .map_err(|error: JournalError| error)?;
    let Some(row) = row else { return Ok(None) };
    statement_of(city, &row.statement).map(Some)
}

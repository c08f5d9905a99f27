//! Sealing a day, and law 3 over it.

use super::rows::{PreparedRow, SealRow};
use super::{get, keys, read};
use crate::blob::BlobRef;
use crate::event::{DaySealed, Position, SettlementPrepared};
use crate::journal::{JournalError, LawBroken, Projections, Space};
use crate::projection::encode;
use crate::seal;
use jiff::Timestamp;
use levee_ledger::settlement::settled;
use std::collections::BTreeMap;

pub(in crate::projection) fn prepared(
    on: &mut dyn Projections,
    event: &SettlementPrepared,
) -> Result<(), JournalError> {
    let row = PreparedRow { day: event.day, statement: event.statement, by: event.by.clone() };
    on.put(Space::Seal, &keys::prepared(&event.scope), &encode(Space::Seal, &row)?)
}

/// Seals a day, unless anything stands against it: arrears that nobody explained, accounts that do not balance, one person
/// instead of two, a day out of order, a chain that does not go on.
pub(in crate::projection) fn sealed(
    on: &mut dyn Projections,
    position: Position,
    at: Timestamp,
    event: &DaySealed,
) -> Result<(), JournalError> {
    let refuse = |why: String| -> JournalError {
        LawBroken::Settlement { scope: event.scope.clone(), day: event.day, why }.into()
    };
    let city = seal::city_code(on)?;
    if event.sealed_by.0 == event.sealed_by.1 {
        return Err(refuse("two people seal a day".to_owned()));
    }
    let waits: Option<PreparedRow> = get(on, Space::Seal, &keys::prepared(&event.scope))?;
    let signed = waits.is_some_and(|waits| {
        waits.day == event.day && waits.statement == event.statement && waits.by == event.sealed_by.0
    });
    if !signed {
        return Err(refuse(format!("{} has not signed this statement", event.sealed_by.0)));
    }
    for book in &event.books {
        if let Some(last) = read::closed(on, &city, book)?
            && last.tomorrow().ok() != Some(event.day)
        {
            return Err(refuse(format!("{book} is sealed up to {last}")));
        }
    }
    let before = seal::last(on, &event.scope)?.map_or([0; 32], |row| row.seal.0);
    if event.previous != before || event.seal != seal::hash(event) {
        return Err(refuse("its seal does not go on from the one before".to_owned()));
    }
    let last = read::last_day(on, event.day)?;
    let lines = read::lines(on, &city, &event.books, event.day, last)?;
    let arrears = read::arrears(on, &event.books, event.day, event.ends)?;
    settled(event.day, lines.iter(), arrears.iter()).map_err(|unsettled| refuse(unsettled.to_string()))?;

    let row = SealRow {
        day: event.day,
        books: event.books.clone(),
        statement: event.statement,
        sealed_by: event.sealed_by.clone(),
        seal: BlobRef(event.seal),
        position,
        at,
    };
    let bytes = encode(Space::Seal, &row)?;
    for book in &event.books {
        on.put(Space::Seal, &keys::sealed_book(book), &bytes)?;
    }
    on.put(Space::Seal, &keys::seal(&event.scope, event.day), &bytes)?;
    on.delete(Space::Seal, &keys::prepared(&event.scope))?;
    carry(on, &city, &event.books, &lines)
}

/// What the sealed day leaves owed is what the next one carries in.
fn carry(
    on: &mut dyn Projections,
    city: &str,
    books: &[String],
    lines: &[levee_ledger::settlement::Line],
) -> Result<(), JournalError> {
    let mut before: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    for book in books {
        for range in read::ranges(&[], city, book).unwrap_or_default() {
            read::each(on, Space::Carry, &range, &mut |key, bytes| {
                before.insert(key.to_vec(), bytes.try_into().map_or(0, u64::from_le_bytes));
                Ok(std::ops::ControlFlow::Continue(()))
            })?;
        }
    }
    for line in lines {
        let key = keys::balance(&line.path, &line.kind);
        let carried = before.remove(&key).unwrap_or(0);
        match line.carried_out {
            0 if carried > 0 => on.delete(Space::Carry, &key)?,
            0 => {}
            units if units != carried => on.put(Space::Carry, &key, &units.to_le_bytes())?,
            _ => {}
        }
    }
    Ok(())
}

//! Balances of obligations, and law 2 over them.

use super::{decode, encode};
use crate::journal::{JournalError, LawBroken, Projections, Read, Space};
use levee_ledger::{Account, Books, Entry};
use std::ops::ControlFlow;

/// Entries are kept whole, in order, under `a<kind>\0<area>\0<day>\0<nth>`, so that the books can be read back from
/// them; statements, which screens read, under `s<kind>\0<area>\0<day>`.
fn statement_key(account: &Account) -> Vec<u8> {
    format!("s{}\0{}\0{}", account.kind, account.area, account.day).into_bytes()
}

pub(super) fn apply(on: &mut dyn Projections, entries: &[Entry]) -> Result<(), JournalError> {
    let mut nth = next_entry(on)?;
    for entry in entries {
        let key = statement_key(&entry.account);
        let mut statement: levee_ledger::Statement = on
            .get(Space::Obligation, &key)?
            .map_or(Ok(Default::default()), |bytes| decode(Space::Obligation, &bytes))?;
        statement.add(entry.flow, entry.units);
        if statement.open().is_none() {
            let why = format!(
                "{} in {} on {}: more closed than opened",
                entry.account.kind, entry.account.area, entry.account.day
            );
            return Err(LawBroken::Obligations { why }.into());
        }
        on.put(Space::Obligation, &key, &encode(Space::Obligation, &statement)?)?;
        on.put(Space::Obligation, &entry_key(nth), &encode(Space::Obligation, entry)?)?;
        nth = nth.saturating_add(1);
    }
    on.put(Space::Obligation, b"n", &nth.to_be_bytes())
}

fn entry_key(nth: u64) -> Vec<u8> {
    [b"e", &nth.to_be_bytes()[..]].concat()
}

fn next_entry(on: &dyn Projections) -> Result<u64, JournalError> {
    let stored = on.get(Space::Obligation, b"n")?;
    Ok(stored.and_then(|bytes| bytes.try_into().ok().map(u64::from_be_bytes)).unwrap_or(0))
}

/// The books, read back from the entries.
pub fn books(on: &dyn Read) -> Result<Books, JournalError> {
    let mut books = Books::default();
    let mut fault = None;
    on.scan(Space::Obligation, b"e", b"f", &mut |(_, value)| match decode::<Entry>(Space::Obligation, value) {
        Ok(entry) => {
            books.apply(&entry);
            ControlFlow::Continue(())
        }
        Err(error) => {
            fault = Some(error);
            ControlFlow::Break(())
        }
    })?;
    fault.map_or(Ok(books), Err)
}

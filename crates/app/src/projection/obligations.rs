//! Balances of obligations, and law 2 over them.
//!
//! Two tables in one space. Statements, which screens read, under `s<kind>\0<area>\0<day>`. Sums of entries by flow,
//! account and ground under `e<flow>\0<kind>\0<area>\0<day>\0<ground>`: the books are read back from these, and opening
//! a city costs by its accounts, not by all that ever moved in them. The entries themselves, with their reasons, stand in
//! the journal.

use super::{decode, encode};
use crate::journal::{JournalError, LawBroken, Projections, Read, Space};
use levee_ledger::{Account, Books, Entry, Flow};
use std::ops::ControlFlow;

fn statement_key(account: &Account) -> Vec<u8> {
    format!("s{}\0{}\0{}", account.kind, account.area, account.day).into_bytes()
}

/// The flow stands first: what was opened on a ground is read back before what was voided of it.
fn sum_key(entry: &Entry) -> Vec<u8> {
    let flow = match entry.flow {
        Flow::CarriedIn => 'a',
        Flow::Opened => 'b',
        Flow::TransferredIn => 'c',
        Flow::Met => 'd',
        Flow::Waived => 'e',
        Flow::Expired => 'f',
        Flow::Voided => 'g',
        Flow::TransferredOut => 'h',
        Flow::CarriedOut => 'i',
    };
    let Account { kind, area, day } = &entry.account;
    let ground = entry.ground.map_or_else(String::new, |ground| ground.to_string());
    format!("e{flow}\0{kind}\0{area}\0{day}\0{ground}").into_bytes()
}

pub(super) fn apply(on: &mut dyn Projections, entries: &[Entry]) -> Result<(), JournalError> {
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
        let key = sum_key(entry);
        let before: Option<Entry> =
            on.get(Space::Obligation, &key)?.map(|bytes| decode(Space::Obligation, &bytes)).transpose()?;
        let units = before.map_or(0, |before| before.units).saturating_add(entry.units);
        let sum = Entry { units, reason: None, decided_by: None, ..entry.clone() };
        on.put(Space::Obligation, &key, &encode(Space::Obligation, &sum)?)?;
    }
    Ok(())
}

/// The books, read back from the sums.
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

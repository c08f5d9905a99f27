//! The seal of a day: a hash over its statement, its signers, the heads of all chains, and the seal of the day before.

use crate::event::{DaySealed, StreamName};
use crate::journal::{JournalError, LawBroken, Read, Space};
use crate::projection::ledger::rows::SealRow;
use crate::projection::{decode, keys, ledger};
use std::ops::ControlFlow;

/// The head of a chain: its name, length and hash.
pub type Head = (StreamName, u64, [u8; 32]);

/// Merkle root over the heads of chains, in the order of their names; zeros when there are none.
///
/// A leaf is the hash of name, length and head; a node is the hash of the two below it; one left over goes up as it is. Leaves
/// and nodes are hashed under different keys, so that none can be taken for the other.
pub fn root(heads: &[Head]) -> [u8; 32] {
    let leaf = |(name, sequence, hash): &Head| {
        let mut hasher = blake3::Hasher::new_derive_key("levee 2026 seal leaf v1");
        hasher.update(&(name.as_str().len() as u64).to_le_bytes());
        hasher.update(name.as_str().as_bytes());
        hasher.update(&sequence.to_le_bytes());
        hasher.update(hash);
        *hasher.finalize().as_bytes()
    };
    let mut level: Vec<[u8; 32]> = heads.iter().map(leaf).collect();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|two| match two {
                [left, right] => {
                    let mut hasher = blake3::Hasher::new_derive_key("levee 2026 seal node v1");
                    hasher.update(left);
                    hasher.update(right);
                    *hasher.finalize().as_bytes()
                }
                other => other.first().copied().unwrap_or_default(),
            })
            .collect();
    }
    level.first().copied().unwrap_or_default()
}

/// The seal that an event must bear: over every other field of it, each with its length before it.
pub fn hash(event: &DaySealed) -> [u8; 32] {
    let DaySealed { scope, books, day, ends, statement, sealed_by, root, previous, seal: _ } = event;
    let mut hasher = blake3::Hasher::new_derive_key("levee 2026 seal of a day v1");
    let mut field = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    field(previous);
    field(scope.as_bytes());
    field(&(books.len() as u64).to_le_bytes());
    for book in books {
        field(book.as_bytes());
    }
    field(day.to_string().as_bytes());
    field(&ends.as_microsecond().to_le_bytes());
    field(&statement.0);
    field(sealed_by.0.as_str().as_bytes());
    field(sealed_by.1.as_str().as_bytes());
    field(root);
    *hasher.finalize().as_bytes()
}

/// The last seal of a scope.
pub fn last(on: &dyn Read, scope: &str) -> Result<Option<SealRow>, JournalError> {
    let mut last = None;
    let (from, to) = ledger::keys::seals(scope);
    ledger::read::each(on, Space::Seal, &(from, to), &mut |_, value| {
        last = Some(decode(Space::Seal, value)?);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(last)
}

/// The code of the city, the root of its tree of areas.
pub fn city_code(on: &dyn Read) -> Result<String, JournalError> {
    let (from, to) = keys::table_range("areas");
    let mut city = None;
    ledger::read::each(on, Space::Reference, &(from, to), &mut |_, value| {
        let row: serde_json::Map<String, serde_json::Value> = decode(Space::Reference, value)?;
        let text = |column: &str| row.get(column).and_then(serde_json::Value::as_str);
        if text("level") == Some("city") {
            city = text("code").map(str::to_owned);
            return Ok(ControlFlow::Break(()));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    city.ok_or_else(|| LawBroken::Founding("a city has a root among its areas").into())
}

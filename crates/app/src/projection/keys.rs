//! Keys of the projections. Their bytes sort as people would: by table, day, place, time.

use crate::event::{ArtefactKind, Position};
use jiff::Timestamp;
use jiff::civil::Date;
use levee_model::ids::EntityId;
use levee_model::table::Row;

/// The one key of the city's settings.
pub const CITY: &[u8] = b"city";

/// Days sort as unsigned numbers: days since 1970 moved up by 2^31.
pub(super) fn day_bytes(day: Date) -> [u8; 4] {
    let days = day.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24;
    let sortable = (days + (1i64 << 31)).clamp(0, i64::from(u32::MAX));
    u32::try_from(sortable).unwrap_or(u32::MAX).to_be_bytes()
}

fn time_bytes(moment: Timestamp) -> [u8; 8] {
    // Flipping the sign bit makes negative seconds sort before positive ones.
    (moment.as_second() ^ i64::MIN).to_be_bytes()
}

/// The day that a row speaks of, if its table has one.
pub fn day_of(row: &Row) -> Option<Date> {
    row.datetime("period_start")
        .or_else(|| row.datetime("at"))
        .or_else(|| row.datetime("starts_at"))
        .map(|moment| moment.date())
        .or_else(|| row.date("starts_on"))
}

/// Key of a reference row.
pub fn reference(table: &str, row_key: &str) -> Vec<u8> {
    [table.as_bytes(), b"\0", row_key.as_bytes()].concat()
}

/// All rows of a table: the first key, and the first one after them.
pub fn table_range(table: &str) -> (Vec<u8>, Vec<u8>) {
    ([table.as_bytes(), b"\0"].concat(), [table.as_bytes(), b"\x01"].concat())
}

/// Key of one version of a fact. Versions of the same row lie together, in the order they became known.
pub fn fact(table: &str, day: Option<Date>, row_key: &str, known: Timestamp, position: Position, line: u64) -> Vec<u8> {
    let mut key = Vec::with_capacity(table.len() + row_key.len() + 32);
    key.extend_from_slice(table.as_bytes());
    key.push(0);
    key.extend_from_slice(&day.map_or([0; 4], day_bytes));
    key.extend_from_slice(row_key.as_bytes());
    key.push(0);
    key.extend_from_slice(&time_bytes(known));
    key.extend_from_slice(&position.0.to_be_bytes());
    key.extend_from_slice(&line.to_be_bytes());
    key
}

/// All versions of one row of a table.
pub fn fact_versions(table: &str, day: Option<Date>, row_key: &str) -> (Vec<u8>, Vec<u8>) {
    let mut first = [table.as_bytes(), b"\0"].concat();
    first.extend_from_slice(&day.map_or([0; 4], day_bytes));
    first.extend_from_slice(row_key.as_bytes());
    let mut last = first.clone();
    first.push(0);
    last.push(1);
    (first, last)
}

/// The part of a fact's key that all versions of one row share.
pub fn fact_row(key: &[u8]) -> &[u8] {
    key.get(..key.len().saturating_sub(25)).unwrap_or(key)
}

/// When the city knew the version of a fact that a key names.
pub fn fact_known(key: &[u8]) -> Option<Timestamp> {
    let at = key.len().checked_sub(24)?;
    let seconds: [u8; 8] = key.get(at..at + 8)?.try_into().ok()?;
    Timestamp::from_second(i64::from_be_bytes(seconds) ^ i64::MIN).ok()
}

/// Facts of a table from day `from` to day `to`, both included; facts without a day come with `from = None`.
pub fn fact_range(table: &str, from: Option<Date>, to: Date) -> (Vec<u8>, Vec<u8>) {
    let mut first = [table.as_bytes(), b"\0"].concat();
    let mut last = first.clone();
    first.extend_from_slice(&from.map_or([0; 4], day_bytes));
    match to.tomorrow() {
        Ok(next) => last.extend_from_slice(&day_bytes(next)),
        Err(_) => last.extend_from_slice(&[0xff; 5]),
    }
    (first, last)
}

/// Key of a batch.
pub fn batch(batch: EntityId) -> Vec<u8> {
    batch.to_string().into_bytes()
}

/// Key of a rejected row.
pub fn rejected(batch: EntityId, line: u64) -> Vec<u8> {
    [batch.to_string().as_bytes(), b"\0", &line.to_be_bytes()].concat()
}

/// All rejected rows of a batch.
pub fn rejected_range(batch: EntityId) -> (Vec<u8>, Vec<u8>) {
    ([batch.to_string().as_bytes(), b"\0"].concat(), [batch.to_string().as_bytes(), b"\x01"].concat())
}

/// Key of an artefact.
pub fn artefact(kind: ArtefactKind, day: Date, position: Position) -> Vec<u8> {
    [&artefact_kind(kind)[..], &day_bytes(day), &position.0.to_be_bytes()].concat()
}

/// Artefacts of a kind from day `from` to day `to`, both included.
pub fn artefact_range(kind: ArtefactKind, from: Date, to: Date) -> (Vec<u8>, Vec<u8>) {
    let last = to.tomorrow().map_or([0xff; 4], day_bytes);
    ([&artefact_kind(kind)[..], &day_bytes(from)].concat(), [&artefact_kind(kind)[..], &last].concat())
}

fn artefact_kind(kind: ArtefactKind) -> [u8; 1] {
    match kind {
        ArtefactKind::Outlook => [1],
        ArtefactKind::Plan => [2],
        ArtefactKind::Brief => [3],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_sort_across_the_epoch() {
        assert!(day_bytes(date(1969, 12, 31)) < day_bytes(date(1970, 1, 1)));
        assert!(day_bytes(date(1970, 1, 1)) < day_bytes(date(2022, 11, 18)));
    }

    #[test]
    fn versions_of_a_row_share_their_prefix_and_sort_by_what_was_known() {
        let key = |seconds, position| {
            let known = Timestamp::from_second(seconds).unwrap();
            fact("infections", Some(date(2022, 11, 17)), "500103|a", known, Position(position), 1)
        };
        assert!(key(-5, 9) < key(5, 1));
        assert_eq!(fact_row(&key(-5, 9)), fact_row(&key(5, 1)));
        assert_eq!(fact_known(&key(-5, 9)), Timestamp::from_second(-5).ok());
    }
}

//! One event as the store holds it, its hash, and its way to and from the shapes of today.
//!
//! Moments are whole microseconds since 1970: what a stream of events needs, in eight bytes. Finer ones are cut when
//! an event is appended, before the projections see it, so that a rebuild sees the same.

use crate::format::{self, FormatError};
use blake3::hazmat::{ContextKey, HasherExt as _, hash_derive_key_context};
use jiff::Timestamp;
use levee_app::event::{NewEvent, Position, StoredEvent, StreamName};
use std::sync::LazyLock;

/// The hash before the first event of a chain.
pub(crate) const NO_HASH: [u8; 32] = [0; 32];

/// The stored fields of an event but its hash, as the bytes that are hashed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields<'a> {
    pub(crate) position: u64,
    pub(crate) stream: &'a [u8],
    pub(crate) sequence: u64,
    pub(crate) kind: &'a [u8],
    pub(crate) version: u64,
    pub(crate) command: &'a [u8],
    pub(crate) envelope: &'a [u8],
    pub(crate) occurred: i64,
    pub(crate) known_at: i64,
    pub(crate) recorded_at: i64,
    pub(crate) body: &'a [u8],
}

impl Fields<'_> {
    /// BLAKE3 in key-derivation mode (the domain tag), over the previous hash of the chain and every stored field,
    /// each with its length before it, so that no two records give the same bytes.
    pub(crate) fn hash(&self, previous: &[u8]) -> [u8; 32] {
        /// What the domain tag becomes; the same for every event.
        static DOMAIN: LazyLock<ContextKey> =
            LazyLock::new(|| hash_derive_key_context("levee 2026 journal event chain v1"));
        // The short fields are gathered, for a hasher likes few long pieces better than many short ones.
        let short = previous.len() + self.stream.len() + self.kind.len() + self.command.len() + self.envelope.len();
        let mut gathered = Vec::with_capacity(short + 12 * 8 + 6 * 8);
        let mut field = |bytes: &[u8]| {
            gathered.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
            gathered.extend_from_slice(bytes);
        };
        field(previous);
        field(&self.position.to_le_bytes());
        field(self.stream);
        field(&self.sequence.to_le_bytes());
        field(self.kind);
        field(&self.version.to_le_bytes());
        field(self.command);
        field(self.envelope);
        field(&self.occurred.to_le_bytes());
        field(&self.known_at.to_le_bytes());
        field(&self.recorded_at.to_le_bytes());
        gathered.extend_from_slice(&(self.body.len() as u64).to_le_bytes());
        let mut hasher = blake3::Hasher::new_from_context_key(&DOMAIN);
        hasher.update(&gathered).update(self.body);
        *hasher.finalize().as_bytes()
    }

    /// The event in the shapes of today.
    pub(crate) fn read(&self) -> Result<StoredEvent, FormatError> {
        let text = |bytes: &[u8], what: &str| {
            std::str::from_utf8(bytes)
                .map(str::to_owned)
                .map_err(|_| FormatError::Envelope { why: format!("its {what} is not text") })
        };
        let moment = |micros: i64, what: &str| {
            Timestamp::from_microsecond(micros).map_err(|e| FormatError::Envelope { why: format!("its {what}: {e}") })
        };
        let stream: StreamName = text(self.stream, "stream")?
            .parse()
            .map_err(|e: levee_model::ids::BadId| FormatError::Envelope { why: e.to_string() })?;
        let kind = text(self.kind, "kind")?;
        let version = u32::try_from(self.version).unwrap_or(u32::MAX);
        Ok(StoredEvent {
            position: Position(self.position),
            stream,
            sequence: self.sequence,
            occurred: moment(self.occurred, "time of occurrence")?,
            known_at: moment(self.known_at, "time of knowledge")?,
            recorded_at: moment(self.recorded_at, "time of record")?,
            envelope: format::decode_envelope(self.command, self.envelope)?,
            event: format::decode(&kind, version, self.body)?,
        })
    }
}

/// Cuts the moments of an event to what is stored. `None` only for moments beyond what a store can hold.
pub(crate) fn cut(event: &mut NewEvent) -> Option<(i64, i64)> {
    let (occurred, known_at) = (event.occurred.as_microsecond(), event.known_at.as_microsecond());
    event.occurred = Timestamp::from_microsecond(occurred).ok()?;
    event.known_at = Timestamp::from_microsecond(known_at).ok()?;
    Some((occurred, known_at))
}

/// How far the clock may stand before the last recorded event, in microseconds. Clocks are set back by fractions of a
/// second when they are synchronised; anything beyond 5 s is a clock that somebody should look at.
const CLOCK_TOLERANCE_MICROS: i64 = 5_000_000;

/// The time of record of a commit at `now` after an event recorded at `last`: never earlier than that one.
///
/// `Err` gives both moments when the clock stands too far behind.
pub(crate) fn recorded_at(now: Timestamp, last: Option<i64>) -> Result<i64, (Timestamp, Timestamp)> {
    let micros = now.as_microsecond();
    match last {
        Some(last) if micros < last.saturating_sub(CLOCK_TOLERANCE_MICROS) => {
            Err((now, Timestamp::from_microsecond(last).unwrap_or(Timestamp::MAX)))
        }
        Some(last) => Ok(micros.max(last)),
        None => Ok(micros),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> Fields<'static> {
        Fields {
            position: 1,
            stream: b"intake",
            sequence: 1,
            kind: b"rejected_read",
            version: 1,
            command: &[7; 16],
            envelope: b"{}",
            occurred: 5,
            known_at: 6,
            recorded_at: 7,
            body: b"{}",
        }
    }

    #[test]
    fn the_hash_of_a_record_never_changes() {
        // Made by this code on the day the format was frozen; another value means that old journals no longer verify.
        insta::assert_snapshot!(
            blake3::Hash::from_bytes(fields().hash(&NO_HASH)).to_hex().as_str(),
            @"1ef1438c21325fa75f89a08d523af488e2f3cf5655bad7c9651976f15e6c0e80"
        );
    }

    #[test]
    fn bytes_that_move_from_one_field_to_the_next_change_the_hash() {
        let moved = Fields { stream: b"intak", kind: b"erejected_read", ..fields() };
        assert_ne!(moved.hash(&NO_HASH), fields().hash(&NO_HASH));
    }

    #[test]
    fn a_clock_that_is_set_back_a_little_stands_still_and_one_far_behind_is_refused() {
        let at = |micros| Timestamp::from_microsecond(micros).unwrap();
        assert_eq!(recorded_at(at(10_000_000), None), Ok(10_000_000));
        assert_eq!(recorded_at(at(5_000_000), Some(10_000_000)), Ok(10_000_000));
        assert_eq!(recorded_at(at(4_999_999), Some(10_000_000)), Err((at(4_999_999), at(10_000_000))));
    }
}

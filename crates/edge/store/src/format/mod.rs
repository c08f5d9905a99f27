//! How events lie in the store, by kind and version.
//!
//! A stored shape never changes. A new shape of a kind gets the next version, its own file, an arm in [`decode`] that
//! lifts it into today's [`Event`], and golden samples under `tests/golden/`; the arms of old versions stay for ever.

mod envelope;
mod hex;
mod ledger;
mod measure_facts;
mod measure_parts;
mod measures;
mod rows;
mod settlement;
mod v1;
mod vault;

pub use envelope::{decode_envelope, encode_envelope};

use levee_app::event::Event;

/// An event as bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The stable name of its kind.
    pub kind: &'static str,
    /// The version of its shape.
    pub version: u32,
    /// Its JSON.
    pub body: Vec<u8>,
}

/// Why an event could not be written or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// A kind that this version of Levee does not know.
    #[error("its kind `{kind}` is not known here; upgrade Levee to a version that knows it")]
    UnknownKind {
        /// The kind.
        kind: String,
    },
    /// A shape that this version of Levee does not know.
    #[error("its shape `{kind}` version {version} is newer than this Levee reads; upgrade Levee")]
    UnknownVersion {
        /// The kind.
        kind: String,
        /// The version.
        version: u32,
    },
    /// The bytes are not what the version says.
    #[error("its body is not a `{kind}` version {version}: {why}")]
    Body {
        /// The kind.
        kind: String,
        /// The version.
        version: u32,
        /// What is wrong.
        why: String,
    },
    /// Who acted cannot be read.
    #[error("its envelope cannot be read: {why}")]
    Envelope {
        /// What is wrong.
        why: String,
    },
    /// An event that would not read back as it is; it is refused before it is written.
    #[error("a `{kind}` event would not read back as it is: {why}")]
    NotWritable {
        /// The kind.
        kind: &'static str,
        /// What is wrong.
        why: String,
    },
}

/// An event in the newest shape of its kind.
pub fn encode(event: &Event) -> Result<Encoded, FormatError> {
    Ok(Encoded { kind: event.kind(), version: 1, body: v1::encode(event)? })
}

/// An event from the shape in which it was stored.
pub fn decode(kind: &str, version: u32, body: &[u8]) -> Result<Event, FormatError> {
    match (kind, version) {
        ("city_founded", 1) => v1::city_founded(body),
        ("reference_taken", 1) => v1::reference_taken(body),
        ("batch_opened", 1) => v1::batch_opened(body),
        ("rows_accepted", 1) => v1::rows_accepted(body),
        ("rows_rejected", 1) => v1::rows_rejected(body),
        ("batch_closed", 1) => v1::batch_closed(body),
        ("artefact_issued", 1) => v1::artefact_issued(body),
        ("obligations_moved", 1) => v1::obligations_moved(body),
        ("ledger_changed", 1) => ledger::ledger_changed(body),
        ("settlement_prepared", 1) => settlement::settlement_prepared(body),
        ("day_sealed", 1) => settlement::day_sealed(body),
        ("handed_over", 1) => settlement::handed_over(body),
        ("rejected_read", 1) => v1::rejected_read(body),
        ("person_sealed", 1) => vault::person_sealed(body),
        ("person_read", 1) => vault::person_read(body),
        ("person_erased", 1) => vault::person_erased(body),
        ("measures_changed", 1) => measures::measures_changed(body),
        ("measure_recorded", 1) => measure_facts::measure_recorded(body),
        ("service_offered", 1) => measure_facts::service_offered(body),
        ("rulebook_kept", 1) => measure_facts::rulebook_kept(body),
        (known, _) if KINDS.contains(&known) => {
            return Err(FormatError::UnknownVersion { kind: kind.to_owned(), version });
        }
        _ => return Err(FormatError::UnknownKind { kind: kind.to_owned() }),
    }
    .map_err(|why| FormatError::Body { kind: kind.to_owned(), version, why })
}

/// Every kind that a store may hold.
pub const KINDS: [&str; 20] = [
    "city_founded",
    "reference_taken",
    "batch_opened",
    "rows_accepted",
    "rows_rejected",
    "batch_closed",
    "artefact_issued",
    "obligations_moved",
    "ledger_changed",
    "settlement_prepared",
    "day_sealed",
    "handed_over",
    "rejected_read",
    "person_sealed",
    "person_read",
    "person_erased",
    "measures_changed",
    "measure_recorded",
    "service_offered",
    "rulebook_kept",
];

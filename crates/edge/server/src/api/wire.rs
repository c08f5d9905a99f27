//! Shapes that several routes share.

use crate::problem::Problem;
use base64::Engine as _;
use levee_app::blob::Blobs;
use levee_app::journal::Receipt;
use levee_app::ledger::Desk;
use levee_ledger::AreaPath;
use levee_model::area::PlaceCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What was written down.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Written {
    /// The command. Sent again with the same id it is carried out once.
    pub(crate) command: String,
    /// Its first event.
    pub(crate) first: u64,
    /// Its last event; before the first where it changed nothing.
    pub(crate) last: u64,
    /// Whether it had been carried out before; then nothing was written now.
    pub(crate) repeated: bool,
}

impl From<&Receipt> for Written {
    fn from(receipt: &Receipt) -> Self {
        Self {
            command: receipt.command_id.uuid().to_string(),
            first: receipt.first.0,
            last: receipt.last.0,
            repeated: receipt.repeated,
        }
    }
}

/// Reads something that a request names, or says that it cannot be.
pub(crate) fn named<T: std::str::FromStr<Err: std::fmt::Display>>(field: &str, given: &str) -> Result<T, Problem> {
    given.parse().map_err(|error| Problem::bad_input(format!("`{field}`: {error}"), "see the schema at /openapi.json"))
}

/// The path of a place that the city knows.
pub(crate) fn path(desk: &Desk, code: &str) -> Result<AreaPath, Problem> {
    let place: PlaceCode = named("area", code)?;
    levee_app::ledger::path_of(&desk.places, &place)
        .ok_or_else(|| Problem::bad_input(format!("the city knows no place `{code}`"), "see GET /api/v1/areas"))
}

/// A place in a list by due time, as clients carry it: they send back what they got.
pub(crate) fn cursor(due: jiff::Timestamp, id: &impl std::fmt::Display) -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(format!("{}.{id}", due.as_second()))
}

/// Reads it back.
pub(crate) fn read_cursor<T: std::str::FromStr>(given: &str) -> Result<(jiff::Timestamp, T), Problem> {
    let read = || {
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(given).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (due, id) = text.split_once('.')?;
        Some((jiff::Timestamp::from_second(due.parse().ok()?).ok()?, id.parse().ok()?))
    };
    read().ok_or_else(|| Problem::bad_input("`after` is no place in this list", "send back `next` of the page before"))
}

/// How many are listed at once: 1 to 1,000.
pub(crate) fn page_size(limit: Option<u16>) -> Result<usize, Problem> {
    let limit = usize::from(limit.unwrap_or(100));
    if (1..=1000).contains(&limit) {
        return Ok(limit);
    }
    Err(Problem::bad_input(format!("`limit` is {limit}"), "ask for 1 to 1,000"))
}

/// What proves something.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Evidence {
    /// What it is, a code that the kind asks for: `photo`, `receipt`, `signature`.
    what: String,
    /// Its bytes in base 64, 1 MiB at most. They are kept encrypted, apart from the journal.
    base64: String,
}

/// The largest proof.
const PROOF: usize = 1 << 20;

/// Reads proofs and seals them: all of them are read before any is kept.
pub(crate) fn sealed(blobs: &dyn Blobs, given: &[Evidence]) -> Result<Vec<levee_ledger::Evidence>, Problem> {
    let read = |one: &Evidence| {
        let bytes = base64::engine::general_purpose::STANDARD.decode(one.base64.trim()).map_err(|error| {
            Problem::bad_input(format!("`evidence` ({}) is no base 64: {error}", one.what), "encode the file's bytes")
        })?;
        match bytes.len() {
            1..=PROOF => Ok((one.what.clone(), bytes)),
            length => Err(Problem::bad_input(
                format!("`evidence` ({}) has {length} bytes", one.what),
                "a proof has 1 byte to 1 MiB: send a smaller picture",
            )),
        }
    };
    let proofs = given.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    proofs
        .into_iter()
        .map(|(what, bytes)| {
            let digest = blobs.put(&bytes).map_err(levee_app::city::AppError::from)?;
            Ok(levee_ledger::Evidence { what, digest: levee_ledger::Digest(digest.0) })
        })
        .collect()
}

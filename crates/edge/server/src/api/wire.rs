//! Shapes that several routes share.

use crate::problem::Problem;
use levee_app::journal::Receipt;
use levee_app::ledger::Desk;
use levee_ledger::AreaPath;
use levee_model::area::PlaceCode;
use serde::Serialize;
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

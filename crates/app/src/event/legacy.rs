//! How obligations were written down before they had a life of their own: sums of units by account and flow.
//!
//! Nothing writes these any more. Journals that hold them are read for ever: `projection::ledger` turns each entry into
//! the change of an obligation that it stood for.

use jiff::civil::Date;
use levee_ledger::KindId;
use levee_model::area::PlaceCode;
use levee_model::ids::PersonId;
use serde::{Deserialize, Serialize};

/// One kind, one area, one settlement day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Account {
    /// What is owed.
    pub kind: KindId,
    /// In which area.
    pub area: PlaceCode,
    /// On the books of which day.
    pub day: Date,
}

/// Which side of the equation an entry moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// Open at the end of the day before.
    CarriedIn,
    /// Newly owed.
    Opened,
    /// Came from another account.
    TransferredIn,
    /// Done.
    Met,
    /// Excused by somebody who may, with a reason.
    Waived,
    /// Not done in time: failed.
    Expired,
    /// Opened in error.
    Voided,
    /// Went to another account.
    TransferredOut,
    /// Still open at the end of the day.
    CarriedOut,
}

/// Units moved in one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Where.
    pub account: Account,
    /// Which side.
    pub flow: Flow,
    /// How many.
    pub units: u64,
    /// For opened: the day whose reported infections it followed from.
    pub ground: Option<Date>,
    /// Reason code.
    pub reason: Option<String>,
    /// Who decided.
    pub decided_by: Option<PersonId>,
}

/// Units of a counted obligation moved between states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObligationsMoved {
    /// The entries.
    pub entries: Vec<Entry>,
}

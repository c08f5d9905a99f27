//! Arguments of the commands of the ledger.

mod duty;
mod look;
mod obligation;
mod order;
mod values;

pub(crate) use duty::{DutyArgs, DutyCommand};
pub(crate) use look::{KindsArgs, OpenArgs, OrdersArgs, OwedArgs};
pub(crate) use obligation::{
    Close, ExplainArgs, ObligationArgs, ObligationCommand, SaidBy, Target, UndoArgs, WasRecorded,
};
pub(crate) use order::{OrderArgs, OrderCommand, Propose};
pub(crate) use values::{Amount, Chosen, FieldGiven, Proof};

use super::Lang;
use jiff::civil::DateTime;

/// When, and in which language.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct When {
    /// When, in the city's calendar [default: now; a replay must be told]
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM")]
    pub at: Option<DateTime>,
    /// Language [default: the city's]
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
}

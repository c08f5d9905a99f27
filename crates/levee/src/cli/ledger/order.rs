//! Orders.

use super::When;
use super::values::{Amount, HoldGiven, Proof, RestsOn};
use crate::cli::Lang;
use clap::Subcommand;
use jiff::civil::DateTime;
use levee_ledger::order::{Action, OrderId, ResourceId};
use levee_ledger::{ObligationId, Section};
use levee_model::area::PlaceCode;
use levee_model::ids::PersonId;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct OrderArgs {
    /// City folder
    pub city: PathBuf,
    /// What to do
    #[command(subcommand)]
    pub what: OrderCommand,
}

/// A new order.
#[derive(Debug, clap::Args)]
pub(crate) struct Propose {
    /// What it does: transfer, deliver, inspect
    #[arg(long, value_name = "ACTION")]
    pub action: Action,
    /// Obligations that it is to meet, with units
    #[arg(long, value_name = "ID=UNITS", required = true, num_args = 1..)]
    pub meets: Vec<Amount<ObligationId>>,
    /// Which need, rule, forecast, request or meeting made it
    #[arg(long, value_name = "CODE=RESTS_ON")]
    pub why: RestsOn,
    /// By when it is to be done
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM")]
    pub due: DateTime,
    /// Capacity that it needs; held from when it is approved
    #[arg(long, value_name = "RESOURCE=UNITS@FROM/UNTIL")]
    pub hold: Vec<HoldGiven>,
    /// Holds that are not used by then lapse [default: when the order is due]
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM", requires = "hold")]
    pub confirm_by: Option<DateTime>,
    /// Where [default: the area of its first obligation]
    #[arg(long, value_name = "AREA")]
    pub area: Option<PlaceCode>,
    /// The section that carries it out [default: that of its first obligation]
    #[arg(long, value_name = "SECTION")]
    pub section: Option<Section>,
    /// Who carries it out
    #[arg(long, value_name = "PERSON")]
    pub by: Option<PersonId>,
    #[command(flatten)]
    pub when: When,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OrderCommand {
    /// Show one
    Show {
        /// Order (see `levee orders`)
        id: OrderId,
        /// Language [default: the city's]
        #[arg(long, value_enum)]
        lang: Option<Lang>,
    },
    /// Propose an order
    Propose(Propose),
    /// Approve it; its capacity is held
    Approve {
        /// Order
        id: OrderId,
        /// As you have seen it; refused when it has changed since
        #[arg(long, value_name = "N")]
        version: Option<u32>,
        /// How much there is of what it needs; of `facility:level` never more than the facility last reported
        #[arg(long, value_name = "RESOURCE=N")]
        capacity: Vec<Amount<ResourceId>>,
        #[command(flatten)]
        when: When,
    },
    /// Give an approved order out, or dispatch at once what saves lives
    Issue {
        /// Order
        id: OrderId,
        /// For what saves lives: how much there is of what it needs
        #[arg(long, value_name = "RESOURCE=N")]
        capacity: Vec<Amount<ResourceId>>,
        #[command(flatten)]
        when: When,
    },
    /// Take an issued order
    Accept {
        /// Order
        id: OrderId,
        #[command(flatten)]
        when: When,
    },
    /// It is done; what it did not meet is owed again
    Finish {
        /// Order
        id: OrderId,
        /// Units that were met [default: all that it promised]
        #[arg(long, value_name = "ID=N")]
        met: Vec<Amount<ObligationId>>,
        /// In which way, a code of the catalogue
        #[arg(long, value_name = "REASON")]
        reason: Option<String>,
        /// What proves it
        #[arg(long, value_name = "WHAT=FILE")]
        evidence: Vec<Proof>,
        #[command(flatten)]
        when: When,
    },
    /// It cannot be done; what it promised is owed again
    Fail {
        /// Order
        id: OrderId,
        /// Why
        #[arg(long, value_name = "REASON")]
        reason: String,
        #[command(flatten)]
        when: When,
    },
    /// Take it back
    Cancel {
        /// Order
        id: OrderId,
        /// Why
        #[arg(long, value_name = "REASON")]
        reason: String,
        #[command(flatten)]
        when: When,
    },
}

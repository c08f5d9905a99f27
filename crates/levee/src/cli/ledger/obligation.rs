//! Work on obligations.

use super::When;
use super::values::{Chosen, Proof};
use crate::cli::Lang;
use clap::{Subcommand, ValueEnum};
use jiff::civil::Date;
use levee_ledger::{ObligationId, Subject};
use levee_model::area::PlaceCode;
use levee_model::ids::PersonId;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct ObligationArgs {
    /// City folder
    pub city: PathBuf,
    /// What to do
    #[command(subcommand)]
    pub what: ObligationCommand,
}

/// One obligation.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Target {
    /// Obligation (see `levee owed`)
    pub id: ObligationId,
    /// As you have seen it; refused when it has changed since
    #[arg(long, value_name = "N")]
    pub version: Option<u32>,
}

/// Who says so, where it is not the one who writes it down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SaidBy {
    /// The one to whom it is owed
    Recipient,
    /// A clinician
    Clinician,
}

/// What something was recorded as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum WasRecorded {
    /// Done
    Met,
    /// Excused
    Waived,
    /// Failed
    Expired,
    /// Opened in error
    Voided,
}

/// Closing without it being done.
#[derive(Debug, clap::Args)]
pub(crate) struct Close {
    #[command(flatten)]
    pub target: Target,
    /// Why, a code of the catalogue (`levee kinds CITY --kind KIND`)
    #[arg(long, value_name = "REASON")]
    pub reason: String,
    /// How many units [default: all that are still owed]
    #[arg(long, value_name = "N")]
    pub units: Option<u64>,
    /// Who says so
    #[arg(long, value_enum)]
    pub said: Option<SaidBy>,
    /// What proves it
    #[arg(long, value_name = "WHAT=FILE")]
    pub evidence: Vec<Proof>,
    /// Why, in your words; sealed apart from the record
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    #[command(flatten)]
    pub when: When,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ObligationCommand {
    /// Show one, with its history
    Show {
        /// Obligation
        id: ObligationId,
        /// Language [default: the city's]
        #[arg(long, value_enum)]
        lang: Option<Lang>,
    },
    /// Give obligations to a person, all in one step that can be undone
    Assign {
        /// Obligations
        #[arg(required_unless_present = "which", conflicts_with = "which", value_name = "ID")]
        ids: Vec<ObligationId>,
        /// Or all of these: kind=K,area=A,section=S,owner=PERSON,late
        #[arg(long = "where", value_name = "CONDITIONS")]
        which: Option<Chosen>,
        /// To whom
        #[arg(long, value_name = "PERSON", required_unless_present = "back", conflicts_with = "back")]
        to: Option<PersonId>,
        /// Or back to whoever is on duty
        #[arg(long)]
        back: bool,
        /// As you have seen it, where one is named
        #[arg(long, value_name = "N", conflicts_with = "which")]
        version: Option<u32>,
        #[command(flatten)]
        when: When,
    },
    /// Somebody is at it
    Begin {
        #[command(flatten)]
        target: Target,
        /// How many units [default: all that nobody is at]
        #[arg(long, value_name = "N")]
        units: Option<u64>,
        #[command(flatten)]
        when: When,
    },
    /// It was done
    Meet {
        #[command(flatten)]
        target: Target,
        /// How many units [default: all that are still owed]
        #[arg(long, value_name = "N")]
        units: Option<u64>,
        /// In which way, a code of the catalogue
        #[arg(long, value_name = "REASON")]
        reason: Option<String>,
        /// Who says so
        #[arg(long, value_enum)]
        said: Option<SaidBy>,
        /// What proves it
        #[arg(long, value_name = "WHAT=FILE")]
        evidence: Vec<Proof>,
        /// In your words; sealed apart from the record
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
        #[command(flatten)]
        when: When,
    },
    /// It is excused, with a reason, by somebody who may
    Waive(Close),
    /// It was not done in time: failed
    Expire(Close),
    /// It was opened in error
    Void(Close),
    /// It was recorded as closed, and is owed after all
    Correct {
        #[command(flatten)]
        target: Target,
        /// What it was recorded as
        #[arg(long, value_enum)]
        from: WasRecorded,
        /// How many units
        #[arg(long, value_name = "N")]
        units: u64,
        /// Why
        #[arg(long, value_name = "REASON")]
        reason: String,
        /// In your words; sealed apart from the record
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
        #[command(flatten)]
        when: When,
    },
    /// It is owed in another area from now on
    Transfer {
        #[command(flatten)]
        target: Target,
        /// Where to
        #[arg(long, value_name = "AREA")]
        to_area: PlaceCode,
        /// How many units
        #[arg(long, value_name = "N")]
        units: u64,
        #[command(flatten)]
        when: When,
    },
    /// Those who were counted are known now: one obligation for each
    Name {
        #[command(flatten)]
        target: Target,
        /// Who: pseudonyms, never names
        #[arg(long = "subject", value_name = "SUBJECT", required = true, num_args = 1..)]
        subjects: Vec<Subject>,
        #[command(flatten)]
        when: When,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArgs {
    /// City folder
    pub city: PathBuf,
    /// Obligations
    #[arg(required_unless_present = "which", conflicts_with = "which", value_name = "ID")]
    pub ids: Vec<ObligationId>,
    /// Or all of these that were due by the end of the day: kind=K,area=A,section=S,owner=PERSON
    #[arg(long = "where", value_name = "CONDITIONS")]
    pub which: Option<Chosen>,
    /// For the settlement of which day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Date,
    /// Why, a code of the catalogue
    #[arg(long, value_name = "REASON")]
    pub reason: String,
    /// Who answers for it from now on
    #[arg(long, value_name = "PERSON")]
    pub owner: PersonId,
    /// In your words; sealed apart from the record
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    #[command(flatten)]
    pub when: When,
}

#[derive(Debug, clap::Args)]
pub(crate) struct UndoArgs {
    /// City folder
    pub city: PathBuf,
    /// The command, as it was printed when it was carried out
    #[arg(long, value_name = "ID")]
    pub command: uuid::Uuid,
    #[command(flatten)]
    pub when: When,
}

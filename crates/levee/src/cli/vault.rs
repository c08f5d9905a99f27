//! Arguments of the vault: personal data, apart from the journal.

use clap::{Subcommand, ValueEnum};
use jiff::civil::Date;
use levee_model::ids::PersonId;
use levee_model::subject::{PersonalField, Pseudonym};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct VaultArgs {
    /// City folder
    pub city: PathBuf,
    /// What to do
    #[command(subcommand)]
    pub what: VaultCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum VaultCommand {
    /// Who is kept, what for and until when; values are masked
    Show {
        /// Pseudonyms [default: the first hundred]
        subjects: Vec<Pseudonym>,
    },
    /// Read values; who, whom, what and why are written down first
    Read {
        /// Pseudonyms; more than 100 need a second person
        #[arg(required = true)]
        subjects: Vec<Pseudonym>,
        /// Field, such as `name` or `phone`
        #[arg(long = "field", value_name = "FIELD", required = true)]
        fields: Vec<PersonalField>,
        /// Why, in your own words; kept sealed
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// The second person
        #[arg(long, value_name = "PERSON")]
        with: Option<PersonId>,
        /// Write to this new file, which only you may read, instead of printing
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Destroy personal data for good
    Erase {
        /// Pseudonyms
        #[arg(required = true)]
        subjects: Vec<Pseudonym>,
        /// Why
        #[arg(long, value_enum)]
        why: Why,
    },
    /// Destroy the data of everybody whose last day has passed
    Expire,
    /// Who read whose data, when and why
    Audit {
        /// First day, in the city's calendar
        #[arg(long, value_name = "YYYY-MM-DD")]
        from: Date,
        /// Last day
        #[arg(long, value_name = "YYYY-MM-DD")]
        to: Date,
    },
    /// Destroy again what was erased before keys or folder were restored
    Reapply,
}

/// Why data are destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Why {
    /// What they were kept for is over
    PurposeEnded,
    /// The person asked for it
    PersonAsked,
    /// Their last day has passed
    Retention,
}

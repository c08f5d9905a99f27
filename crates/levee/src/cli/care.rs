//! Looking after journals, packs and rulebooks.

use super::Lang;
use super::ledger::When;
use clap::Subcommand;
use jiff::civil::Date;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum JournalCommand {
    /// Check chains, balances, blobs, and that projections rebuilt from the journal equal the kept ones
    Verify {
        /// City folder
        city: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum PackCommand {
    /// Check a pack: all errors at once, each with file, row, column and mend
    Check {
        /// Pack
        pack: PathBuf,
        /// Language
        #[arg(long, value_enum, default_value = "en")]
        lang: Lang,
    },
    /// Write the pack's Frictionless descriptor (datapackage.json)
    Describe {
        /// Pack
        pack: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulebookCommand {
    /// Check a rulebook: all errors at once
    Check {
        /// Rulebook (YAML), or the id of one that travels with Levee
        #[arg(value_name = "FILE-OR-ID")]
        file: PathBuf,
    },
    /// Judge cases: what a measure is by the rules of its day, and why
    Judge {
        /// Rulebook or folder of rulebooks (YAML), or the id of one that travels with Levee
        #[arg(long, value_name = "FILE-DIR-OR-ID")]
        rulebook: PathBuf,
        /// Cases (YAML, levee.rulebook-cases/0.1)
        #[arg(long, value_name = "FILE")]
        cases: PathBuf,
    },
    /// What changed between two rulebooks, or between two days of one, and for whom
    #[command(
        after_help = "Examples:\n  levee rulebook diff old.yaml new.yaml\n  levee rulebook diff cn-covid19-v9-20@2022-11-10 cn-covid19-v9-20@2022-11-11 --lang zh"
    )]
    Diff {
        /// Rulebook before (YAML), or an id; with @DAY only the rules in force on that day
        #[arg(value_name = "FILE-OR-ID[@YYYY-MM-DD]")]
        before: String,
        /// Rulebook after, likewise
        #[arg(value_name = "FILE-OR-ID[@YYYY-MM-DD]")]
        after: String,
        /// Language
        #[arg(long, value_enum, default_value = "en")]
        lang: Lang,
    },
    /// Print the form of a rulebook as JSON Schema, for editors
    Schema,
    /// Have a city go by a rulebook from a day on: the commander; what was judged stays as it was judged
    #[command(
        after_help = "Examples:\n  levee rulebook keep mycity book.yaml --from 2022-12-08 --as commander-1\n  levee rulebook keep mycity who-generic --as commander-1"
    )]
    Keep {
        /// City folder
        city: PathBuf,
        /// Rulebook (YAML), or the id of one that travels with Levee
        #[arg(value_name = "FILE-OR-ID")]
        rulebook: PathBuf,
        /// First day of the measures that it judges [default: the day on which this is said]
        #[arg(long, value_name = "YYYY-MM-DD")]
        from: Option<Date>,
        #[command(flatten)]
        when: When,
    },
    /// The rulebooks that travel with Levee, and those that a city keeps
    List {
        /// City folder
        city: Option<PathBuf>,
    },
    /// List the rules in force on a day
    Show {
        /// Rulebook (YAML), or the id of one that travels with Levee
        #[arg(value_name = "FILE-OR-ID")]
        file: PathBuf,
        /// Day
        #[arg(long, value_name = "YYYY-MM-DD")]
        date: Date,
    },
}

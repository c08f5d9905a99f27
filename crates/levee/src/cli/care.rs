//! Looking after journals, packs and rulebooks.

use super::Lang;
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
        /// Rulebook (YAML)
        file: PathBuf,
    },
    /// Judge cases: what a measure is by the rules of its day, and why
    Judge {
        /// Rulebook, or a folder of rulebooks (YAML)
        #[arg(long, value_name = "FILE-OR-DIR")]
        rulebook: PathBuf,
        /// Cases (YAML, levee.rulebook-cases/0.1)
        #[arg(long, value_name = "FILE")]
        cases: PathBuf,
    },
    /// What changed between two rulebooks, or between two days of one, and for whom
    #[command(
        after_help = "Examples:\n  levee rulebook diff old.yaml new.yaml\n  levee rulebook diff book.yaml@2022-11-10 book.yaml@2022-11-11 --lang zh"
    )]
    Diff {
        /// Rulebook before (YAML); with @DAY only the rules in force on that day
        #[arg(value_name = "FILE[@YYYY-MM-DD]")]
        before: String,
        /// Rulebook after, likewise
        #[arg(value_name = "FILE[@YYYY-MM-DD]")]
        after: String,
        /// Language
        #[arg(long, value_enum, default_value = "en")]
        lang: Lang,
    },
    /// Print the form of a rulebook as JSON Schema, for editors
    Schema,
    /// List the rules in force on a day
    Show {
        /// Rulebook (YAML)
        file: PathBuf,
        /// Day
        #[arg(long, value_name = "YYYY-MM-DD")]
        date: Date,
    },
}

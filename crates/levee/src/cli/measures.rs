//! Looking over measures that others took, and writing down what was seen of them.

use super::Lang;
use super::ledger::When;
use clap::{Subcommand, ValueEnum};
use jiff::civil::{Date, DateTime};
use levee_measures::Service;
use levee_model::area::PlaceCode;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum MeasuresCommand {
    /// Hold what others did against the rules of its days: within, stricter, laxer, undetermined, not covered, and why
    ///
    /// Measures are the city's events as its table `measure_facts` reads them. The answer describes what texts allowed; Levee
    /// endorses neither the measures nor the texts.
    Audit {
        /// City folder
        city: PathBuf,
        /// Day; what was known by its 24:00 goes in [default: today, in a replay the last day of the reports]
        #[arg(long, value_name = "YYYY-MM-DD")]
        date: Option<Date>,
        /// Rulebook or folder of rulebooks (YAML), or an id [default: the one that the city keeps, else names in city.toml]
        #[arg(long, value_name = "FILE-DIR-OR-ID")]
        rulebook: Option<PathBuf>,
        /// Language [default: the city's]
        #[arg(long, value_enum)]
        lang: Option<Lang>,
    },
    /// Record what was done outside Levee: always taken, judged and flagged, never gated
    #[command(after_help = OBSERVE)]
    Observe(Box<ObserveArgs>),
}

#[derive(Debug, clap::Args)]
pub(crate) struct ObserveArgs {
    /// City folder
    pub city: PathBuf,
    /// What was seen (TOML), in place of the arguments below
    pub file: Option<PathBuf>,
    /// Where: a code of areas.csv
    #[arg(long, value_name = "CODE", required_unless_present = "file", conflicts_with = "file")]
    pub place: Option<PlaceCode>,
    /// What was done, in the words of the report; it names nobody
    #[arg(long, value_name = "TEXT", required_unless_present = "file", conflicts_with = "file")]
    pub what: Option<String>,
    /// The report that says so
    #[arg(long, value_name = "REPORT", required_unless_present = "file", conflicts_with = "file")]
    pub report: Option<String>,
    /// Since when
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM", conflicts_with = "file")]
    pub since: Option<DateTime>,
    /// Until when, as announced
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM", conflicts_with = "file")]
    pub end: Option<DateTime>,
    /// Seen in force for the last time [default: now]
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM", conflicts_with = "file")]
    pub last_seen: Option<DateTime>,
    /// A service that was seen to be there
    #[arg(long = "service", value_name = "SERVICE", conflicts_with = "file")]
    pub services: Vec<Service>,
    /// What was seen of the exits; left out, it is unknown
    #[arg(long, value_enum, conflicts_with = "file")]
    pub exits: Option<ExitsSeen>,
    /// A fact for the rulebook; without any it is recorded and not judged
    #[arg(long = "fact", value_name = "PATH=VALUE", conflicts_with = "file")]
    pub facts: Vec<String>,
    /// Rulebook (YAML), or an id [default: the one that the city keeps for the day, else names in city.toml]
    #[arg(long, value_name = "FILE-OR-ID")]
    pub rulebook: Option<PathBuf>,
    #[command(flatten)]
    pub when: When,
}

/// What was seen of the exits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExitsSeen {
    /// All of them open
    Open,
    /// One of them blocked
    Blocked,
}

const OBSERVE: &str = r#"Examples:
  levee measures observe mycity --place 500103 --what "gates of the compound welded shut" --report hotline-881 \
    --since 2022-11-24T08:00 --exits blocked --fact measure.type=close_area --fact measure.scope=compound
  levee measures observe mycity seen.toml

seen.toml (times in the city's calendar; what is not known is left out):
  place = "500103"
  what = "gates of the compound welded shut"
  report = "hotline-881"
  since = "2022-11-24T08:00"
  services = ["food"]
  exits_open = false
  [facts]
  "measure.type" = "close_area""#;

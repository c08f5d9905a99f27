//! Looking over measures that others took.

use super::Lang;
use clap::Subcommand;
use jiff::civil::Date;
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
}

//! Proposing areas of high risk.

use super::Lang;
use clap::Subcommand;
use jiff::civil::Date;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum ZoneCommand {
    /// Propose areas of high risk for a day, never wider than the rules, and releases the moment their condition holds
    ///
    /// Nothing is closed by this: a measure is proposed, gated and decided by people. The list is for the headquarters and not to
    /// be published: below compounds nothing public shows counts or dates.
    Propose {
        /// City folder
        city: PathBuf,
        /// Day; what was known by its 24:00 goes in
        #[arg(long, value_name = "YYYY-MM-DD")]
        date: Date,
        /// Rulebook or folder of rulebooks (YAML), or an id [default: the one that the city keeps, else names in city.toml]
        #[arg(long, value_name = "FILE-DIR-OR-ID")]
        rulebook: Option<PathBuf>,
        /// Write the areas whose points are known as GeoJSON
        #[arg(long, value_name = "FILE")]
        geojson: Option<PathBuf>,
        /// Language [default: the city's]
        #[arg(long, value_enum)]
        lang: Option<Lang>,
    },
}

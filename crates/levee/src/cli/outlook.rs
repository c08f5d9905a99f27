//! Looking back at outlooks and handing them on.

use super::Lang;
use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use std::num::NonZeroUsize;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  levee score mycity\n  levee score mycity --by horizon,place --as-of 2022-11-30\nAn outlook is scored as it was issued; of a day that was run more than once, the first one.\nWhat had not come by --as-of, or was never reported, is counted apart and not scored."
)]
pub(crate) struct ScoreArgs {
    /// City folder
    pub city: PathBuf,
    /// First day whose outlook counts [default: the first of the outbreak]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub from: Option<Date>,
    /// Last day whose outlook counts [default: the newest]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub to: Option<Date>,
    /// What came is taken as known at 24:00 of this day [default: as known now]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<Date>,
    /// How forecasts are grouped; several with commas
    #[arg(long, value_enum, value_delimiter = ',', default_value = "horizon", value_name = "GROUP")]
    pub by: Vec<ByGiven>,
    /// Language [default: the city's]
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
}

/// A way to group forecasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ByGiven {
    /// By week ahead: days 1-7, 8-14, 15-21, 22-28
    Horizon,
    /// By place
    Place,
    /// By the week, from Monday, in which the forecast day lies
    Week,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OutlookCommand {
    /// Write an issued outlook in an exchange format of the field
    #[command(
        after_help = "Example:\n  levee outlook export mycity --date 2022-11-24 --out 2022-11-23-mycity.csv\nhubverse: one row for each place, day and quantile level. origin_date is the last day of data;\nthe day forecast is origin_date + horizon. Places without a forecast have no row and are named.\ngeojson: a map; each district with its outline, R and nowcast with 95 % intervals, and whether to hatch it."
    )]
    Export {
        /// City folder
        city: PathBuf,
        /// Form of the table
        #[arg(long, value_enum, default_value = "hubverse")]
        format: ExchangeFormat,
        /// Day that the outlook was issued for [default: the newest]
        #[arg(long, value_name = "YYYY-MM-DD")]
        date: Option<Date>,
        /// File to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Forecast every task of a forecast hub's pack, each from what was known on its own day
    #[command(
        after_help = "Example:\n  levee outlook hub --pack euro-covid --out forecasts.csv.gz\nReads tasks.csv.gz, truth_daily_vintages.csv.gz or truth_vintages.csv.gz, and locations.csv if it is there; no other file.\nWrites hubverse rows: origin_date, target, horizon, location, output_type, output_type_id, value."
    )]
    Hub {
        /// Folder of the pack
        #[arg(long, value_name = "DIR")]
        pack: PathBuf,
        /// File to write: .csv, or .csv.gz to compress it
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Threads; the file does not depend on how many [default: one for each processor]
        #[arg(long, value_name = "N")]
        jobs: Option<NonZeroUsize>,
    },
}

/// An exchange format of forecasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExchangeFormat {
    /// Model output of the forecast hubs, comma-separated
    Hubverse,
    /// Map of R by district (RFC 7946)
    Geojson,
}

//! Arguments of settling a day.

use super::Lang;
use jiff::civil::{Date, DateTime};
use levee_model::area::PlaceCode;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct SettleArgs {
    /// City folder
    pub city: PathBuf,
    /// Day to settle, in the city's calendar
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Date,
    /// District that closes its own books [default: the city, with all that no district has closed]
    #[arg(long, value_name = "DISTRICT")]
    pub area: Option<PlaceCode>,
    /// When, in the city's calendar [default: now; a replay must be told]
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM")]
    pub at: Option<DateTime>,
    /// Folder for the statement's files once it is sealed [default: CITY/statements]
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Language [default: the city's]
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct StatementArgs {
    /// City folder
    pub city: PathBuf,
    /// Day, in the city's calendar
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Date,
    /// District [default: the city]
    #[arg(long, value_name = "DISTRICT")]
    pub area: Option<PlaceCode>,
    /// Folder to write to [default: CITY/statements]
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Language of the tables, and shown first on the page [default: the city's]
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
}

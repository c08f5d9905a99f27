//! The operations map and timetable.

use super::ledger::When;
use levee_ledger::Section;
use levee_model::area::PlaceCode;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct OperationsArgs {
    /// City folder
    pub city: PathBuf,
    /// Only this district (the city's own code: what concerns the whole city)
    #[arg(long, value_name = "AREA")]
    pub district: Option<PlaceCode>,
    /// Only this section
    #[arg(long, value_name = "SECTION")]
    pub section: Option<Section>,
    /// Lines printed for each section
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub limit: usize,
    /// Rulebook that areas of high risk rest on, or a folder of rulebooks [default: the one that city.toml names]
    #[arg(long, value_name = "FILE-OR-DIR")]
    pub rulebook: Option<PathBuf>,
    /// Write the map as GeoJSON
    #[arg(long, value_name = "FILE")]
    pub geojson: Option<PathBuf>,
    /// Write the timetable as a page
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write it as a workbook
    #[arg(long, value_name = "FILE")]
    pub xlsx: Option<PathBuf>,
    /// Write it as a calendar (iCalendar)
    #[arg(long, value_name = "FILE")]
    pub ics: Option<PathBuf>,
    #[command(flatten)]
    pub when: When,
}

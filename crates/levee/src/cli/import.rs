//! `levee import`.

use jiff::civil::Date;
use levee_model::ids::OfficeId;
use levee_model::table::TableSpec;
use std::path::PathBuf;

fn table(given: &str) -> Result<&'static TableSpec, String> {
    let reports = || {
        let all = levee_model::table::TABLES.iter().filter(|t| t.used == levee_model::table::Use::Report);
        all.map(|t| t.name).collect::<Vec<_>>().join(", ")
    };
    TableSpec::named(given)
        .filter(|t| t.used == levee_model::table::Use::Report)
        .ok_or_else(|| format!("no table of reports has this name; there are {}", reports()))
}

#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {
    /// City folder
    pub city: PathBuf,
    /// File: CSV (UTF-8, GB18030, UTF-16) or XLSX
    #[arg(required_unless_present = "pack", conflicts_with = "pack")]
    pub file: Option<PathBuf>,
    /// Table that the file is
    #[arg(long, value_parser = table, required_unless_present = "pack", value_name = "TABLE")]
    pub table: Option<&'static TableSpec>,
    /// Take in all reports of a pack (replays)
    #[arg(long, value_name = "DIR")]
    pub pack: Option<PathBuf>,
    /// Only what was known by 24:00 of this day
    #[arg(long, value_name = "YYYY-MM-DD", requires = "pack")]
    pub until: Option<Date>,
    /// Office that sent the file, where it has no such column
    #[arg(long, value_name = "OFFICE")]
    pub office: Option<OfficeId>,
    /// Document that the file is, where it has no such column
    #[arg(long, value_name = "ID")]
    pub source: Option<String>,
    /// Sheet of a workbook [default: the first that is not empty]
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Say what would happen; write nothing
    #[arg(long)]
    pub dry_run: bool,
}

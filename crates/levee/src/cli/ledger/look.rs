//! What is owed, and opening it.

use super::When;
use super::values::FieldGiven;
use crate::cli::Lang;
use jiff::civil::{Date, DateTime};
use levee_ledger::{Ground, KindId, Section, Subject};
use levee_model::area::PlaceCode;
use levee_model::ids::{OfficeId, PersonId};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct KindsArgs {
    /// City folder
    pub city: PathBuf,
    /// One kind: its due rule, owner, evidence, fields, reasons and ladder
    #[arg(long, value_name = "KIND")]
    pub kind: Option<KindId>,
    /// Write a table with its headings and an example row
    #[arg(long, value_name = "FILE", requires = "kind")]
    pub template: Option<PathBuf>,
    /// Language [default: the city's]
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct OpenArgs {
    /// City folder
    pub city: PathBuf,
    /// What is owed
    #[arg(long, value_name = "KIND")]
    pub kind: KindId,
    /// Table of obligations: CSV or XLSX, as `levee kinds --template` begins it
    #[arg(required_unless_present = "area", conflicts_with = "area")]
    pub file: Option<PathBuf>,
    /// Say what the table would open; write nothing
    #[arg(long, requires = "file")]
    pub dry_run: bool,
    /// Office that sent the table, where it has no such column
    #[arg(long, value_name = "OFFICE", requires = "file")]
    pub office: Option<OfficeId>,
    /// Document that the table is, where it has no such column
    #[arg(long, value_name = "ID", requires = "file")]
    pub source: Option<String>,
    /// Sheet of a workbook [default: the first that is not empty]
    #[arg(long, value_name = "NAME", requires = "file")]
    pub sheet: Option<String>,
    /// Without a table: where it is owed
    #[arg(long, value_name = "AREA")]
    pub area: Option<PlaceCode>,
    /// How many units [default: 1 where somebody is named]
    #[arg(long, value_name = "N", requires = "area")]
    pub units: Option<u64>,
    /// To whom: a pseudonym, a household, a site; never a name
    #[arg(long, value_name = "SUBJECT", requires = "area")]
    pub subject: Option<Subject>,
    /// By when [default: as the kind's rule says]
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM", requires = "area")]
    pub due: Option<DateTime>,
    /// What it follows from; opened again on the same ground it is corrected to the new number
    #[arg(long, value_name = "GROUND", requires = "area")]
    pub ground: Option<Ground>,
    /// Whom it is given to at once
    #[arg(long, value_name = "PERSON", requires = "area")]
    pub owner: Option<PersonId>,
    /// A field of the kind
    #[arg(long = "field", value_name = "NAME=VALUE", requires = "area")]
    pub fields: Vec<FieldGiven>,
    /// A free text, sealed apart from the record
    #[arg(long, value_name = "TEXT", requires = "area")]
    pub note: Option<String>,
    /// Invented, for an exercise
    #[arg(long, requires = "area")]
    pub synthetic: bool,
    #[command(flatten)]
    pub when: When,
}

#[derive(Debug, clap::Args)]
pub(crate) struct OwedArgs {
    /// City folder
    pub city: PathBuf,
    /// Only in this area, with all that lies in it
    #[arg(long, value_name = "AREA")]
    pub area: Option<PlaceCode>,
    /// Only what is late
    #[arg(long)]
    pub late: bool,
    /// Only this kind
    #[arg(long, value_name = "KIND")]
    pub kind: Option<KindId>,
    /// Only this section
    #[arg(long, value_name = "SECTION")]
    pub section: Option<Section>,
    /// Only what this person was given
    #[arg(long, value_name = "PERSON")]
    pub owner: Option<PersonId>,
    /// At most so many, the longest due first
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
    /// Instead: how each post keeps up, the oldest item first
    #[arg(long, requires = "date", conflicts_with_all = ["area", "late", "kind", "section", "owner"])]
    pub by_owner: bool,
    /// Day of which the closure rate is shown
    #[arg(long, value_name = "YYYY-MM-DD", requires = "by_owner")]
    pub date: Option<Date>,
    #[command(flatten)]
    pub when: When,
}

#[derive(Debug, clap::Args)]
pub(crate) struct OrdersArgs {
    /// City folder
    pub city: PathBuf,
    /// Only in this area, with all that lies in it
    #[arg(long, value_name = "AREA")]
    pub area: Option<PlaceCode>,
    /// Language [default: the city's]
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
}

//! Who answers.

use super::When;
use crate::cli::Lang;
use clap::Subcommand;
use jiff::civil::Date;
use levee_ledger::Section;
use levee_model::area::PlaceCode;
use levee_model::ids::PersonId;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct DutyArgs {
    /// City folder
    pub city: PathBuf,
    /// What to do
    #[command(subcommand)]
    pub what: DutyCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DutyCommand {
    /// Who answers for each section, and how they came to it
    Show {
        /// Area [default: the city]
        #[arg(long, value_name = "AREA")]
        area: Option<PlaceCode>,
        /// Only this section, in every district when no area is named
        #[arg(long, value_name = "SECTION")]
        section: Option<Section>,
        #[command(flatten)]
        when: When,
    },
    /// Hours of a day for which the roster names nobody; every district, section and hour is looked at
    Check {
        /// Day, in the city's calendar
        #[arg(long, value_name = "YYYY-MM-DD")]
        date: Date,
        /// Language [default: the city's]
        #[arg(long, value_enum)]
        lang: Option<Lang>,
    },
    /// Offer your post to somebody; you sign the list of what is open
    HandOver {
        /// Area
        #[arg(long, value_name = "AREA")]
        area: PlaceCode,
        /// Section
        #[arg(long, value_name = "SECTION")]
        section: Section,
        /// Who takes over
        #[arg(long, value_name = "PERSON")]
        to: PersonId,
        #[command(flatten)]
        when: When,
    },
    /// Take over a post that was offered to you; you sign the same list
    TakeOver {
        /// Area
        #[arg(long, value_name = "AREA")]
        area: PlaceCode,
        /// Section
        #[arg(long, value_name = "SECTION")]
        section: Section,
        #[command(flatten)]
        when: When,
    },
}

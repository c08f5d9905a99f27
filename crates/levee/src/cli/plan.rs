//! Plans: made, stored, shown, compared, checked, drawn, handed to the ledger.

use super::Lang;
use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::{Date, DateTime};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:\n  levee plan mycity --date 2022-11-18\n  levee plan mycity --date 2022-11-18 --pin pins.toml --json > plan.json\n  levee plan list mycity\n  levee plan show mycity 20221118-3f9c21ab\n  levee plan compare 20221118-3f9c21ab 20221118-c07d11e2 --city mycity\n  levee plan check plan.json\n  levee plan lanes plan.json --geojson lanes.geojson\n  levee plan propose mycity 20221118-3f9c21ab --order 1119-05 --as PERSON\n\
A file of pins (docs/plan.md has more):\n  schema = \"levee.pins/1\"\n  [[assign]]                 # at least so many people go there; exactly = true: no more either\n  day = 2022-11-19\n  from = \"500112\"\n  class = \"mild\"             # mild, moderate, severe, critical\n  facility = \"CQ-MH-03\"\n  people = 200\n  [[forbid]]                 # nobody goes this way; class = ... for one class\n  from = \"500112\"\n  facility = \"CQ-MH-07\"\n  [[cap]]                    # at most so many beds in use\n  facility = \"CQ-MH-03\"\n  level = \"makeshift\"\n  beds = 1500\n  [[priority]]               # these people wait in the tier above\n  district = \"500112\"\n  class = \"mild\""
)]
pub(crate) struct PlanArgs {
    /// City folder
    #[arg(required = true)]
    pub city: Option<PathBuf>,
    /// Day of the meeting, in the city's calendar; the plan begins the day after
    #[arg(long, value_name = "YYYY-MM-DD", required = true)]
    pub date: Option<Date>,
    /// Parts to be planned; several with commas [default: all]
    #[arg(long, value_enum, value_delimiter = ',', value_name = "PART")]
    pub what: Vec<PartGiven>,
    /// What the plan must answer: a file of pins
    #[arg(long, value_name = "FILE")]
    pub pin: Option<PathBuf>,
    /// Seed of the outlook's paths
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Make the plan and show it, but do not store it
    #[arg(long)]
    pub dry_run: bool,
    /// Language [default: the city's]
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
    /// Look at plans that there are
    #[command(subcommand)]
    pub command: Option<PlanCommand>,
}

/// A part of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PartGiven {
    /// Who goes to which bed on which day
    Transfer,
    /// Hospitals and halls that open or close, and when; with the transfers that they rest on
    Openings,
    /// Isolation rooms: reserve, openings, promise
    Rooms,
    /// Which vehicle brings tomorrow's people where, and when; with the transfers that they carry out
    Runs,
    /// Tests: whom to sample where, which laboratory takes which tubes when
    Testing,
}

/// A plan that there is: a file, or the name of one that a city has stored.
#[derive(Debug, Args)]
pub(crate) struct OnePlan {
    /// File, or with --city the name of a stored plan (its beginning will do)
    #[arg(value_name = "PLAN")]
    pub plan: String,
    /// City folder whose stored plans may be named
    #[arg(long, value_name = "CITY")]
    pub city: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PlanCommand {
    /// List the stored plans
    List {
        /// City folder
        city: PathBuf,
        /// Language [default: the city's]
        #[arg(long, value_enum)]
        lang: Option<Lang>,
    },
    /// Show a stored plan as it was issued
    Show {
        /// City folder
        city: PathBuf,
        /// Its name; the beginning will do [default: the newest]
        plan: Option<String>,
        /// Language [default: the city's]
        #[arg(long, value_enum)]
        lang: Option<Lang>,
    },
    /// Two plans side by side: served, late, travelled, reserve, changes and why
    Compare {
        /// The first: a file, or with --city the name of a stored plan
        #[arg(value_name = "A")]
        a: String,
        /// The second
        #[arg(value_name = "B")]
        b: String,
        /// City folder whose stored plans may be named
        #[arg(long, value_name = "CITY")]
        city: Option<PathBuf>,
        /// Language
        #[arg(long, value_enum, default_value = "en")]
        lang: Lang,
    },
    /// Hold a plan against its own inputs again
    Check {
        #[command(flatten)]
        of: OnePlan,
        /// Language
        #[arg(long, value_enum, default_value = "en")]
        lang: Lang,
    },
    /// Write the ways that people and tubes travel as map data (GeoJSON): a line each, with how many
    Lanes {
        #[command(flatten)]
        of: OnePlan,
        /// Only this day [default: every day of the plan]
        #[arg(long, value_name = "YYYY-MM-DD")]
        date: Option<Date>,
        /// File to write [default: to the standard output]
        #[arg(long, value_name = "FILE")]
        geojson: Option<PathBuf>,
    },
    /// Put orders of a stored plan into the ledger as proposals; people approve and issue them there
    Propose {
        /// City folder
        city: PathBuf,
        /// Name of the stored plan; the beginning will do
        plan: String,
        /// Orders: a group (1119-05) or one of it (1119-05/2)
        #[arg(long, value_name = "NUMBER", required = true, num_args = 1..)]
        order: Vec<String>,
        /// When, in the city's calendar [default: now; a replay must be told]
        #[arg(long, value_name = "YYYY-MM-DDTHH:MM")]
        at: Option<DateTime>,
        /// Language [default: the city's]
        #[arg(long, value_enum)]
        lang: Option<Lang>,
    },
}

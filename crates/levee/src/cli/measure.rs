//! Arguments of the commands of restrictions.

use super::ledger::When;
use clap::{Subcommand, ValueEnum};
use jiff::civil::{Date, DateTime};
use levee_measures::{
    AppealId, Deferrable, EvidenceItem, ExitKind, Household, MeasureId, Provider, Service, Subject, WayId,
};
use levee_model::ids::PersonId;
use std::path::PathBuf;
use std::str::FromStr;

/// One restriction, and when something is done with it.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct One {
    /// City folder
    pub city: PathBuf,
    /// Measure (see `levee measure list`)
    pub id: MeasureId,
    #[command(flatten)]
    pub when: When,
}

/// What kind of way out it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum WayKind {
    /// A way on which people leave
    Exit,
    /// A way on which help comes
    FireLane,
}

impl From<WayKind> for ExitKind {
    fn from(kind: WayKind) -> Self {
        match kind {
            WayKind::Exit => Self::Exit,
            WayKind::FireLane => Self::FireLane,
        }
    }
}

/// `NAME=N`.
#[derive(Clone, Debug)]
pub(crate) struct Number {
    pub name: String,
    pub units: u64,
}

impl FromStr for Number {
    type Err = String;
    fn from_str(given: &str) -> Result<Self, String> {
        let parts = given.split_once('=').and_then(|(name, units)| Some((name.to_owned(), units.parse().ok()?)));
        let (name, units) = parts.ok_or_else(|| format!("`{given}` is not NAME=N, such as persons=40"))?;
        Ok(Self { name, units })
    }
}

/// `WHAT=PROVIDER`.
#[derive(Clone, Debug)]
pub(crate) struct Interim {
    pub what: Deferrable,
    pub who: Provider,
}

impl FromStr for Interim {
    type Err = String;
    fn from_str(given: &str) -> Result<Self, String> {
        let (what, who) = given
            .split_once('=')
            .ok_or_else(|| format!("`{given}` is not WHAT=PROVIDER, such as food=\"street kitchen\""))?;
        let what = what.parse().map_err(|error: levee_model::ids::BadId| error.to_string())?;
        Ok(Self { what, who: who.parse().map_err(|error: levee_model::ids::BadId| error.to_string())? })
    }
}

/// `REPORT@YYYY-MM-DDTHH:MM`.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub report: String,
    pub occurred: DateTime,
}

impl Report {
    pub(crate) fn item(&self, at: jiff::Timestamp) -> EvidenceItem {
        EvidenceItem { report: self.report.clone(), occurred: at }
    }
}

impl FromStr for Report {
    type Err = String;
    fn from_str(given: &str) -> Result<Self, String> {
        let parts = given.rsplit_once('@').and_then(|(report, at)| Some((report.to_owned(), at.parse().ok()?)));
        let parts = parts.filter(|(report, _)| !report.trim().is_empty());
        let (report, occurred) = parts
            .ok_or_else(|| format!("`{given}` is not REPORT@YYYY-MM-DDTHH:MM: which report, and when that was so"))?;
        Ok(Self { report, occurred })
    }
}

/// What is seen in the field.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Seen {
    /// A way out is blocked
    ExitBlocked {
        #[command(flatten)]
        one: One,
        /// Which way
        #[arg(long, value_name = "NAME")]
        way: WayId,
    },
    /// Urgent care can no longer be had
    UrgentCareLost {
        #[command(flatten)]
        one: One,
    },
    /// Urgent care can be had again
    UrgentCareBack {
        #[command(flatten)]
        one: One,
    },
    /// A household lacks a delivery that was due
    Unserved {
        #[command(flatten)]
        one: One,
        /// Which household, by pseudonym
        #[arg(long, value_name = "HOUSEHOLD")]
        household: Household,
        /// Since when
        #[arg(long, value_name = "YYYY-MM-DDTHH:MM")]
        since: DateTime,
    },
    /// Help for a household is confirmed
    Served {
        #[command(flatten)]
        one: One,
        /// Which household, by pseudonym
        #[arg(long, value_name = "HOUSEHOLD")]
        household: Household,
        /// Which service came: its share of the delivery that is due first is met
        #[arg(long, value_name = "SERVICE")]
        service: Option<Service>,
        /// What proves it
        #[arg(long, value_name = "FILE", requires = "service")]
        evidence: Option<PathBuf>,
    },
    /// What the restriction rests on is no longer so
    GroundLapsed {
        #[command(flatten)]
        one: One,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum MeasureCommand {
    /// Draft a restriction from a file of its terms
    #[command(after_help = EXAMPLE)]
    Propose {
        /// City folder
        city: PathBuf,
        /// Its terms (TOML)
        file: PathBuf,
        #[command(flatten)]
        when: When,
    },
    /// Say how many it holds
    #[command(
        after_help = "Example:\n  levee measure count mycity ID persons=40 households=14 medicine=6 dialysis=1 chemotherapy=0 \\\n    obstetric=0 help_for_the_old=3 help_for_children=0\nA service that nobody needs is 0; one that nobody asked about is left out, and keeps the gate shut."
    )]
    Count {
        #[command(flatten)]
        one: One,
        /// persons, households and the services that not everybody needs
        #[arg(value_name = "NAME=N", required = true)]
        numbers: Vec<Number>,
    },
    /// Judge it by the rulebook in force, and weigh it
    Assess {
        #[command(flatten)]
        one: One,
        /// Rulebook (YAML), or an id [default: the one that the city keeps for the day, else names in city.toml]
        #[arg(long, value_name = "FILE-OR-ID")]
        rulebook: Option<PathBuf>,
        /// On what it is expected to act, such as R; without this it says that no effect is known
        #[arg(long, value_name = "TEXT", requires_all = ["low", "high", "outlook"])]
        effect: Option<String>,
        /// Lower end of the effect's interval
        #[arg(long, value_name = "N", requires = "effect")]
        low: Option<f64>,
        /// Upper end of the effect's interval
        #[arg(long, value_name = "N", requires = "effect")]
        high: Option<f64>,
        /// Day of the issued outlook that it rests on
        #[arg(long, value_name = "YYYY-MM-DD", requires = "effect")]
        outlook: Option<Date>,
    },
    /// A provider keeps a service for it
    #[command(
        after_help = "Examples:\n  levee measure service mycity ID --service food --provider \"Yonghui Jiefangbei\" --units 40\n  levee measure service mycity ID --service urgent_care --provider \"Second Hospital\" --units 40 --vehicle \"ambulance 3\""
    )]
    Service {
        #[command(flatten)]
        one: One,
        /// Which: food, water, medicine, urgent_care, dialysis, chemotherapy, obstetric, help_for_the_old, help_for_children, refuse
        #[arg(long, value_name = "SERVICE")]
        service: Service,
        /// Who: a shop, clinic, company or office
        #[arg(long, value_name = "NAME")]
        provider: Provider,
        /// How much is kept: persons, or slots a week
        #[arg(long, value_name = "N", required_unless_present = "withdraw")]
        units: Option<u64>,
        /// The vehicle; urgent care has one
        #[arg(long, value_name = "TEXT")]
        vehicle: Option<String>,
        /// From when [default: its start]
        #[arg(long, value_name = "YYYY-MM-DDTHH:MM")]
        from: Option<DateTime>,
        /// Until when [default: its end]
        #[arg(long, value_name = "YYYY-MM-DDTHH:MM")]
        to: Option<DateTime>,
        /// It is kept no longer
        #[arg(long, conflicts_with_all = ["units", "vehicle", "from", "to"])]
        withdraw: bool,
    },
    /// A provider says what it can give at once, over all restrictions
    Offer {
        /// City folder
        city: PathBuf,
        /// Which service
        #[arg(long, value_name = "SERVICE")]
        service: Service,
        /// Who
        #[arg(long, value_name = "NAME")]
        provider: Provider,
        /// How much
        #[arg(long, value_name = "N")]
        units: u64,
        #[command(flatten)]
        when: When,
    },
    /// Somebody looked at a way out
    Inspect {
        #[command(flatten)]
        one: One,
        /// Which way
        #[arg(long, value_name = "NAME")]
        way: WayId,
        /// Its kind, for one that is named for the first time
        #[arg(long, value_enum)]
        kind: Option<WayKind>,
        /// It was blocked
        #[arg(long)]
        blocked: bool,
        /// A photo: with it, the look that was owed is met; without, it stays owed
        #[arg(long, value_name = "FILE")]
        evidence: Option<PathBuf>,
    },
    /// People were told: published for an area, handed over to a person
    Notice {
        #[command(flatten)]
        one: One,
        /// Where, or by what
        #[arg(long, value_name = "TEXT")]
        how: String,
        /// Where people can appeal
        #[arg(long, value_name = "TEXT")]
        appeal_channel: Option<String>,
        /// The notice itself: once the restriction is over, telling people that they are free meets their release
        #[arg(long, value_name = "FILE")]
        evidence: Option<PathBuf>,
    },
    /// Run the gate: everything must be shown
    Gate {
        #[command(flatten)]
        one: One,
    },
    /// Run the gate with food, medicine, water or notice put off: two people, once, at most 24 hours
    #[command(name = "override")]
    Override {
        #[command(flatten)]
        one: One,
        /// Until when
        #[arg(long, value_name = "YYYY-MM-DDTHH:MM")]
        until: DateTime,
        /// What is put off, and who helps out
        #[arg(long = "put-off", value_name = "WHAT=PROVIDER", required = true)]
        put_off: Vec<Interim>,
        /// The second person
        #[arg(long, value_name = "PERSON")]
        with: PersonId,
    },
    /// Put it in force: two people; the gate runs again
    Activate {
        #[command(flatten)]
        one: One,
        /// The second person
        #[arg(long, value_name = "PERSON")]
        with: PersonId,
    },
    /// What an override put off is there: run the whole gate
    Complete {
        #[command(flatten)]
        one: One,
    },
    /// Report from the field; taken from anybody
    #[command(subcommand)]
    Report(Seen),
    /// Free people for now; services go on
    Suspend {
        #[command(flatten)]
        one: One,
    },
    /// Put a suspended one in force again: two people; the whole gate runs again
    Resume {
        #[command(flatten)]
        one: One,
        /// The second person
        #[arg(long, value_name = "PERSON")]
        with: PersonId,
    },
    /// Move its end, on evidence that came since: two people; the gate runs again
    Renew {
        #[command(flatten)]
        one: One,
        /// The new end
        #[arg(long, value_name = "YYYY-MM-DDTHH:MM")]
        end: DateTime,
        /// The new review
        #[arg(long, value_name = "YYYY-MM-DDTHH:MM")]
        review: DateTime,
        /// What it rests on now
        #[arg(long, value_name = "REPORT@YYYY-MM-DDTHH:MM", required = true)]
        evidence: Vec<Report>,
        /// Rulebook (YAML), or an id [default: the one that the city keeps for the day, else names in city.toml]
        #[arg(long, value_name = "FILE-OR-ID")]
        rulebook: Option<PathBuf>,
        /// The second person
        #[arg(long, value_name = "PERSON")]
        with: PersonId,
    },
    /// Say that somebody looked at it and it goes on, or ask that somebody look
    Review {
        #[command(flatten)]
        one: One,
        /// Ask for a look
        #[arg(long)]
        ask: bool,
        /// The record of the look: with it, the review that was owed is met
        #[arg(long, value_name = "FILE", conflicts_with = "ask")]
        evidence: Option<PathBuf>,
    },
    /// End it, or take a draft back
    End {
        #[command(flatten)]
        one: One,
    },
    /// Ask for review, for whoever is held
    Appeal {
        #[command(flatten)]
        one: One,
        /// Who, by pseudonym
        #[arg(long, value_name = "SUBJECT")]
        by: Subject,
        /// Only for one household, by pseudonym [default: that it ends]
        #[arg(long, value_name = "HOUSEHOLD")]
        household: Option<Household>,
    },
    /// Decide an appeal; not by those who decided or activated the restriction
    Decide {
        #[command(flatten)]
        one: One,
        /// Appeal
        #[arg(long, value_name = "APPEAL")]
        appeal: AppealId,
        /// It is right
        #[arg(long, required_unless_present = "rejected")]
        upheld: bool,
        /// It is not
        #[arg(long, conflicts_with = "upheld")]
        rejected: bool,
        /// Why; sealed apart from the record
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Send a vehicle for urgent care; never refused
    Urgent {
        /// City folder
        city: PathBuf,
        /// For whom, by pseudonym
        #[arg(long = "for", value_name = "SUBJECT")]
        subject: Subject,
        #[command(flatten)]
        when: When,
    },
    /// All restrictions, those that are not over first
    List {
        /// City folder
        city: PathBuf,
        #[command(flatten)]
        when: When,
    },
    /// One restriction
    Show {
        #[command(flatten)]
        one: One,
    },
    /// The page that a resident reads
    Page {
        #[command(flatten)]
        one: One,
        /// File to write [default: CITY/measures/ID.LANG.html]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

impl MeasureCommand {
    /// What proves that it was done, and which service came.
    pub(crate) fn proof(&self) -> (Option<&PathBuf>, Option<Service>) {
        match self {
            Self::Inspect { evidence, .. } | Self::Notice { evidence, .. } | Self::Review { evidence, .. } => {
                (evidence.as_ref(), None)
            }
            Self::Report(Seen::Served { evidence, service, .. }) => (evidence.as_ref(), *service),
            _ => (None, None),
        }
    }

    /// City folder, and when.
    pub(crate) fn place(&self) -> (&PathBuf, &When) {
        match self {
            Self::Propose { city, when, .. }
            | Self::Offer { city, when, .. }
            | Self::Urgent { city, when, .. }
            | Self::List { city, when } => (city, when),
            Self::Count { one, .. }
            | Self::Assess { one, .. }
            | Self::Service { one, .. }
            | Self::Inspect { one, .. }
            | Self::Notice { one, .. }
            | Self::Gate { one }
            | Self::Override { one, .. }
            | Self::Activate { one, .. }
            | Self::Complete { one }
            | Self::Suspend { one }
            | Self::Resume { one, .. }
            | Self::Renew { one, .. }
            | Self::Review { one, .. }
            | Self::End { one }
            | Self::Appeal { one, .. }
            | Self::Decide { one, .. }
            | Self::Show { one }
            | Self::Page { one, .. }
            | Self::Report(
                Seen::ExitBlocked { one, .. }
                | Seen::UrgentCareLost { one }
                | Seen::UrgentCareBack { one }
                | Seen::Unserved { one, .. }
                | Seen::Served { one, .. }
                | Seen::GroundLapsed { one },
            ) => (&one.city, &one.when),
        }
    }
}

const EXAMPLE: &str = concat!(
    "Example, building.toml (times in the city's calendar):\n\n",
    include_str!("../../../../docs/examples/building.toml")
);

//! Arguments, parsed into the types of the domain.

mod backup;
mod care;
mod import;
pub(crate) mod ledger;
pub(crate) mod measure;
mod measures;
mod operations;
mod outlook;
mod plan;
mod serve;
mod settle;
mod store;
mod vault;
mod zone;

pub(crate) use backup::{BackupArgs, BackupCommand, RestoreArgs, UntilGiven};
pub(crate) use care::{JournalCommand, PackCommand, RulebookCommand};
pub(crate) use import::ImportArgs;
pub(crate) use measures::{ExitsSeen, MeasuresCommand, ObserveArgs};
pub(crate) use operations::OperationsArgs;
pub(crate) use outlook::{ByGiven, ExchangeFormat, OutlookCommand, ScoreArgs};
pub(crate) use plan::{OnePlan, PartGiven, PlanArgs, PlanCommand};
pub(crate) use serve::ServeArgs;
pub(crate) use settle::{SettleArgs, StatementArgs};
pub(crate) use store::StoreCommand;
pub(crate) use vault::{VaultArgs, VaultCommand, Why};
pub(crate) use zone::ZoneCommand;

use clap::{Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use levee_model::ids::{EntityId, PersonId};
use std::path::PathBuf;

/// Levee: the command system of a city under an outbreak.
///
/// From the city's daily reports it makes a picture, an outlook, a plan and the brief of the command meeting.
#[derive(Debug, Parser)]
#[command(name = "levee", version, max_term_width = 100)]
#[command(
    after_help = "Begin with:\n  levee init mycity --pack packs/chongqing-2022 --replay\n  levee import mycity --pack packs/chongqing-2022 --until 2022-11-18\n  levee day mycity --date 2022-11-18"
)]
pub(crate) struct Cli {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
    /// Print one JSON document instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// Who acts (an id of people.csv); needed where a person must decide or reads what may be personal
    #[arg(long = "as", global = true, value_name = "PERSON")]
    pub actor: Option<PersonId>,
    /// Folder of the keys that seal files and rejected values [default: $LEVEE_KEYS, else the user's data folder]
    #[arg(long, global = true, value_name = "DIR")]
    pub keys: Option<PathBuf>,
}

/// Language of what is printed for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// Chinese
    Zh,
    /// English
    En,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a city folder from a pack
    Init {
        /// Folder to make
        city: PathBuf,
        /// Pack that describes the city
        #[arg(long, value_name = "DIR")]
        pack: PathBuf,
        /// Run a past outbreak again: rows are known from the moment that the pack gives
        #[arg(long)]
        replay: bool,
    },
    /// Take in a table as an office sent it, or the reports of a pack
    #[command(
        after_help = "Examples:\n  levee import mycity --table infections 17nov.xlsx --office cq-hc --source S23\n  levee import mycity --table infections 17nov.csv --dry-run --json\n  levee import mycity --pack packs/chongqing-2022 --until 2022-11-18"
    )]
    Import(ImportArgs),
    /// List the files taken in and where their rows went
    Batches {
        /// City folder
        city: PathBuf,
    },
    /// Write the rejected rows of a batch to a file, to be corrected and sent again
    Rejected {
        /// City folder
        city: PathBuf,
        /// Batch (see `levee batches`)
        #[arg(long, value_name = "BATCH")]
        batch: EntityId,
        /// Why they are read; it is written down with your name
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// File to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Language of the explanations
        #[arg(long, value_enum, default_value = "en")]
        lang: Lang,
    },
    /// Show what is known of a day
    Picture {
        /// City folder
        city: PathBuf,
        /// Day, in the city's calendar
        #[arg(long, value_name = "YYYY-MM-DD")]
        date: Date,
        /// Language
        #[arg(long, value_enum, default_value = "en")]
        lang: Lang,
    },
    /// Run a day: picture, outlook, proposed plan, brief; all stored as issued
    Day {
        /// City folder
        city: PathBuf,
        /// Day, in the city's calendar; what was known by its 24:00 goes in
        #[arg(long, value_name = "YYYY-MM-DD")]
        date: Date,
        /// Seed of the outlook's paths
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Language of the summary [default: the city's]
        #[arg(long, value_enum)]
        lang: Option<Lang>,
    },
    /// Plan tomorrow and the week after: transfers and beds, what cannot be met and why
    Plan(Box<PlanArgs>),
    /// Write the brief of a day again, as it was issued
    Brief {
        /// City folder
        city: PathBuf,
        /// Day, in the city's calendar
        #[arg(long, value_name = "YYYY-MM-DD")]
        date: Date,
        /// Language shown first and printed [default: the city's]
        #[arg(long, value_enum)]
        lang: Option<Lang>,
        /// File to write [default: CITY/briefs/DATE.html, with the JSON beside it]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Run past days again, each as it was known then, and score each outlook against what came
    Replay {
        /// City folder or pack; it is not changed
        city: PathBuf,
        /// First day
        #[arg(long, value_name = "YYYY-MM-DD")]
        from: Date,
        /// Last day
        #[arg(long, value_name = "YYYY-MM-DD")]
        to: Date,
        /// Seed of the outlook's paths
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// How the issued outlooks did against what came: scores, coverage, calibration
    Score(ScoreArgs),
    /// Hand issued outlooks on, or forecast for a hub
    #[command(subcommand)]
    Outlook(OutlookCommand),
    /// What a city may owe: the catalogue of kinds
    #[command(
        after_help = "Examples:\n  levee kinds mycity\n  levee kinds mycity --kind food_delivery --template food.csv"
    )]
    Kinds(ledger::KindsArgs),
    /// Open obligations: a table of them, or one
    #[command(
        after_help = "Examples:\n  levee open mycity --kind food_delivery food.xlsx --dry-run\n  levee open mycity --kind care_placement --area 500103 --units 12\nA directive of the command meeting is an obligation too; what was decided stands in the note:\n  levee open mycity --kind directive --area 500000 --units 1 --due 2022-11-19T18:00 --owner PERSON \\\n    --field meeting=HQ-1118 --field item=3 --note \"makeshift beds in use within two days\""
    )]
    Open(ledger::OpenArgs),
    /// What is owed, how late it is, and who is asked
    Owed(ledger::OwedArgs),
    /// Work on obligations: give, begin, meet, waive, correct, transfer, name
    Obligation(ledger::ObligationArgs),
    /// Say why something is still owed after a day, and who answers for it
    Explain(ledger::ExplainArgs),
    /// Undo a command that gave obligations to somebody, as a whole
    Undo(ledger::UndoArgs),
    /// Orders under way
    Orders(ledger::OrdersArgs),
    /// Work on an order: propose, approve, issue, accept, finish
    Order(ledger::OrderArgs),
    /// Who answers for what at any hour, and handing over
    Duty(ledger::DutyArgs),
    /// Look over what was done outside Levee, and record it
    #[command(subcommand)]
    Measures(MeasuresCommand),
    /// Who does what where by when: timetable and map, as table, GeoJSON, page, workbook, calendar
    #[command(
        after_help = "Examples:\n  levee operations mycity\n  levee operations mycity --section testing --ics testing.ics\n  levee operations mycity --district 500103 --html yuzhong.html --xlsx yuzhong.xlsx\nA calendar holds what must be done by a time as tasks (VTODO), what runs for a time as events."
    )]
    Operations(OperationsArgs),
    /// Propose areas of high risk, and their release
    #[command(subcommand)]
    Zone(ZoneCommand),
    /// Restrictions, from proposal to expiry: services first, always with an end
    #[command(subcommand)]
    Measure(Box<measure::MeasureCommand>),
    /// Settle a day: the first person signs its statement, a second one seals it
    Settle(SettleArgs),
    /// Write the statement of a day: page, tables and workbook
    Statement(StatementArgs),
    /// Serve the city over HTTP: every use case, only for those who may
    #[command(
        after_help = "Examples:\n  levee serve mycity\n  levee serve mycity --listen 0.0.0.0:8080 --behind-tls\nWhile it runs, it alone writes to a city in a folder; a city in PostgreSQL may have several servers."
    )]
    Serve(ServeArgs),
    /// Print the OpenAPI document of the server
    Openapi,
    /// Personal data, kept apart: show masked, read for a reason, destroy
    Vault(VaultArgs),
    /// Look after the journal
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Look after the stores that a city lives in
    #[command(subcommand)]
    Store(StoreCommand),
    /// Back a city up while it is at work, or check a backup
    #[command(
        after_help = "Examples:\n  levee backup mycity --to /mnt/backup/mycity\n  levee backup check /mnt/backup/mycity"
    )]
    Backup(BackupArgs),
    /// Make a city of a backup, as it stood at the end or earlier
    Restore(RestoreArgs),
    /// Look after packs
    #[command(subcommand)]
    Pack(PackCommand),
    /// Look after rulebooks
    #[command(subcommand)]
    Rulebook(RulebookCommand),
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;
    use std::collections::BTreeSet;

    #[test]
    fn the_arguments_hang_together() {
        Cli::command().debug_assert();
    }

    /// Commands that do something, by their words.
    fn commands(of: &clap::Command, before: &str, all: &mut BTreeSet<String>) {
        for one in of.get_subcommands() {
            let name = format!("{before} {}", one.get_name()).trim().to_owned();
            // One that asks for a command of its own does nothing by itself.
            if !one.is_subcommand_required_set() {
                all.insert(name.clone());
            }
            commands(one, &name, all);
        }
    }

    #[test]
    fn every_command_has_its_route_or_says_why_not() {
        let mut all = BTreeSet::new();
        commands(&Cli::command(), "", &mut all);
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api.md")).unwrap();
        let (_, table) = text.split_once("| command of `levee` | over HTTP |").unwrap();
        let document = serde_json::to_value(levee_server::openapi()).unwrap();
        let mut told = BTreeSet::new();
        for row in table.lines().filter_map(|line| line.strip_prefix("| `")) {
            let (command, where_) = row.split_once("` | ").unwrap();
            assert!(told.insert(command.to_owned()), "`{command}` stands there twice");
            let route = where_.split('`').nth(1).and_then(|route| route.split_once(' '));
            match route {
                Some((method, path)) => {
                    let known = &document["paths"][path][method.to_lowercase()];
                    assert!(known.is_object(), "`{command}`: {method} {path} is no route");
                }
                None => assert!(where_.starts_with("stays: "), "`{command}` has neither a route nor a reason"),
            }
        }
        assert_eq!(told, all, "docs/api.md and `levee --help` know different commands");
    }
}

//! `crew CITY --pack DIR --date D`: hands in the sample tables of a pack and works through the day, for `cargo demo`.
//!
//! Everything that it does is invented; the pack's tables say so in every row. Settling is left to two people.
#![expect(clippy::print_stdout, reason = "this is a program; what it prints is its answer")]

use anyhow::Context as _;
use clap::Parser;
use jiff::civil::Date;
use levee_app::city::City;
use levee_app::clock::{Clock as _, MachineClock};
use levee_model::command::{Actor, Assurance, Channel, CommandId, Envelope};
use levee_sim::crew;
use levee_store::blobs::FolderBlobs;
use levee_store::keys::keys_folder;
use levee_store::sqlite::SqliteJournal;
use std::path::PathBuf;

/// A scripted crew that works through a day of a demonstration
#[derive(Debug, Parser)]
struct Args {
    /// City folder
    city: PathBuf,
    /// Pack whose sample tables are handed in
    #[arg(long, value_name = "DIR")]
    pack: PathBuf,
    /// Day, in the city's calendar
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Date,
    /// Seed of the script
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let env = std::env::var_os;
    let keys = keys_folder(env("LEVEE_KEYS"), env("XDG_DATA_HOME"), env("HOME"))?;
    let mut journal = SqliteJournal::open(&args.city)?;
    let blobs = FolderBlobs::open(&args.city, &keys)?;
    let clock = MachineClock;
    let pack = levee_intake::pack::read_pack(&args.pack)
        .map_err(|problems| anyhow::anyhow!("{} has {} problem(s)", args.pack.display(), problems.len()))?;
    let (_, _, calendar) = levee_app::city::founded(&journal)?;
    let noon = calendar.moment(args.date.at(12, 0, 0, 0)).context("that day has no noon")?;
    let now = calendar.civil(clock.now());
    let mut city = City { journal: &mut journal, blobs: &blobs, clock: &clock };
    let mut clerk = || Envelope {
        command_id: CommandId::new(uuid::Uuid::now_v7()),
        actor: Actor::LocalOperator,
        on_behalf_of: None,
        channel: Channel::Cli,
        assurance: Assurance::Asserted,
    };
    let opened = crew::open_samples(&mut city, &pack, noon, now, &mut clerk)?;
    let rows: u64 = opened.iter().map(|(_, report)| report.balance.accepted).sum();
    println!("{rows} synthetic obligations of {} kinds opened from the sample tables", opened.len());
    let done = crew::work(&mut city, args.date, args.seed)?;
    println!(
        "worked on {}: {} met, {} in part, {} waived or voided; {} orders, {} hand-over(s); {} arrears explained",
        done.worked, done.met, done.partly, done.closed, done.orders, done.handed_over, done.explained
    );
    Ok(())
}

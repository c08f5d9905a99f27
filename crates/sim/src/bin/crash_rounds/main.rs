//! Kills a city's process again and again, and looks at what it leaves: `crash-rounds --rounds N`; `cargo xtask crash` calls it.
//!
//! The child is this program once more: it opens the city in a folder, carries out commands with many threads under load, and
//! says of each on a pipe that it is kept once it has been told so. It is killed (SIGKILL) at a moment drawn from a seed, in
//! some rounds while a backup is made, in some while days are sealed. Then everything that was said to be kept must be there,
//! once; the record must be whole; a command that is sent again must change nothing; and the next child must be ready within
//! half a minute.
#![expect(clippy::print_stdout, reason = "what it finds is for whoever started it")]

mod child;
mod look;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use levee_sim::city_day::{Options, found_city};
use levee_store::blobs::FolderBlobs;
use levee_store::sqlite::SqliteJournal;
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore as _, SeedableRng as _};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// A restart that takes longer has failed.
const RESTART: Duration = Duration::from_secs(30);
/// After so many rounds the city is founded anew, so that its whole record can be verified after each.
const ROUNDS_OF_A_CITY: u64 = 25;

/// Kill a city's process again and again and look at what is left
#[derive(Parser)]
struct Args {
    /// How often it is killed
    #[arg(long, value_name = "N", default_value_t = 10)]
    rounds: u64,
    /// The seed of the moments
    #[arg(long, value_name = "S", default_value_t = 20_221_118)]
    seed: u64,
    /// A folder on the disk to be tried; none = among the temporary ones
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    #[arg(long, hide = true)]
    child: Option<PathBuf>,
    #[arg(long, hide = true, default_value_t = 0)]
    round: u64,
}

/// What a child is at when it is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Load {
    /// Many threads write.
    Writers,
    /// They write, and backups are made one after the other.
    Backup,
    /// One thread writes and seals day after day.
    Seal,
}

impl Load {
    pub(crate) fn of(round: u64) -> Self {
        match round % 4 {
            1 => Self::Backup,
            3 => Self::Seal,
            _ => Self::Writers,
        }
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match &args.child {
        Some(folder) => child::work(folder, args.round),
        None => rounds(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("FAILED {error:#}");
            ExitCode::from(1)
        }
    }
}

fn rounds(args: &Args) -> Result<()> {
    let scratch = match &args.folder {
        Some(folder) => tempfile::tempdir_in(folder),
        None => tempfile::tempdir(),
    };
    let scratch = scratch.context("no folder to work in")?;
    let mut moments = ChaCha8Rng::seed_from_u64(args.seed);
    let began = Instant::now();
    let mut all = Totals::default();
    println!("seed of the moments: {}", args.seed);
    let mut city = None;
    for round in 0..args.rounds {
        if round % ROUNDS_OF_A_CITY == 0 {
            city = Some(City::found(&scratch.path().join(format!("city-{round}")))?);
        }
        let Some(city) = &mut city else { continue };
        let micros = 2_000 + moments.next_u64() % 400_000;
        let found = one(city, round, Duration::from_micros(micros), &mut all);
        found.with_context(|| format!("round {round} ({:?}), killed {micros} us after it was ready; again: cargo xtask crash --rounds {} --seed {}", Load::of(round), round + 1, args.seed))?;
    }
    println!(
        "{} rounds in {:.1} s: {} commands were acknowledged and are there once, {} more were committed unheard; {} backups and {} sealed days were acknowledged; {} commands sent again changed nothing; the slowest restart took {} ms; the slowest whole verification {} ms, of {} events",
        args.rounds,
        began.elapsed().as_secs_f64(),
        all.kept,
        all.unheard,
        all.backups,
        all.sealed,
        all.again,
        all.restart_ms,
        all.verify_ms,
        all.events
    );
    ensure!(all.kept >= args.rounds, "the children hardly wrote anything");
    Ok(())
}

/// What the rounds came to.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    pub(crate) kept: u64,
    pub(crate) unheard: u64,
    pub(crate) backups: u64,
    pub(crate) sealed: u64,
    pub(crate) again: u64,
    pub(crate) restart_ms: u128,
    pub(crate) verify_ms: u128,
    pub(crate) events: u64,
}

/// The city that is killed.
pub(crate) struct City {
    pub(crate) folder: PathBuf,
    /// All that its children said was kept, by line.
    pub(crate) kept: Vec<String>,
    pub(crate) backed_up: bool,
}

pub(crate) fn keys(folder: &Path) -> PathBuf {
    folder.with_extension("keys")
}

impl City {
    fn found(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        std::fs::create_dir_all(keys(folder))?;
        let mut journal = SqliteJournal::create(folder)?;
        let blobs = FolderBlobs::create(folder, &keys(folder))?;
        let options = Options { workers: 50, days: 3000, ..Options::default() };
        found_city(&options, &mut journal, &blobs, child::founded())?;
        Ok(Self { folder: folder.to_owned(), kept: vec![], backed_up: false })
    }
}

fn one(city: &mut City, round: u64, after: Duration, all: &mut Totals) -> Result<()> {
    let program = std::env::current_exe()?;
    let started = Instant::now();
    let mut child = Command::new(program)
        .arg("--child")
        .arg(&city.folder)
        .args(["--round", &round.to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()?;
    let pipe = child.stdout.take().context("the child has no pipe")?;
    let (give, lines) = channel();
    let listener = std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if give.send(line).is_err() {
                break;
            }
        }
    });
    let ready = lines.recv_timeout(RESTART);
    let restart = started.elapsed();
    if ready.as_deref() == Ok("ready") {
        std::thread::sleep(after);
    }
    child.kill()?;
    child.wait()?;
    drop(listener.join());
    ensure!(ready.as_deref() == Ok("ready"), "the process was not ready again within {RESTART:?}: {ready:?}");
    all.restart_ms = all.restart_ms.max(restart.as_millis());
    let mut heard = Vec::new();
    for line in lines.try_iter() {
        ensure!(!line.starts_with("FAILED"), "the child: {line}");
        // The last line may be cut off in the middle; what was not said whole was not said.
        heard.push(line);
    }
    look::look(city, round, heard, all)
}

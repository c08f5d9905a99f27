//! A city's days, simulated: thousands of people whose messages are late, lost, doubled and out of order drive the real use
//! cases on real stores, while machines stop, clocks jump and two servers share one store.
//!
//! In: [`Options`] and a seed. Out: a [`Report`], or the first [`Failure`] with the seed, day and step that repeat it. The
//! same seed gives the same requests, the same faults and the same bytes in the journal. What must be so is worked out by a
//! tally of its own from what was committed; after every step the store is held against it.
//!
//! The city and its catalogue are those of a pack; its people, requests and misfortunes are invented.

mod deed;
mod evening;
mod faulty;
mod judge;
mod laws;
mod network;
mod people;
mod tally;
mod town;
mod world;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use town::{BadTown, envelope, found_city};

/// What to simulate.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder of the city's pack.
    pub pack: PathBuf,
    /// Days of the city.
    pub days: u32,
    /// Things that people set about in a day; each is sent once or several times.
    pub actions: u32,
    /// Field workers beside the people of the pack.
    pub workers: usize,
    /// Also on disk: each request is carried out on both stores, which must stay the same to the byte.
    pub on_disk: bool,
    /// The journal is verified as a whole at the end of every so many days, and of the last.
    pub verify_every: u32,
    /// All accounts are checked after every so many steps; what a step touched is checked after each.
    pub check_all_every: u64,
    /// Breaks a rule on purpose: the commit after so many is acknowledged and not kept. The run must fail.
    pub forget_commit: Option<u64>,
}

impl Default for Options {
    /// Small enough for every check of the repository.
    fn default() -> Self {
        Self {
            pack: PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/riverside-synthetic")),
            days: 5,
            actions: 250,
            workers: 1000,
            on_disk: true,
            verify_every: 1,
            check_all_every: 1,
            forget_commit: None,
        }
    }
}

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Requests that reached a server.
    pub steps: u64,
    /// Requests that were committed.
    pub commits: u64,
    /// Requests that were refused.
    pub refused: u64,
    /// Of those, requests that had to be refused.
    pub rightly_refused: u64,
    /// Requests that reached a server again after they had been carried out.
    pub repeated: u64,
    /// Requests that nobody could answer: the machine stopped, the clock was wrong, somebody was faster.
    pub unknown: u64,
    /// Days that were sealed, by district or for the city.
    pub sealed: u64,
    /// Requests that another server's came between.
    pub between: u64,
    /// Whole verifications of the journal.
    pub verified: u64,
    /// Events in the journal at the end.
    pub events: u64,
    /// Committed requests by what they were.
    pub by_name: BTreeMap<&'static str, u64>,
    /// Refusals by what they said, without their particulars.
    pub refusals: BTreeMap<String, u64>,
    /// Hash over the heads of all chains at the end: the same seed gives the same.
    pub heads: String,
}

/// A law that did not hold, and how to see it again.
#[derive(Clone, Debug, thiserror::Error)]
#[error("seed {seed}, day {day}, step {step} ({doing}): {what}")]
pub struct Failure {
    /// The seed.
    pub seed: u64,
    /// The day, from 1.
    pub day: u32,
    /// The step, from 1.
    pub step: u64,
    /// What was being done.
    pub doing: String,
    /// What did not hold.
    pub what: String,
}

/// Why a run ended early.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    /// A law did not hold.
    #[error(transparent)]
    Failed(#[from] Failure),
    /// The city could not be made.
    #[error(transparent)]
    Town(#[from] BadTown),
}

/// Runs the days of one seed.
pub fn run(options: &Options, seed: u64) -> Result<Report, Ended> {
    let mut world = world::World::new(options, seed)?;
    for _ in 0..options.days {
        world.day()?;
    }
    world.finish()
}

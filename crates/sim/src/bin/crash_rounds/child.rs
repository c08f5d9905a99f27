//! The process that is killed.

use crate::{Load, keys};
use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use levee_app::city::{AppError, City};
use levee_app::clock::{Clock, FixedClock};
use levee_app::event::Position;
use levee_app::journal::{Journal, JournalError};
use levee_app::ledger::settle::{Settled, settle};
use levee_app::ledger::{Ask, Desk};
use levee_ledger::catalogue::FieldValue;
use levee_ledger::{Command, Digest, Evidence, NewObligation, ObligationId, Said};
use levee_model::command::{Actor, Envelope};
use levee_model::ids::EntityId;
use levee_sim::city_day::envelope;
use levee_store::backup::backup;
use levee_store::blobs::FolderBlobs;
use levee_store::group::{CommitError, Committer, GroupLimits};
use levee_store::sqlite::SqliteJournal;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Threads that write at once.
const WRITERS: u64 = 16;

/// When the city was founded, by its clock: the first day of the pack's outbreak.
pub(crate) fn founded() -> Timestamp {
    Timestamp::from_second(1_709_222_400).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Says something on the pipe, whole.
fn say(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// A clock that goes on from the last event of the journal, a millisecond for every look at it.
#[derive(Clone)]
struct GoingOn(Arc<AtomicI64>);

impl Clock for GoingOn {
    fn now(&self) -> Timestamp {
        let millis = self.0.fetch_add(1, Ordering::Relaxed);
        Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX)
    }
}

/// When the last event was recorded.
fn last_recorded(journal: &SqliteJournal) -> Result<Timestamp> {
    let last = journal.last()?;
    let mut at = founded();
    journal.events(Position(last.0.saturating_sub(1)), &mut |stored| {
        at = stored.recorded_at;
        ControlFlow::Continue(())
    })?;
    Ok(at)
}

/// The ids of a round's commands never meet those of another.
pub(crate) fn nth_envelope(round: u64, writer: u64, nth: u64) -> Envelope {
    envelope(1000 + round, (writer << 24) | nth, Actor::Person(commander()))
}

fn commander() -> levee_model::ids::PersonId {
    // A name of the pack that is an id as it stands.
    "commander-1".parse().unwrap_or_else(|_| unreachable!())
}

pub(crate) fn opened_by(envelope: &Envelope) -> ObligationId {
    ObligationId(EntityId::new(envelope.command_id.uuid(), 0))
}

/// What the nth command of a writer wants: every third one meets what the one before it has opened.
pub(crate) fn wanted(round: u64, writer: u64, nth: u64, now: Timestamp) -> Result<Command> {
    let units = 1 + (nth + writer) % 9;
    if nth % 3 == 2 {
        let what = opened_by(&nth_envelope(round, writer, nth - 1)).into();
        let evidence = vec![Evidence { what: "delivery_record".to_owned(), digest: Digest([7; 32]) }];
        return Ok(Command::Meet { what, units: 1, reason: None, said: Said::Actor, evidence });
    }
    let path = format!("RS/RS-{}", 1 + (nth + writer) % 6);
    Ok(Command::Open(Box::new(NewObligation {
        id: opened_by(&nth_envelope(round, writer, nth)),
        kind: "food_delivery".parse()?,
        path: path.parse()?,
        units,
        subject: None,
        ground: None,
        opened_at: now,
        // Nothing becomes late: these books are about what is kept, not about what is owed.
        due: Some(now + SignedDuration::from_hours(24 * 3000)),
        owner: None,
        fields: BTreeMap::from([("packages".to_owned(), FieldValue::Count(units))]),
        note: None,
        synthetic: true,
    })))
}

/// Works until it is killed.
pub(crate) fn work(folder: &Path, round: u64) -> Result<()> {
    let journal = SqliteJournal::open(folder)?;
    let desk = Arc::new(Desk::load(&journal)?);
    let at = last_recorded(&journal)?;
    if Load::of(round) == Load::Seal {
        return seal(folder, round, journal, &desk, at);
    }
    let clock = GoingOn(Arc::new(AtomicI64::new(at.as_millisecond() + 1)));
    let committer = Committer::start(journal, clock.clone(), GroupLimits::default())?;
    say("ready")?;
    std::thread::scope(|scope| {
        let mut all = Vec::new();
        for writer in 0..WRITERS {
            let (handle, desk, clock) = (committer.handle(), Arc::clone(&desk), clock.clone());
            all.push(scope.spawn(move || -> Result<()> {
                for nth in 0.. {
                    let now = clock.now();
                    let envelope = nth_envelope(round, writer, nth);
                    let command = wanted(round, writer, nth, now)?;
                    let (desk, given) = (Arc::clone(&desk), envelope.clone());
                    let done = handle.transact(envelope.clone(), move |tx| {
                        match desk.work(tx, &given, (now, now), std::slice::from_ref(&command), None) {
                            Ok(_) => Ok(()),
                            Err(AppError::Journal(error)) => Err(error),
                            Err(_) => Err(JournalError::GivenUp),
                        }
                    });
                    match done {
                        Ok(_) => say(&format!("kept {writer} {nth} ."))?,
                        Err(CommitError::Stopped) => break,
                        Err(error) => return Err(error).context(format!("writer {writer}, command {nth}")),
                    }
                }
                Ok(())
            }));
        }
        if Load::of(round) == Load::Backup {
            let clock = clock.clone();
            all.push(scope.spawn(move || -> Result<()> {
                loop {
                    let reader = SqliteJournal::open_read_only(folder)?;
                    backup(&reader, folder, &folder.with_extension("backup"), clock.now())?;
                    say("backup .")?;
                }
            }));
        }
        for thread in all {
            match thread.join() {
                Ok(done) => done?,
                Err(_) => anyhow::bail!("a writer panicked"),
            }
        }
        Ok(())
    })
}

/// Writes a little and seals the day, day after day.
fn seal(folder: &Path, round: u64, mut journal: SqliteJournal, desk: &Desk, at: Timestamp) -> Result<()> {
    let blobs = FolderBlobs::open(folder, &keys(folder))?;
    say("ready")?;
    let mut now = at;
    let mut nth = 0;
    let mut signatures = 0;
    loop {
        for _ in 0..6 {
            now += SignedDuration::from_secs(1);
            let clock = FixedClock(now);
            let mut city = City { journal: &mut journal, blobs: &blobs, clock: &clock };
            desk.carry_out(&mut city, &nth_envelope(round, 0, nth), &Ask::from(wanted(round, 0, nth, now)?))?;
            say(&format!("kept 0 {nth} ."))?;
            nth += 1;
        }
        // The first day that is not sealed, up to the day of the clock; then the clock goes on to the next day.
        let today = desk.calendar.civil(now).date();
        now = desk.calendar.end_of(today).context("the day has no end")? + SignedDuration::from_mins(5);
        let mut day = today;
        for _ in 0..40 {
            let Ok(before) = day.yesterday() else { break };
            if levee_app::projection::ledger::read::sealed(&journal, "RS")?.is_none_or(|row| row.day >= before) {
                break;
            }
            day = before;
        }
        while day <= today {
            for who in ["commander-1", "commander-2"] {
                let envelope = envelope(1000 + round, (63 << 24) | signatures, Actor::Person(who.parse()?));
                signatures += 1;
                now += SignedDuration::from_secs(1);
                let clock = FixedClock(now);
                let mut city = City { journal: &mut journal, blobs: &blobs, clock: &clock };
                match settle(&mut city, &envelope, None, day, None)? {
                    Settled::Sealed { .. } => say(&format!("sealed {day} ."))?,
                    Settled::Prepared { .. } => {}
                    // A child before this one was killed between the two signatures of the same person.
                    Settled::Refused { why: levee_ledger::settlement::Unsettled::SamePerson(_), .. } => {}
                    Settled::Refused { why, .. } => anyhow::bail!("{day} could not be sealed: {why}"),
                }
            }
            day = day.tomorrow()?;
        }
    }
}

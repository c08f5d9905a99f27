//! Looks at what a killed process has left.

use crate::child::{nth_envelope, opened_by, wanted};
use crate::{City, Load, Totals, keys};
use anyhow::{Context, Result, ensure};
use jiff::civil::Date;
use levee_app::clock::FixedClock;
use levee_app::journal::Journal;
use levee_app::ledger::{Ask, Desk};
use levee_app::projection::ledger::read;
use levee_ledger::State;
use levee_store::backup::check;
use levee_store::blobs::FolderBlobs;
use levee_store::sqlite::SqliteJournal;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::Instant;

/// Commands that are sent again after every round.
const AGAIN: usize = 20;

/// Everything that was acknowledged is there once, nothing half is, and the record is whole.
pub(crate) fn look(city: &mut City, round: u64, heard: Vec<String>, all: &mut Totals) -> Result<()> {
    let mut journal = SqliteJournal::open(&city.folder)?;
    let verifying = Instant::now();
    let found = journal.verify()?;
    all.verify_ms = all.verify_ms.max(verifying.elapsed().as_millis());
    all.events = all.events.max(found.events);
    ensure!(
        found.faults.is_empty(),
        "{} fault(s), the first: {}",
        found.faults.len(),
        found.faults.first().map(ToString::to_string).unwrap_or_default()
    );

    // How often every command stands in the journal.
    let mut places: BTreeMap<_, u64> = BTreeMap::new();
    let mut last = None;
    journal.events(levee_app::event::Position(0), &mut |stored| {
        let command = stored.envelope.command_id;
        if last != Some(command) {
            *places.entry(command).or_default() += 1;
            last = Some(command);
        }
        ControlFlow::Continue(())
    })?;
    ensure!(places.values().all(|times| *times == 1), "a command stands in several places of the journal");

    let before = city.kept.len();
    let mut sealed = Vec::new();
    for line in heard {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["kept", writer, nth, "."] => city.kept.push(format!("{round} {writer} {nth}")),
            ["sealed", day, "."] => sealed.push(day.parse::<Date>()?),
            ["backup", "."] => {
                all.backups += 1;
                city.backed_up = true;
            }
            // Cut off in the middle: nobody was told.
            _ => {}
        }
    }
    for line in &city.kept {
        let numbers: Vec<u64> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
        let [round, writer, nth] = numbers.as_slice() else { continue };
        let envelope = nth_envelope(*round, *writer, *nth);
        ensure!(
            places.contains_key(&envelope.command_id),
            "command {nth} of writer {writer} in round {round} was acknowledged and is not in the journal"
        );
        ensure!(
            journal.receipt(envelope.command_id)?.is_some(),
            "the receipt of command {nth} of writer {writer} in round {round} is gone"
        );
        let opened = if nth % 3 == 2 { nth_envelope(*round, *writer, nth - 1) } else { envelope };
        let known = read::obligation(&journal, &opened_by(&opened))?
            .with_context(|| format!("what command {nth} of writer {writer} in round {round} opened is gone"))?;
        let units = 1 + (if nth % 3 == 2 { nth - 1 } else { *nth } + writer) % 9;
        ensure!(known.split.all() == units, "{} has {} units, opened were {units}", known.id, known.split.all());
        ensure!(
            nth % 3 != 2 || known.split.of(State::Met) == 1,
            "{} was met once and the store says {}",
            known.id,
            known.split.of(State::Met)
        );
    }
    for day in &sealed {
        let row = read::sealed(&journal, "RS")?.context("a seal is gone")?;
        ensure!(
            row.day >= *day && row.sealed_by.0 != row.sealed_by.1,
            "{day} was sealed, and the city is sealed up to {}",
            row.day
        );
    }
    let new = u64::try_from(city.kept.len() - before).unwrap_or(0);
    all.kept += new;
    all.sealed += sealed.len() as u64;
    let of_round = (0..16)
        .flat_map(|writer| {
            (0..u64::MAX)
                .map(move |nth| nth_envelope(round, writer, nth))
                .take_while(|one| places.contains_key(&one.command_id))
        })
        .count() as u64;
    all.unheard += of_round.saturating_sub(new);

    // Sent again, each is told that it was done, and nothing is written.
    let (blobs, desk, end) =
        (FolderBlobs::open(&city.folder, &keys(&city.folder))?, Desk::load(&journal)?, journal.last()?);
    for line in city.kept.iter().rev().take(AGAIN) {
        let numbers: Vec<u64> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
        let [round, writer, nth] = numbers.as_slice() else { continue };
        let clock = FixedClock(jiff::Timestamp::MAX);
        let mut at = levee_app::city::City { journal: &mut journal, blobs: &blobs, clock: &clock };
        let ask = Ask::from(wanted(*round, *writer, *nth, crate::child::founded())?);
        let done = desk.carry_out(&mut at, &nth_envelope(*round, *writer, *nth), &ask)?;
        ensure!(done.receipt.repeated, "a command that was carried out before was carried out again");
        all.again += 1;
    }
    ensure!(journal.last()? == end, "commands that were sent again have written something");
    if Load::of(round) == Load::Backup {
        match check(&city.folder.with_extension("backup")) {
            Ok(_) => {}
            Err(error) => ensure!(!city.backed_up, "a backup was acknowledged, and what is there is none: {error}"),
        }
    }
    Ok(())
}

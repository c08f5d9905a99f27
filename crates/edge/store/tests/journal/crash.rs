//! Processes that are killed, and disks that are full: what was acknowledged is there, and nothing half is.

use crate::city::*;
use crate::suite::assert_sound;
use levee_app::clock::FixedClock;
use levee_app::journal::{Journal, JournalError};
use levee_ledger::Flow;
use levee_store::group::{Committer, GroupLimits};
use levee_store::sqlite::SqliteJournal;
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Rounds of killing. A round is a few milliseconds of writing and one verification.
const ROUNDS: u64 = 15;

/// Names the city to the child; without it the children below are not run.
const CITY: &str = "LEVEE_TEST_CITY";

/// This test program once more, running one of the children below.
pub(crate) fn child(name: &str, folder: &Path, limit_kib: Option<u32>) -> Command {
    let program = std::env::current_exe().unwrap();
    let mut command = match limit_kib {
        None => Command::new(&program),
        Some(kib) => {
            let mut shell = Command::new("sh");
            // `ulimit -f` counts in blocks of 512 bytes; without the trap the signal would end the process.
            shell.args(["-c", &format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", kib * 2)]).arg(&program);
            shell
        }
    };
    command.args([name, "--exact", "--ignored", "--nocapture", "--test-threads=1"]).env(CITY, folder);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// Commits one batch after another and says of each that it is kept, until something fails.
fn commit_until_it_fails(folder: &Path) -> JournalError {
    let mut journal = SqliteJournal::open(folder).unwrap();
    loop {
        let nth = u128::from(journal.last().unwrap().0);
        match append(&mut journal, nth + 1, at(0), batch(nth + 1, 0..40)) {
            Ok(receipt) => {
                let mut out = std::io::stdout().lock();
                writeln!(out, "\nkept {}", receipt.last.0).and_then(|()| out.flush()).unwrap();
            }
            Err(error) => return error,
        }
    }
}

#[test]
#[ignore = "run by `a_killed_process_loses_nothing_acknowledged`"]
fn child_that_is_killed() {
    if let Ok(folder) = std::env::var(CITY) {
        panic!("{}", commit_until_it_fails(Path::new(&folder)));
    }
}

#[test]
fn a_killed_process_loses_nothing_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    append(&mut SqliteJournal::create(folder.path()).unwrap(), 0, at(0), vec![founded()]).unwrap();
    let mut chance = 20_221_118u64;
    let mut kept = 0;
    for round in 0..ROUNDS {
        let mut running = child("crash::child_that_is_killed", folder.path(), None).spawn().unwrap();
        let lines = BufReader::new(running.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut lines = lines.filter_map(|line| line.strip_prefix("kept ").and_then(|at| at.parse::<u64>().ok()));
        // From the first commit on, at a moment that differs from round to round.
        kept = lines.next().unwrap();
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_micros((chance >> 33) % 40_000));
        running.kill().unwrap();
        running.wait().unwrap();
        kept = lines.last().unwrap_or(kept);

        let journal = SqliteJournal::open(folder.path()).unwrap();
        let last = journal.last().unwrap().0;
        assert!(last >= kept, "round {round}: {kept} was acknowledged, the journal ends at {last}");
        assert_eq!(last % 4, 1, "round {round}: a part of a command is there");
        assert_sound(&journal);
    }
    assert!(kept > 4 * ROUNDS, "the children hardly wrote anything: {kept}");
}

/// Writers that share groups, each of which says what was acknowledged to it, until something fails.
fn write_together_until_it_fails(folder: &Path) {
    let journal = SqliteJournal::open(folder).unwrap();
    let done = u128::from(journal.last().unwrap().0);
    let committer = Committer::start(journal, FixedClock(at(0)), GroupLimits::default()).unwrap();
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let handle = committer.handle();
            scope.spawn(move || {
                for nth in (done + writer..).step_by(8) {
                    let work = |on: &mut dyn levee_app::journal::Transaction| {
                        on.append(obligations("500103", Flow::Opened, 1))
                    };
                    let said = match handle.transact(command(nth), work) {
                        Ok(_) => format!("\nkept {nth}"),
                        Err(error) => format!("\nfailed {error}"),
                    };
                    let mut out = std::io::stdout().lock();
                    writeln!(out, "{said}").and_then(|()| out.flush()).unwrap();
                    if said.contains("failed") {
                        break;
                    }
                }
            });
        }
    });
}

#[test]
#[ignore = "run by the tests of groups below"]
fn child_with_writers() {
    if let Ok(folder) = std::env::var(CITY) {
        write_together_until_it_fails(Path::new(&folder));
    }
}

fn kept(line: &str) -> Option<u128> {
    line.strip_prefix("kept ").and_then(|nth| nth.parse().ok())
}

#[test]
fn a_killed_committer_loses_nothing_that_any_writer_was_told() {
    let folder = tempfile::tempdir().unwrap();
    append(&mut SqliteJournal::create(folder.path()).unwrap(), 0, at(0), vec![founded()]).unwrap();
    let mut all = BTreeSet::new();
    for round in 0..5u64 {
        let mut running = child("crash::child_with_writers", folder.path(), None).spawn().unwrap();
        let lines = BufReader::new(running.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut lines = lines.filter_map(|line| kept(&line));
        all.extend(lines.by_ref().take(16));
        std::thread::sleep(Duration::from_micros(round * 7_919 % 30_000));
        running.kill().unwrap();
        running.wait().unwrap();
        all.extend(lines);
        let journal = SqliteJournal::open(folder.path()).unwrap();
        for nth in &all {
            assert!(
                journal.receipt(command(*nth).command_id).unwrap().is_some(),
                "round {round}: {nth} was acknowledged"
            );
        }
        assert_sound(&journal);
    }
    assert!(all.len() >= 5 * 16, "the children hardly wrote anything: {}", all.len());
}

#[test]
fn a_full_disk_fails_the_whole_group_and_acknowledges_none_of_it() {
    let folder = tempfile::tempdir().unwrap();
    append(&mut SqliteJournal::create(folder.path()).unwrap(), 0, at(0), vec![founded()]).unwrap();
    let output = child("crash::child_with_writers", folder.path(), Some(1024)).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let place = folder.path().join(levee_store::sqlite::FILE);
    let said = format!("failed the disk is full; nothing of this command was written to {}", place.display());
    assert_eq!(text.lines().filter(|line| *line == said).count(), 8, "each writer is told: {text}");
    let acknowledged: BTreeSet<u128> = text.lines().filter_map(kept).collect();
    let journal = SqliteJournal::open(folder.path()).unwrap();
    assert_eq!(journal.last().unwrap().0, acknowledged.len() as u64 + 1, "what is there was acknowledged");
    for nth in acknowledged {
        assert!(journal.receipt(command(nth).command_id).unwrap().is_some(), "{nth}");
    }
    assert_sound(&journal);
}

#[test]
#[ignore = "run by `a_full_disk_is_said_and_nothing_half_is_left`"]
fn child_on_a_full_disk() {
    let Ok(folder) = std::env::var(CITY) else { return };
    let error = commit_until_it_fails(Path::new(&folder));
    println!("\nfailed {error}");
}

#[test]
fn a_full_disk_is_said_and_nothing_half_is_left() {
    let folder = tempfile::tempdir().unwrap();
    append(&mut SqliteJournal::create(folder.path()).unwrap(), 0, at(0), vec![founded()]).unwrap();
    let mut last = 1;
    for limit_kib in [1024, 1500, 3000] {
        let output = child("crash::child_on_a_full_disk", folder.path(), Some(limit_kib)).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let place = folder.path().join(levee_store::sqlite::FILE);
        let said = format!("failed the disk is full; nothing of this command was written to {}", place.display());
        assert!(text.lines().any(|line| line == said), "{limit_kib} KiB: {text}");
        let kept = text.lines().filter_map(|line| line.strip_prefix("kept ")).next_back().map(|at| at.parse().unwrap());
        last = kept.unwrap_or(last);
        let journal = SqliteJournal::open(folder.path()).unwrap();
        assert_eq!(journal.last().unwrap().0, last, "{limit_kib} KiB");
        assert_sound(&journal);
    }
    assert!(last > 1);
    let mut journal = SqliteJournal::open(folder.path()).unwrap();
    append(&mut journal, u128::MAX >> 80, at(0), vec![read_rejected(1)]).unwrap();
}

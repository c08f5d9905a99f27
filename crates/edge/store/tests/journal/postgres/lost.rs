//! Connections that are lost, before the commit and in the middle of it: what was acknowledged is there, what was said to be
//! lost is not, and no command is carried out twice.

use super::{Admin, Server, why};
use crate::city::*;
use crate::suite::{all_events, assert_sound};
use levee_app::journal::{Journal, JournalError, Read, Space};
use levee_store::postgres::{PostgresFault, PostgresJournal};
use std::io::{Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

#[test]
fn a_lost_connection_loses_and_doubles_nothing() {
    let server = Server::start();
    the_backend_is_ended_between_commands(&server);
    the_backend_is_ended_within_a_command(&server);
    the_backend_is_ended_at_any_moment(&server);
    the_answer_to_a_commit_is_lost(&server);
    the_database_stays_away(&server);
}

/// Ends every other connection to the database.
fn end_all(admin: &Admin) {
    admin.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
}

fn the_backend_is_ended_between_commands(server: &Server) {
    let address = server.database();
    let mut journal = PostgresJournal::create(&address).unwrap();
    append(&mut journal, 1, at(0), vec![founded()]).unwrap();
    let admin = Admin::connect(&address);
    end_all(&admin);
    append(&mut journal, 2, at(0), vec![read_rejected(1)]).unwrap();
    end_all(&admin);
    assert_eq!(all_events(&journal, 0).len(), 2);
    end_all(&admin);
    assert!(journal.get(Space::City, b"city").is_ok());
    assert_sound(&journal);
}

fn the_backend_is_ended_within_a_command(server: &Server) {
    let address = server.database();
    let mut journal = PostgresJournal::create(&address).unwrap();
    append(&mut journal, 1, at(0), vec![founded()]).unwrap();
    let admin = Admin::connect(&address);
    let lost = journal.transact(&command(2), at(0), &mut |on| {
        on.append(read_rejected(1))?;
        end_all(&admin);
        on.append(read_rejected(2)).map(|_| ())
    });
    // What the server or the socket says of it depends on which of them is heard first.
    let told = why(&lost.unwrap_err(), server);
    assert!(
        told.contains("the connection was lost; nothing of the command was written, it can be sent again"),
        "{told}"
    );
    assert_eq!(journal.receipt(command(2).command_id).unwrap(), None);
    assert_eq!(append(&mut journal, 2, at(0), vec![read_rejected(1)]).unwrap().last.0, 2);
    assert_sound(&journal);
}

/// A writer goes on while its connection is ended again and again; the books of what it was told must fit the journal.
fn the_backend_is_ended_at_any_moment(server: &Server) {
    let address = server.database();
    let mut journal = PostgresJournal::create(&address).unwrap();
    append(&mut journal, 0, at(0), vec![founded()]).unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    // Longest pause between two ends, in microseconds; a slow machine needs longer ones for any commit to get through.
    let pause = Arc::new(AtomicU64::new(15_000));
    let killer = std::thread::spawn({
        let (stop, pause, admin) = (Arc::clone(&stop), Arc::clone(&pause), Admin::connect(&address));
        move || {
            let (mut chance, mut rounds) = (20_221_118u64, 0);
            while !stop.load(Ordering::Relaxed) {
                chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                std::thread::sleep(Duration::from_micros((chance >> 33) % pause.load(Ordering::Relaxed)));
                end_all(&admin);
                rounds += 1;
            }
            rounds
        }
    });
    let (mut kept, mut lost) = (vec![], 0);
    let (mut nth, mut in_a_row) = (0u128, 0);
    while nth < 250 || (nth < 5000 && (lost <= 3 || kept.len() <= 20)) {
        nth += 1;
        if in_a_row > 10 {
            pause.fetch_add(5_000, Ordering::Relaxed);
            in_a_row = 0;
        }
        match append(&mut journal, nth, at(0), vec![read_rejected(nth)]) {
            Ok(receipt) => {
                kept.push((nth, receipt.last.0));
                in_a_row = 0;
            }
            Err(JournalError::Store { source, .. })
                if matches!(source.downcast_ref(), Some(PostgresFault::Lost(_) | PostgresFault::Unreachable(_))) =>
            {
                lost += 1;
                in_a_row += 1;
            }
            Err(error) => panic!("{nth}: {error:?}"),
        }
    }
    stop.store(true, Ordering::Relaxed);
    let rounds = killer.join().unwrap();
    let stored: Vec<_> = all_events(&journal, 1).into_iter().map(|event| (event.envelope, event.position.0)).collect();
    let said: Vec<_> = kept.iter().map(|(nth, position)| (command(*nth), *position)).collect();
    assert_eq!(stored, said, "{lost} of {nth} were lost, {rounds} times");
    assert!(lost > 3 && kept.len() > 20, "{lost} lost, {} kept: hardly a test", kept.len());
    assert_sound(&journal);
}

const PASS: u8 = 0;
/// The commit goes through, its answer does not.
const KEEP: u8 = 1;
/// The commit does not go through.
const DROP: u8 = 2;

/// A road to the server that breaks where it is told to.
struct Road {
    folder: tempfile::TempDir,
    breaks: Arc<AtomicU8>,
    open: Arc<AtomicBool>,
}

impl Road {
    fn to(server: &Path) -> Self {
        let folder = tempfile::Builder::new().prefix("road").tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        let (breaks, open) = (Arc::new(AtomicU8::new(PASS)), Arc::new(AtomicBool::new(true)));
        let (target, how, is_open) = (server.join(".s.PGSQL.5432"), Arc::clone(&breaks), Arc::clone(&open));
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let (target, how) = (target.clone(), Arc::clone(&how));
                if is_open.load(Ordering::SeqCst) {
                    std::thread::spawn(move || carry(client, &target, &how));
                }
            }
        });
        Self { folder, breaks, open }
    }

    fn address(&self, to: &str) -> String {
        let database = to.rsplit_once("dbname=").unwrap().1;
        format!("host={} user=levee dbname={database}", self.folder.path().display())
    }
}

fn carry(mut client: UnixStream, target: &PathBuf, how: &AtomicU8) {
    let mut server = UnixStream::connect(target).unwrap();
    let (mut from_server, mut to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    let muted = Arc::new(AtomicBool::new(false));
    let mute = Arc::clone(&muted);
    let back = std::thread::spawn(move || {
        let mut piece = [0; 65_536];
        while let Ok(length @ 1..) = from_server.read(&mut piece) {
            if !mute.load(Ordering::SeqCst) && to_client.write_all(&piece[..length]).is_err() {
                break;
            }
        }
        let _ = to_client.shutdown(std::net::Shutdown::Both);
    });
    let mut piece = vec![0; 1 << 20];
    while let Ok(length @ 1..) = client.read(&mut piece) {
        let commits = piece[..length].windows(7).any(|bytes| bytes == b"COMMIT\0");
        match if commits { how.swap(PASS, Ordering::SeqCst) } else { PASS } {
            DROP => break,
            broken => {
                muted.store(broken == KEEP, Ordering::SeqCst);
                if server.write_all(&piece[..length]).is_err() {
                    break;
                }
                if broken == KEEP {
                    // The server gets all of it and then finds nobody to answer.
                    break;
                }
            }
        }
    }
    let _ = server.shutdown(std::net::Shutdown::Write);
    back.join().unwrap();
}

fn the_answer_to_a_commit_is_lost(server: &Server) {
    let address = server.database();
    let road = Road::to(server.folder());
    let mut journal = PostgresJournal::create(&road.address(&address)).unwrap();
    append(&mut journal, 1, at(0), vec![founded()]).unwrap();
    for nth in 1..=10u64 {
        // Kept, though nobody heard: found out, and not done again.
        road.breaks.store(KEEP, Ordering::SeqCst);
        let kept = append(&mut journal, u128::from(2 * nth), at(0), vec![read_rejected(u128::from(nth))]).unwrap();
        assert_eq!((kept.last.0, kept.repeated), (2 * nth, false));
        assert!(append(&mut journal, u128::from(2 * nth), at(0), vec![read_rejected(99)]).unwrap().repeated);
        // Never arrived: said to be lost, and can be sent again.
        road.breaks.store(DROP, Ordering::SeqCst);
        let lost =
            append(&mut journal, u128::from(2 * nth + 1), at(0), vec![read_rejected(u128::from(nth))]).unwrap_err();
        assert!(why(&lost, server).contains("nothing of the command was written, it can be sent again"), "{lost:?}");
        let sent_again =
            append(&mut journal, u128::from(2 * nth + 1), at(0), vec![read_rejected(u128::from(nth))]).unwrap();
        assert_eq!((sent_again.last.0, sent_again.repeated), (2 * nth + 1, false));
    }
    assert_eq!(all_events(&journal, 0).len(), 21);
    assert_sound(&journal);
}

fn the_database_stays_away(server: &Server) {
    let address = server.database();
    let road = Road::to(server.folder());
    let mut journal = PostgresJournal::create(&road.address(&address)).unwrap();
    append(&mut journal, 1, at(0), vec![founded()]).unwrap();
    journal.patience(Duration::from_millis(300));
    road.breaks.store(KEEP, Ordering::SeqCst);
    road.open.store(false, Ordering::SeqCst);
    let unknown = append(&mut journal, 2, at(0), vec![read_rejected(1)]).unwrap_err();
    let told = why(&unknown, server).replace(&road.folder.path().display().to_string(), "<road>");
    insta::assert_snapshot!(told, @"the journal PostgreSQL database `city` at <road> failed: the connection was lost during the commit and could not be made again, so it is not known whether the command was kept; send it again with the same id when the database is back: it is never carried out twice: connection closed");
    road.open.store(true, Ordering::SeqCst);
    // The promise of that sentence: sent again it is not carried out twice.
    assert!(append(&mut journal, 2, at(0), vec![read_rejected(99)]).unwrap().repeated);
    assert_eq!(journal.last().unwrap().0, 2);
}

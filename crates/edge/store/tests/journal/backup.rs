//! Backups: made while others write, refused when they are half, restored to any moment that they reach.

use crate::city::*;
use crate::copy::{assert_same, history};
use crate::crash::child;
use crate::suite::{all_events, assert_sound};
use levee_app::blob::Blobs as _;
use levee_app::event::{NewEvent, Position};
use levee_app::journal::{Journal, JournalError, Receipt};
use levee_store::backup::{BackupError, Manifest, Until, after_restore, backup, check, restore};
use levee_store::blobs::FolderBlobs;
use levee_store::memory::MemoryJournal;
use levee_store::raw::copy;
use levee_store::sqlite::{FILE, SqliteJournal};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

fn blob_file(of: u8) -> String {
    let digest = blob(of).to_string();
    format!("blobs/{}/{}", &digest[..2], &digest[2..])
}

/// A city's folder with a founded journal and, for each blob that test events name, a file that stands for it.
fn city(outer: &Path, name: &str) -> (PathBuf, SqliteJournal) {
    let folder = outer.join(name);
    std::fs::create_dir(&folder).unwrap();
    for of in 1..=9 {
        let path = folder.join(blob_file(of));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, vec![of; 1000 * usize::from(of)]).unwrap();
    }
    std::fs::write(folder.join("blobs/KEY"), "0123456789abcdef\n").unwrap();
    let journal = SqliteJournal::create(&folder).unwrap();
    (folder, journal)
}

/// Every file under a folder, with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut left = vec![folder.to_owned()];
    while let Some(folder_) = left.pop() {
        for entry in std::fs::read_dir(&folder_).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                all.insert(name, std::fs::read(path).unwrap());
            }
        }
    }
    all
}

fn told(error: &BackupError, outer: &Path) -> String {
    let mut all = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        all = format!("{all}: {inner}");
        source = inner.source();
    }
    all.replace(&outer.display().to_string(), "<here>")
}

fn write(journal: &mut SqliteJournal, nth: u32, events: Vec<NewEvent>) -> Result<Receipt, JournalError> {
    append(journal, nth.into(), at(nth.into()), events)
}

#[test]
fn a_backup_made_during_an_import_is_the_journal_at_one_moment() {
    let outer = tempfile::tempdir().unwrap();
    let (folder, mut writer) = city(outer.path(), "city");
    write(&mut writer, 0, vec![founded()]).unwrap();
    let done = AtomicBool::new(false);
    let (writer, manifests) = std::thread::scope(|scope| {
        let importing = scope.spawn(|| {
            let mut nth = 1;
            while !done.load(Ordering::Relaxed) {
                write(&mut writer, nth, batch(nth.into(), 0..200)).unwrap();
                nth += 1;
            }
            writer
        });
        let mut manifests = vec![];
        for nth in 0..3 {
            let reader = SqliteJournal::open_read_only(&folder).unwrap();
            // Something is written before each, so that each ends elsewhere.
            let before = reader.last().unwrap().0;
            while reader.last().unwrap().0 == before {
                std::thread::sleep(Duration::from_millis(1));
            }
            let to = outer.path().join(format!("backup-{nth}"));
            manifests.push((backup(&reader, &folder, &to, at(nth)).unwrap(), to));
        }
        done.store(true, Ordering::Relaxed);
        (importing.join().unwrap(), manifests)
    });
    let last = writer.last().unwrap().0;
    assert!(manifests[2].0.last < last, "the import went on during the backups");
    for (manifest, to) in manifests {
        assert_eq!(check(&to).unwrap(), manifest);
        let restored = outer.path().join(format!("restored-{}", manifest.last));
        let done = restore(&to, &restored, Until::Last).unwrap();
        assert_eq!(
            (done.last, done.blobs, done.key.as_deref()),
            (Position(manifest.last), 5, Some("0123456789abcdef"))
        );
        let restored = SqliteJournal::open(&restored).unwrap();
        assert_sound(&restored);
        // The journal as it was then, made again from that of today.
        let mut then = MemoryJournal::new();
        copy(&writer, &mut then, Some(Position(manifest.last))).unwrap();
        assert_same(&restored, &then);
        let heads: Vec<_> = manifest.heads.iter().map(|head| (head.stream.as_str(), head.sequence)).collect();
        let restored = restored.heads().unwrap();
        assert_eq!(heads, restored.iter().map(|(name, length, _)| (name.as_str(), *length)).collect::<Vec<_>>());
    }
}

#[test]
fn a_city_comes_back_as_it_stood_at_a_position_or_a_moment() {
    let outer = tempfile::tempdir().unwrap();
    let (folder, mut journal) = city(outer.path(), "city");
    history(&mut journal);
    let to = outer.path().join("backup");
    let manifest = backup(&journal, &folder, &to, at(99)).unwrap();
    assert_eq!((manifest.last, manifest.commands, manifest.last_recorded_at), (9, 5, at(30)));
    let position = |position| Until::Position(Position(position));
    let cases = [
        (Until::Last, 9, 9, None),
        (position(9), 9, 9, None),
        (position(7), 5, 5, Some(Position(7))),
        (position(5), 5, 5, None),
        (position(1), 1, 1, None),
        (Until::Moment(at(29)), 8, 9, None),
        (Until::Moment(at(19)), 5, 5, None),
        (Until::Moment(at(999)), 9, 9, None),
    ];
    for (nth, (until, last, blobs, asked)) in cases.into_iter().enumerate() {
        let city = outer.path().join(nth.to_string());
        let done = restore(&to, &city, until).unwrap();
        assert_eq!((done.last, done.blobs, done.asked), (Position(last), blobs, asked), "{until:?}");
        let restored = SqliteJournal::open(&city).unwrap();
        assert_eq!(done.recorded_at, all_events(&restored, last - 1)[0].recorded_at);
        assert_sound(&restored);
        let mut then = MemoryJournal::new();
        copy(&journal, &mut then, Some(Position(last))).unwrap();
        assert_same(&restored, &then);
        let there: Vec<_> = files(&city).into_keys().filter(|name| name.starts_with("blobs/")).collect();
        assert_eq!(there.len() as u64, blobs + 1, "the blobs that it names, and KEY: {there:?}");
    }
    let city = outer.path().join("none");
    let refused = |until| told(&restore(&to, &city, until).unwrap_err(), outer.path());
    insta::assert_snapshot!(refused(position(10)), @"the backup ends at position 9, so it cannot be restored to position 10");
    insta::assert_snapshot!(refused(position(0)), @"by then the city was not founded; name a later moment or position");
    insta::assert_snapshot!(refused(Until::Moment(at(-1))), @"by then the city was not founded; name a later moment or position");
    assert!(!city.exists());
}

/// A backup of a small city, to be damaged.
fn small(outer: &Path) -> PathBuf {
    let (folder, mut journal) = city(outer, "city");
    history(&mut journal);
    std::fs::write(folder.join("pack.toml"), "not of the backup").unwrap();
    rusqlite::Connection::open(folder.join("vault.db"))
        .unwrap()
        .execute_batch("CREATE TABLE sealed (subject TEXT, record BLOB); INSERT INTO sealed VALUES ('p-a', x'00ff')")
        .unwrap();
    let to = outer.join("backup");
    backup(&journal, &folder, &to, at(99)).unwrap();
    to
}

#[test]
fn a_backup_holds_what_it_should_and_is_not_changed_by_looking() {
    let outer = tempfile::tempdir().unwrap();
    let to = small(outer.path());
    let before = files(&to);
    let mut names: Vec<String> = (1..=9).map(blob_file).collect();
    names.extend(["backup.json", "blobs/KEY", "levee.db", "lock", "vault.db"].map(str::to_owned));
    names.sort();
    assert_eq!(before.keys().cloned().collect::<Vec<_>>(), names);
    check(&to).unwrap();
    let restored = outer.path().join("restored");
    restore(&to, &restored, Until::Last).unwrap();
    assert_eq!(files(&to), before, "a backup may lie where nobody can write");
    let city: Vec<_> = files(&restored).into_keys().filter(|name| !name.starts_with("blobs/")).collect();
    assert_eq!(city, ["levee.db", "vault.db"]);
    assert_eq!(files(&restored)["vault.db"], before["vault.db"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o077;
        assert_eq!((mode(&to), mode(&to.join("backup.json")), mode(&to.join(blob_file(1)))), (0, 0, 0));
    }
}

#[test]
fn half_a_backup_is_refused_and_what_is_wrong_is_named() {
    let outer = tempfile::tempdir().unwrap();
    let whole = small(outer.path());
    let city = outer.path().join("none");
    let damaged = |change: &dyn Fn(&Path)| {
        let copy = outer.path().join("copy");
        for (name, bytes) in files(&whole) {
            std::fs::create_dir_all(copy.join(&name).parent().unwrap()).unwrap();
            std::fs::write(copy.join(&name), bytes).unwrap();
        }
        change(&copy);
        let refused = restore(&copy, &city, Until::Last).unwrap_err();
        assert_eq!(told(&refused, &copy), told(&check(&copy).unwrap_err(), &copy));
        assert!(!city.exists(), "nothing was made");
        let said = told(&refused, &copy);
        std::fs::remove_dir_all(copy).unwrap();
        said
    };
    // Each file: missing, one bit changed at its beginning and its end, cut short, and with a byte too many.
    for name in files(&whole).into_keys().filter(|name| !["backup.json", "lock"].contains(&name.as_str())) {
        let change = |by: &dyn Fn(&mut Vec<u8>)| {
            damaged(&|copy| {
                let mut bytes = std::fs::read(copy.join(&name)).unwrap();
                by(&mut bytes);
                std::fs::write(copy.join(&name), bytes).unwrap();
            })
        };
        let missing = damaged(&|copy| std::fs::remove_file(copy.join(&name)).unwrap());
        assert_eq!(missing, format!("the backup is not whole: <here>/{name} is missing; use another backup"));
        let changed = format!(
            "the backup is damaged: <here>/{name} does not have the bytes that were written; use another backup"
        );
        assert_eq!(change(&|bytes| bytes[0] ^= 1), changed);
        assert_eq!(change(&|bytes| *bytes.last_mut().unwrap() ^= 0x80), changed);
        let cut = change(&|bytes| bytes.truncate(bytes.len() / 2));
        assert!(cut.starts_with(&format!("the backup is damaged: <here>/{name} has ")), "{cut}");
        let longer = change(&|bytes| bytes.push(0));
        assert!(longer.starts_with(&format!("the backup is damaged: <here>/{name} has ")), "{longer}");
    }
    let manifest = |by: &dyn Fn(String) -> String| {
        damaged(&|copy| {
            let path = copy.join("backup.json");
            std::fs::write(&path, by(std::fs::read_to_string(&path).unwrap())).unwrap();
        })
    };
    insta::assert_snapshot!(damaged(&|copy| std::fs::remove_file(copy.join("backup.json")).unwrap()), @"<here> is not a whole backup: it has no backup.json, which is written last; make it again");
    insta::assert_snapshot!(manifest(&|text| text[..text.len() / 2].to_owned()), @"<here>/backup.json cannot be read as the manifest of a backup: EOF while parsing a string at line 59 column 33; use another backup");
    insta::assert_snapshot!(manifest(&|text| text.replace("levee.backup/1", "levee.backup/7")), @"<here>/backup.json is of the format `levee.backup/7`, which this Levee does not read; upgrade Levee");
    insta::assert_snapshot!(manifest(&|_| "{}".to_owned()), @"<here>/backup.json cannot be read as the manifest of a backup: it does not say that it is one; use another backup");
    insta::assert_snapshot!(manifest(&|text| text.replace("\"vault.db\"", "\"../vault.db\"")), @"<here>/backup.json cannot be read as the manifest of a backup: it names `../vault.db`, which is not within the backup; use another backup");
    insta::assert_snapshot!(manifest(&|text| text.replace("\"last\": 9", "\"last\": 8")), @"the backup does not hold together: its journal and its manifest differ in the last position; use another backup");
    insta::assert_snapshot!(manifest(&|text| text.replace("\"sequence\": 4", "\"sequence\": 3")), @"the backup does not hold together: its journal and its manifest differ in the heads of the chains; use another backup");
}

#[test]
fn nothing_is_written_where_something_is() {
    let outer = tempfile::tempdir().unwrap();
    let to = small(outer.path());
    let (city_folder, mut other) = city(outer.path(), "other");
    append(&mut other, 7, at(3), vec![founded()]).unwrap();
    drop(other);
    let other = SqliteJournal::open_read_only(&city_folder).unwrap();
    let unchanged = |folder: &Path, what: &dyn Fn() -> BackupError| {
        let before = files(folder);
        let said = told(&what(), outer.path());
        assert_eq!(files(folder), before);
        said
    };
    insta::assert_snapshot!(unchanged(&city_folder, &|| restore(&to, &city_folder, Until::Last).unwrap_err()), @"<here>/other is not empty; name a folder that is not there yet");
    insta::assert_snapshot!(unchanged(&city_folder, &|| backup(&other, &city_folder, &city_folder, at(9)).unwrap_err()), @"<here>/other holds the backup of another city, or something that is no backup; name another folder");
    insta::assert_snapshot!(unchanged(&to, &|| backup(&other, &city_folder, &to, at(9)).unwrap_err()), @"<here>/backup holds the backup of another city, or something that is no backup; name another folder");
    let file = outer.path().join("file");
    std::fs::write(&file, "a shopping list").unwrap();
    assert!(restore(&to, &file, Until::Last).is_err());
    assert_eq!(std::fs::read(&file).unwrap(), b"a shopping list");
    // A folder of somebody else that has the name in which a restore works is left alone.
    let theirs = outer.path().join(".new.restoring");
    std::fs::create_dir(&theirs).unwrap();
    std::fs::write(theirs.join("letter"), "dear all").unwrap();
    let refused = unchanged(&theirs, &|| restore(&to, &outer.path().join("new"), Until::Last).unwrap_err());
    insta::assert_snapshot!(refused, @"<here>/.new.restoring is not empty; name a folder that is not there yet");
    // An empty folder may be named.
    let empty = outer.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    restore(&to, &empty, Until::Last).unwrap();
    assert_sound(&SqliteJournal::open(&empty).unwrap());
    let nothing = outer.path().join("nothing");
    std::fs::create_dir(&nothing).unwrap();
    let none = SqliteJournal::create(&nothing).unwrap();
    assert!(matches!(backup(&none, &nothing, &outer.path().join("b"), at(0)), Err(BackupError::Nothing)));
}

#[test]
fn the_next_backup_keeps_the_blobs_that_are_there_and_mends_those_that_are_not() {
    let outer = tempfile::tempdir().unwrap();
    let (folder, mut journal) = city(outer.path(), "city");
    append(&mut journal, 1, at(0), vec![founded()]).unwrap();
    let to = outer.path().join("backup");
    let first = backup(&journal, &folder, &to, at(1)).unwrap();
    assert_eq!(first.files.iter().filter(|file| file.path.starts_with("blobs/0")).count(), 1);
    let written = |of| std::fs::metadata(to.join(blob_file(of))).unwrap().modified().unwrap();
    let before = written(1);
    append(&mut journal, 2, at(10), batch(2, 0..4)).unwrap();
    // One that the city loses stays in the backup, and one that it lost before the backup is named.
    std::fs::remove_file(folder.join(blob_file(1))).unwrap();
    std::fs::remove_file(folder.join(blob_file(5))).unwrap();
    let second = backup(&journal, &folder, &to, at(20)).unwrap();
    assert_eq!((second.last, written(1)), (5, before), "it was not written again");
    assert_eq!(second.missing_blobs, [blob(5).to_string()]);
    assert_eq!(check(&to).unwrap(), second);
    let done = restore(&to, &outer.path().join("restored"), Until::Last).unwrap();
    assert_eq!((done.blobs, done.missing_blobs), (4, vec![blob(5)]));

    std::fs::write(to.join(blob_file(2)), "rotten").unwrap();
    assert!(check(&to).is_err());
    backup(&journal, &folder, &to, at(30)).unwrap();
    check(&to).unwrap();
    assert_eq!(std::fs::read(to.join(blob_file(2))).unwrap(), vec![2; 2000]);
}

#[test]
fn a_backup_that_was_cut_off_while_it_took_its_place_is_whole() {
    let outer = tempfile::tempdir().unwrap();
    let to = small(outer.path());
    let journal = SqliteJournal::open_read_only(&outer.path().join("city")).unwrap();
    for moved in [&["backup.json", "vault.db", "levee.db"][..], &["backup.json", "vault.db"], &["backup.json"]] {
        let next = to.join("next");
        std::fs::create_dir(&next).unwrap();
        for name in moved {
            std::fs::rename(to.join(name), next.join(name)).unwrap();
        }
        // What the one before it had under the same name.
        if moved.contains(&"levee.db") {
            std::fs::write(to.join("levee.db"), "the one before").unwrap();
        }
        let manifest = check(&to).unwrap();
        let restored = outer.path().join(format!("restored-{}", moved.len()));
        assert_eq!(restore(&to, &restored, Until::Last).unwrap().last, Position(9));
        // The next one finishes the move before it begins; here it fails, for it is of another city.
        let (folder, mut other) = city(outer.path(), &format!("other-{}", moved.len()));
        append(&mut other, 7, at(3), vec![founded()]).unwrap();
        assert!(matches!(backup(&other, &folder, &to, at(9)), Err(BackupError::NotOurs { .. })));
        assert_eq!(check(&to).unwrap(), manifest);
        assert!(!next.exists());
        backup(&journal, &outer.path().join("city"), &to, at(100)).unwrap();
        check(&to).unwrap();
    }
}

#[test]
fn no_key_is_in_a_backup_and_with_the_key_its_blobs_open() {
    let outer = tempfile::tempdir().unwrap();
    let (folder, keys, to) = (outer.path().join("city"), outer.path().join("keys"), outer.path().join("backup"));
    std::fs::create_dir(&folder).unwrap();
    let blobs = FolderBlobs::create(&folder, &keys).unwrap();
    let boundaries = blobs.put(b"where the river bends").unwrap();
    let mut journal = SqliteJournal::create(&folder).unwrap();
    let mut founding = founded();
    if let levee_app::event::Event::CityFounded(city) = &mut founding.event {
        city.boundaries = Some(boundaries);
    }
    append(&mut journal, 1, at(0), vec![founding]).unwrap();
    let manifest = backup(&journal, &folder, &to, at(1)).unwrap();
    let key_files = files(&keys);
    assert_eq!(key_files.len(), 1);
    let (name, content) = key_files.into_iter().next().unwrap();
    let secret = String::from_utf8(content).unwrap().trim().rsplit(' ').next().unwrap().to_owned();
    assert_eq!(secret.len(), 64);
    let raw: Vec<u8> = (0..32).map(|nth| u8::from_str_radix(&secret[2 * nth..2 * nth + 2], 16).unwrap()).collect();
    for (file, bytes) in files(&to) {
        for hidden in [secret.as_bytes(), &raw, b"where the river bends"] {
            assert!(!bytes.windows(hidden.len()).any(|window| window == hidden), "{file} gives something away");
        }
    }
    let key = manifest.keys.name.unwrap();
    assert!(name.contains(&key));
    insta::assert_snapshot!(manifest.keys.expected.replace(&key, "<key>"), @"the key `<key>` is not in this backup; it is expected in the folder for keys (LEVEE_KEYS, or levee/keys under XDG_DATA_HOME or ~/.local/share)");

    let restored = outer.path().join("restored");
    restore(&to, &restored, Until::Last).unwrap();
    let blobs = FolderBlobs::open(&restored, &keys).unwrap();
    assert_eq!(blobs.get(&boundaries).unwrap(), b"where the river bends");
    assert!(FolderBlobs::open(&restored, &outer.path().join("elsewhere")).is_err());

    assert!(after_restore(&restored, &keys).unwrap().is_empty());
    std::fs::create_dir(keys.join(&key)).unwrap();
    std::fs::write(keys.join(&key).join("erased"), "p-one\np-two\n").unwrap();
    assert_eq!(after_restore(&restored, &keys).unwrap(), ["p-one", "p-two"]);
}

/// Names the folder of the children below; without it they are not run.
const CITY: &str = "LEVEE_TEST_CITY";

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{line}").and_then(|()| out.flush()).unwrap();
}

#[test]
#[ignore = "run by `a_backup_that_is_killed_leaves_the_one_before_it`"]
fn child_that_backs_up() {
    let Ok(outer) = std::env::var(CITY) else { return };
    let outer = Path::new(&outer);
    let mut journal = SqliteJournal::open(&outer.join("city")).unwrap();
    loop {
        let nth = journal.last().unwrap().0;
        append(&mut journal, nth.into(), at(0), batch(nth.into(), 0..20)).unwrap();
        let manifest = backup(&journal, &outer.join("city"), &outer.join("backup"), at(0)).unwrap();
        say(&format!("done {}", manifest.last));
    }
}

#[test]
#[ignore = "run by `a_restore_that_is_killed_is_no_city`"]
fn child_that_restores() {
    let Ok(outer) = std::env::var(CITY) else { return };
    let outer = Path::new(&outer);
    loop {
        say("begun");
        restore(&outer.join("backup"), &outer.join("restored"), Until::Last).unwrap();
        say("done 0");
        std::fs::remove_dir_all(outer.join("restored")).unwrap();
    }
}

fn lines(running: &mut Child) -> impl Iterator<Item = String> + use<> {
    BufReader::new(running.stdout.take().unwrap()).lines().map_while(Result::ok).filter(|line| !line.is_empty())
}

fn last_done(lines: impl Iterator<Item = String>) -> Option<u64> {
    lines.filter_map(|line| line.strip_prefix("done ").map(|at| at.parse().unwrap())).last()
}

#[test]
fn a_backup_that_is_killed_leaves_the_one_before_it() {
    let outer = tempfile::tempdir().unwrap();
    let (_, mut journal) = city(outer.path(), "city");
    append(&mut journal, 0, at(0), vec![founded()]).unwrap();
    drop(journal);
    let to = outer.path().join("backup");
    let (mut done, mut unfinished) = (0, 0);
    for round in 0..12u64 {
        let mut running = child("backup::child_that_backs_up", outer.path(), None).spawn().unwrap();
        let mut said = lines(&mut running);
        done = last_done(said.by_ref().filter(|line| line.starts_with("done")).take(1)).unwrap();
        std::thread::sleep(Duration::from_micros(round * 7_919 % 60_000));
        running.kill().unwrap();
        running.wait().unwrap();
        done = last_done(said).unwrap_or(done);
        unfinished += u64::from(to.join("next").exists());
        let manifest: Manifest = check(&to).unwrap();
        assert!(manifest.last >= done, "round {round}: the backup up to {done} was told to be whole");
        let restored = outer.path().join(format!("restored-{round}"));
        restore(&to, &restored, Until::Last).unwrap();
        assert_sound(&SqliteJournal::open(&restored).unwrap());
    }
    assert!(done > 40 && unfinished > 0, "up to {done}, {unfinished} were cut off");
}

#[test]
fn a_restore_that_is_killed_is_no_city() {
    let outer = tempfile::tempdir().unwrap();
    let (folder, mut journal) = city(outer.path(), "city");
    append(&mut journal, 0, at(0), vec![founded()]).unwrap();
    for nth in 1..40 {
        append(&mut journal, nth, at(0), batch(nth, 0..100)).unwrap();
    }
    backup(&journal, &folder, &outer.path().join("backup"), at(0)).unwrap();
    let (restored, making) = (outer.path().join("restored"), outer.path().join(".restored.restoring"));
    let mut unfinished = 0;
    for round in 0..12u64 {
        let mut running = child("backup::child_that_restores", outer.path(), None).spawn().unwrap();
        let mut said = lines(&mut running);
        assert!(said.any(|line| line == "begun"));
        std::thread::sleep(Duration::from_micros(round * 17_919 % 150_000));
        running.kill().unwrap();
        running.wait().unwrap();
        if making.exists() {
            unfinished += 1;
            assert!(SqliteJournal::open(&making).is_err(), "round {round}: what is being made is no city");
        }
        if restored.join(FILE).exists() && !restored.join("blobs").exists() {
            // The child was removing it; what it had made was whole.
            std::fs::remove_dir_all(&restored).unwrap();
        }
        if restored.exists() {
            std::fs::remove_dir_all(&restored).unwrap();
        }
        restore(&outer.path().join("backup"), &restored, Until::Last).unwrap();
        assert_same(&SqliteJournal::open(&restored).unwrap(), &journal);
        assert!(!making.exists());
        std::fs::remove_dir_all(&restored).unwrap();
    }
    assert!(unfinished > 0, "no restore was cut off");
}

/// The last step of a restore gives the folder the city's name. Cut off before it, all is there and it is still no city.
#[test]
fn a_whole_city_under_the_name_of_a_restore_at_work_is_not_opened() {
    let outer = tempfile::tempdir().unwrap();
    let (folder, journal) = city(outer.path(), "city");
    drop(journal);
    let making = outer.path().join(".restored.restoring");
    std::fs::rename(&folder, &making).unwrap();
    std::fs::write(making.join("RESTORING"), "").unwrap();
    assert!(SqliteJournal::open(&making).is_err() && SqliteJournal::open_read_only(&making).is_err());
    // Under the city's name the mark that is left means nothing.
    std::fs::rename(&making, &folder).unwrap();
    assert!(SqliteJournal::open(&folder).is_ok());
}

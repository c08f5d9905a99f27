//! The disk fills up, two people work at once, the power goes: nothing is lost and nothing is half-written.

use crate::support::{City, LEVEE, balance, finish, hourly, pack};
use levee_store::sqlite::SqliteJournal;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Runs the import of `file` in a shell that lets no file grow beyond `blocks` blocks of 512 bytes.
fn import_within(city: &City, file: &str, blocks: u64) -> crate::support::Output {
    let import = format!("'{LEVEE}' import city --table infections --office cq-hc --source S23 {file}");
    finish(city.command("sh").args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec {import}")]))
}

#[test]
fn a_disk_that_fills_up_during_an_import_leaves_the_city_as_it_was() {
    let city = City::live();
    city.write("small.csv", hourly(50));
    city.import("small.csv", &[]).done();
    let long = hourly(20_000);
    city.write("long.csv", &long);
    let (events, facts) = (city.events(), city.facts());
    let sealed = u64::try_from(long.len()).unwrap() / 512;
    // Full while the file itself is put away; full while its rows are written.
    for blocks in [sealed / 2, sealed * 3 / 2, sealed * 2] {
        let said = import_within(&city, "long.csv", blocks);
        assert_eq!(said.code, Some(2), "{blocks} blocks: {said:#?}");
        assert!(said.err.contains("full") && said.err.contains("mend: free some space"), "{blocks} blocks: {said:#?}");
        assert_eq!((city.events(), city.facts()), (events, facts), "{blocks} blocks");
        city.is_whole();
    }
    let said = city.import("long.csv", &["--json"]).done().json();
    assert_eq!(balance(&said["batches"][0]), [20_000, 19_950, 0, 50]);
    city.is_whole();
}

/// Bytes of the largest file below a folder, but for those of exactly `without` bytes.
fn largest(folder: &std::path::Path, without: u64) -> u64 {
    let below = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    below
        .map(|entry| match entry.metadata().unwrap() {
            folder if folder.is_dir() => largest(&entry.path(), without),
            file if file.len() == without => 0,
            file => file.len(),
        })
        .max()
        .unwrap_or(0)
}

#[test]
fn a_disk_that_fills_up_while_a_city_is_made_or_a_day_is_run_leaves_nothing_half_written() {
    let within = |city: &City, blocks: u64, args: &str| {
        let limited = format!("trap '' XFSZ; ulimit -f {blocks}; exec '{LEVEE}' {args}");
        let said = finish(city.command("sh").args(["-c", &limited]));
        assert_eq!(said.code, Some(2), "{args}: {said:#?}");
        assert!(said.err.contains("mend: free some space"), "{args}: {said:#?}");
        said.err
    };
    let city = City::none();
    let pack = pack("chongqing-2022");
    within(&city, 200, &format!("init city --pack '{pack}' --replay"));
    assert!(!city.at("city").exists());
    city.run(&["init", "city", "--pack", &pack, "--replay"]).done();
    city.run(&["import", "city", "--pack", &pack, "--until", "2022-11-18"]).done();
    let events = city.events();
    // Full while the outlook is put away.
    within(&city, 400, "day city --date 2022-11-18");
    assert_eq!(city.events(), events);
    assert!(!city.at("city/briefs").exists());
    city.is_whole();
    // Full while the brief is written out; its JSON is the largest file of a day. The same day in a copy says how large: the disk ends
    // halfway between it and the next one.
    let copied = city.command("cp").args(["-r", "city", "twin"]).status().unwrap();
    assert!(copied.success());
    city.run(&["day", "twin", "--date", "2022-11-18"]).done();
    let json = std::fs::metadata(city.at("twin/briefs/2022-11-18.json")).unwrap().len();
    let next = largest(&city.at("twin"), json);
    assert!(next < json, "{next} bytes beside {json}: the JSON is no longer the largest file of a day");
    let halfway = (next + json) / 2 / 512;
    let said = within(&city, halfway, "day city --date 2022-11-18");
    assert!(said.contains("the day itself is on record; then run: levee brief city --date 2022-11-18"), "{said}");
    assert_eq!(std::fs::read_dir(city.at("city/briefs")).unwrap().count(), 0, "a page without its JSON");
    city.is_whole();
    city.run(&["brief", "city", "--date", "2022-11-18"]).done();
    let issued = city.read("city/briefs/2022-11-18.json");
    within(&city, halfway, "brief city --date 2022-11-18");
    assert_eq!(city.read("city/briefs/2022-11-18.json"), issued);
    assert_eq!(std::fs::read_dir(city.at("city/briefs")).unwrap().count(), 2, "only the page and its JSON");
    city.is_whole();
}

#[test]
fn a_record_that_somebody_changed_is_found_out() {
    let city = City::live();
    city.write("small.csv", hourly(50));
    city.import("small.csv", &[]).done();
    city.is_whole();
    let database = rusqlite::Connection::open(city.at("city/levee.db")).unwrap();
    let spoil = |sql: &str| assert!(database.execute(sql, []).unwrap() > 0, "{sql}");
    // A figure of the journal, then one that screens read; each is put back before the next.
    let other = |from: &str, to: &str| {
        spoil(&format!(
            "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '{from}', '{to}') AS BLOB) WHERE kind = 'rows_accepted'"
        ));
    };
    other("T01:00\",3,3,", "T01:00\",3,4,");
    let said = city.run(&["journal", "verify", "city"]).no(&["fault: ", "NOT whole", "mend: restore"]);
    assert!(!said.out.contains("whole: nothing was changed"), "{said:#?}");
    other("T01:00\",3,4,", "T01:00\",3,3,");
    city.is_whole();
    spoil(
        "UPDATE projection SET value = CAST(replace(CAST(value AS TEXT), '\"confirmed\":3', '\"confirmed\":2') AS BLOB) WHERE space = 3",
    );
    city.run(&["journal", "verify", "city"]).no(&["fault: ", "NOT whole"]);
}

#[test]
fn a_second_process_on_the_same_city_is_refused_and_reading_goes_on() {
    let city = City::live();
    city.write("small.csv", hourly(50));
    city.import("small.csv", &[]).done();
    let events = city.events();
    let holder = SqliteJournal::open(&city.at("city")).unwrap();
    let who = format!("process {}", std::process::id());
    city.import("small.csv", &[]).refused(&["another process works on city", &who, "mend: wait until it ends"]);
    city.run(&["day", "city", "--date", "2022-11-18"]).refused(&["another process works on", &who]);
    city.run(&["picture", "city", "--date", "2022-11-18"]).done();
    city.run(&["batches", "city"]).done();
    city.run(&["replay", "city", "--from", "2022-11-17", "--to", "2022-11-18"]).done();
    city.run(&["brief", "city", "--date", "2022-11-18"]).refused(&["no brief was issued"]);
    city.is_whole();
    drop(holder);
    assert_eq!(city.events(), events);
    city.import("small.csv", &[]).done();
}

#[test]
fn reading_goes_on_while_a_long_import_writes() {
    let city = City::replay();
    city.write("long.csv", hourly(40_000));
    let import = ["import", "city", "--table", "infections", "--office", "cq-hc", "--source", "S23", "long.csv"];
    let mut writer = city.command(LEVEE).args(import).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut read = 0;
    while writer.try_wait().unwrap().is_none() {
        let said = city.run(&["batches", "city"]).done();
        // The import is one commit: its batch is whole or not there.
        assert!(!said.out.contains("infections") || said.out.contains("40,000"), "{said:#?}");
        read += 1;
    }
    assert!(writer.wait().unwrap().success());
    assert!(read > 0, "the import ended before anything was read");
    city.is_whole();
}

/// The same moments in every run: a small generator (Knuth's MMIX constants), seeded.
fn shares(seed: u64) -> impl Iterator<Item = f64> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 32).unwrap()) / f64::from(u32::MAX)
    })
}

/// Files that a process began to write into the blob store and did not end.
fn leftovers(city: &City) -> usize {
    city.blob_files().iter().filter(|file| file.to_string_lossy().contains("/tmp-")).count()
}

#[test]
fn what_a_dead_process_left_beside_the_journal_is_cleared_away_by_the_next_writer() {
    let city = City::live();
    city.write("city/blobs/tmp-0123456789abcdef", "half a file");
    city.run(&["batches", "city"]).done();
    assert_eq!(leftovers(&city), 1, "who only reads changes nothing");
    city.write("small.csv", hourly(50));
    city.import("small.csv", &[]).done();
    assert_eq!(leftovers(&city), 0);
    city.is_whole();
}

#[test]
fn kill_9_at_any_moment_of_an_import_leaves_all_of_it_or_nothing() {
    const ROWS: u64 = 60_000;
    let long = hourly(usize::try_from(ROWS).unwrap());
    let import = ["import", "city", "--table", "infections", "--office", "cq-hc", "--source", "S23", "long.csv"];
    let start =
        |city: &City| city.command(LEVEE).args(import).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // How long it takes here and now, so that the moments fall within it.
    let first = City::live();
    first.write("long.csv", &long);
    let begun = Instant::now();
    assert!(start(&first).wait().unwrap().success());
    let takes = begun.elapsed();

    let mut killed = 0;
    for share in shares(20_221_118).take(5) {
        let city = City::live();
        city.write("long.csv", &long);
        let before = city.events();
        let mut writer = start(&city);
        std::thread::sleep(Duration::from_secs_f64(takes.as_secs_f64() * share));
        writer.kill().unwrap();
        killed += u32::from(!writer.wait().unwrap().success());
        let there = city.facts();
        assert!(there == 0 || there == ROWS, "{there} rows of {ROWS} after {share:.2} of the import");
        assert_eq!(there == 0, city.events() == before);
        city.is_whole();
        let said = city.import("long.csv", &["--json"]).done().json();
        assert_eq!(balance(&said["batches"][0]), [ROWS, ROWS - there, 0, there], "{share:.2}");
        assert_eq!(city.facts(), ROWS);
        assert_eq!(leftovers(&city), 0);
        city.is_whole();
    }
    assert!(killed > 0, "no import was killed in time");
}

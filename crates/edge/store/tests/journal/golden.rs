//! Events as they were stored when their format was frozen: they read for ever.

use crate::city::*;
use crate::restrictions::*;
use jiff::civil::date;
use levee_app::event::{AcceptedRow, ArtefactKind, Change, Event, ReferenceTaken, RowsAccepted};
use levee_ledger::Flow;
use levee_model::table::Cell;
use levee_store::format::{FormatError, KINDS, decode, encode};

fn golden(kind: &str) -> Vec<u8> {
    let path = format!("{}/tests/golden/v1/{kind}.json", env!("CARGO_MANIFEST_DIR"));
    // A sample is written once, when its kind is new, and never again.
    if std::env::var_os("LEVEE_NEW_GOLDEN").is_some() && !std::path::Path::new(&path).exists() {
        std::fs::write(&path, encode(&said(kind)).unwrap().body).unwrap();
    }
    std::fs::read(path).unwrap()
}

fn text(of: &str) -> Cell {
    Cell::Text(of.to_owned())
}

/// What each sample says.
fn said(kind: &str) -> Event {
    match kind {
        "city_founded" => founded().event,
        "reference_taken" => Event::ReferenceTaken(ReferenceTaken {
            rows: vec![row(
                "headings",
                &[("table", text("infections")), ("column", text("confirmed")), ("heading", text("本土确诊病例"))],
            )],
        }),
        "batch_opened" => opened(1).event,
        "rows_accepted" => {
            let second = row(
                "infections",
                &[
                    ("place", text("500104")),
                    ("period_start", Cell::DateTime(date(2022, 11, 17).at(12, 0, 30, 0))),
                    ("period_end", Cell::DateTime(date(2022, 11, 18).at(0, 0, 0, 0))),
                    ("confirmed", Cell::Count(0)),
                    ("deaths", Cell::Count(3)),
                    ("office", text("cq-hc")),
                    ("source_id", text("S35")),
                    ("known_at", Cell::DateTime(date(2022, 11, 17).at(20, 30, 0, 0))),
                    ("known_at_assumed", Cell::Flag(true)),
                    ("origin", text("derived")),
                ],
            );
            let first = infections("500103", date(2022, 11, 17), 1);
            let rows = vec![
                AcceptedRow { line: 2, change: Change::New, known_at: at(60), row: first },
                AcceptedRow {
                    line: 7,
                    change: Change::Supersedes,
                    known_at: at(60) + std::time::Duration::from_millis(250),
                    row: second,
                },
            ];
            Event::RowsAccepted(RowsAccepted { batch: entity(1), rows, notes: Some(blob(4)) })
        }
        "rows_rejected" => rejected(1, [900]).event,
        "batch_closed" => closed(1, 3, 2, 1).event,
        "artefact_issued" => issued(1, ArtefactKind::Outlook).event,
        "obligations_moved" => obligations("500103", Flow::Opened, 7).event,
        "ledger_changed" => changed(one_of_each_change()).event,
        "settlement_prepared" => prepared(date(2022, 11, 18), "li-na").event,
        "day_sealed" => {
            let mut journal = levee_store::memory::MemoryJournal::new();
            append(&mut journal, 1, at(0), vec![founded(), areas(), prepared(date(2022, 11, 18), "li-na")]).unwrap();
            let mut event = None;
            let given_up = levee_app::journal::Journal::transact(&mut journal, &command(2), at(0), &mut |on| {
                event = Some(sealed(on, date(2022, 11, 18), ("li-na", "zhang-wei")).event);
                Err(levee_app::journal::JournalError::GivenUp)
            });
            assert!(given_up.is_err());
            event.unwrap()
        }
        "handed_over" => handed_over().event,
        "rejected_read" => read_rejected(1).event,
        "person_sealed" => person_sealed().event,
        "person_read" => person_read().event,
        "person_erased" => person_erased().event,
        "measures_changed" => measures_changed().event,
        "measure_recorded" => measure_recorded().event,
        "service_offered" => service_offered().event,
        "rulebook_kept" => rulebook_kept().event,
        other => panic!("add a golden sample of `{other}` and what it says"),
    }
}

#[test]
fn every_event_of_version_1_reads_for_ever() {
    for kind in KINDS {
        assert_eq!(decode(kind, 1, &golden(kind)), Ok(said(kind)), "{kind}");
    }
}

#[test]
fn version_1_still_writes_the_same_bytes() {
    for kind in KINDS {
        let encoded = encode(&said(kind)).unwrap();
        assert_eq!((encoded.kind, encoded.version), (kind, 1));
        assert_eq!(String::from_utf8(encoded.body).unwrap(), String::from_utf8(golden(kind)).unwrap());
    }
}

#[test]
fn every_change_of_a_restriction_and_everything_recorded_for_it_reads_back() {
    for change in every_change_of_a_restriction() {
        let event = restricted(vec![change], None).event;
        let encoded = encode(&event).unwrap();
        assert_eq!(decode(encoded.kind, encoded.version, &encoded.body), Ok(event));
    }
    for what in everything_recorded() {
        let event = recorded(what).event;
        let encoded = encode(&event).unwrap();
        assert_eq!(decode(encoded.kind, encoded.version, &encoded.body), Ok(event));
    }
}

#[test]
fn a_later_event_asks_for_an_upgrade() {
    let told = |kind, version| decode(kind, version, b"{}").unwrap_err().to_string();
    insta::assert_snapshot!(told("rows_accepted", 2), @"its shape `rows_accepted` version 2 is newer than this Levee reads; upgrade Levee");
    insta::assert_snapshot!(told("zone_closed", 1), @"its kind `zone_closed` is not known here; upgrade Levee to a version that knows it");
    insta::assert_snapshot!(told("rejected_read", 1), @"its body is not a `rejected_read` version 1: missing field `batch` at line 1 column 2");
}

#[test]
fn a_column_that_the_table_has_lost_is_passed_over_and_a_new_one_is_empty() {
    let stored = br#"{"table":"headings","columns":["table","colour","column","heading"],
        "rows":[["infections","red","confirmed","x"]]}"#;
    let Ok(Event::ReferenceTaken(taken)) = decode("reference_taken", 1, stored) else { panic!("it reads") };
    let expected =
        row("headings", &[("table", text("infections")), ("column", text("confirmed")), ("heading", text("x"))]);
    assert_eq!(taken.rows, [expected]);
    for broken in [
        &br#"{"table":"headings","columns":["table"],"rows":[["infections","more"]]}"#[..],
        br#"{"table":"headings","columns":["table"],"rows":[["infections"]]}"#,
        br#"{"table":"lunch","columns":[],"rows":[[]]}"#,
        br#"{"table":null,"columns":[],"rows":[[]]}"#,
    ] {
        assert!(matches!(decode("reference_taken", 1, broken), Err(FormatError::Body { .. })));
    }
}

//! A small city for tests: commands and events by their shortest names.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use levee_app::blob::BlobRef;
use levee_app::event::*;
use levee_app::journal::{Journal, JournalError, Receipt};
use levee_model::command::{Actor, Assurance, Channel, CommandId, Envelope};
use levee_model::ids::EntityId;
use levee_model::subject::Pseudonym;
use levee_model::table::{Cell, Row, TableSpec};
use uuid::Uuid;

/// 2022-11-18T00:00:00Z plus so many seconds.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_668_729_600 + seconds).unwrap()
}

pub(crate) fn command(nth: u128) -> Envelope {
    Envelope {
        command_id: CommandId::new(Uuid::from_u128(0x0193_4a5b_0000_7000_8000_0000_0000_0000 + nth)),
        actor: Actor::Person("zhang-wei".parse().unwrap()),
        on_behalf_of: Some("li-na".parse().unwrap()),
        channel: Channel::Cli,
        assurance: Assurance::Asserted,
    }
}

pub(crate) fn entity(nth: u128) -> EntityId {
    EntityId::new(command(nth).command_id.uuid(), 0)
}

pub(crate) fn blob(of: u8) -> BlobRef {
    BlobRef([of; 32])
}

pub(crate) fn new(stream: &str, event: Event) -> NewEvent {
    NewEvent { stream: stream.parse().unwrap(), occurred: at(0), known_at: at(1), event }
}

pub(crate) fn founded() -> NewEvent {
    let city = CityFounded { mode: Mode::Replay, city_toml: "id = \"riverside\"\n".into(), boundaries: Some(blob(1)) };
    new("city", Event::CityFounded(city))
}

/// A row of the infections table.
pub(crate) fn infections(place: &str, day: Date, confirmed: u64) -> Row {
    row(
        "infections",
        &[
            ("place", Cell::Text(place.into())),
            ("period_start", Cell::DateTime(day.at(0, 0, 0, 0))),
            ("period_end", Cell::DateTime(day.tomorrow().unwrap().at(0, 0, 0, 0))),
            ("confirmed", Cell::Count(confirmed)),
            ("community_pct", Cell::Decimal(confirmed as f64 / 7.0)),
            ("office", Cell::Text("cq-hc".into())),
            ("source_id", Cell::Text("S35".into())),
            ("known_at", Cell::DateTime(day.at(20, 30, 0, 0))),
            ("known_at_assumed", Cell::Flag(false)),
            ("origin", Cell::Text("reported".into())),
        ],
    )
}

pub(crate) fn row(table: &str, cells: &[(&str, Cell)]) -> Row {
    let spec = TableSpec::named(table).unwrap();
    let cell = |name| cells.iter().find(|(of, _)| *of == name).map(|(_, cell)| cell.clone());
    Row::new(spec, spec.columns.iter().map(|column| cell(column.name)).collect()).unwrap()
}

pub(crate) fn opened(batch: u128) -> NewEvent {
    new(
        "intake",
        Event::BatchOpened(BatchOpened {
            batch: entity(batch),
            table: "infections".into(),
            file: blob(2),
            file_name: blob(3),
            bytes: 1234,
            dialect: Dialect {
                format: "csv".into(),
                encoding: Some("gb18030".into()),
                delimiter: Some("\t".into()),
                sheet: None,
                header_line: 2,
            },
        }),
    )
}

pub(crate) fn accepted(batch: u128, rows: impl IntoIterator<Item = (u64, Row)>) -> NewEvent {
    let rows =
        rows.into_iter().map(|(line, row)| AcceptedRow { line, change: Change::New, known_at: at(60), row }).collect();
    new("intake", Event::RowsAccepted(RowsAccepted { batch: entity(batch), rows, notes: Some(blob(4)) }))
}

pub(crate) fn rejected(batch: u128, lines: impl IntoIterator<Item = u64>) -> NewEvent {
    let problem =
        |line: u64| Problem { column: "confirmed".into(), code: "L1103".into(), args: vec![line.to_string()] };
    let rows = lines.into_iter().map(|line| RejectedRow { line, problems: vec![problem(line)] }).collect();
    new("intake", Event::RowsRejected(RowsRejected { batch: entity(batch), rows, values: blob(5) }))
}

pub(crate) fn closed(batch: u128, accepted: u64, rejected: u64, duplicate: u64) -> NewEvent {
    let balance = Balance { received: accepted + rejected + duplicate, accepted, rejected, duplicate };
    let warnings = vec![("L2001".to_owned(), 3)];
    new("intake", Event::BatchClosed(BatchClosed { batch: entity(batch), balance, superseding: 0, warnings }))
}

pub(crate) fn issued(nth: u128, kind: ArtefactKind) -> NewEvent {
    new(
        "outlook",
        Event::ArtefactIssued(ArtefactIssued {
            id: entity(nth),
            kind,
            day: date(2022, 11, 18),
            as_known_at: at(90),
            position: Position(1),
            body: blob(6),
            inputs: vec![blob(7), blob(8)],
            engine: "outlook/1".into(),
            seed: u64::MAX,
        }),
    )
}

pub(crate) fn obligations(area: &str, flow: levee_ledger::Flow, units: u64) -> NewEvent {
    let account = levee_ledger::Account {
        kind: levee_ledger::KindId::named("care_placement").unwrap(),
        area: area.parse().unwrap(),
        day: date(2022, 11, 18),
    };
    let entry = levee_ledger::Entry {
        account,
        flow,
        units,
        ground: Some(date(2022, 11, 17)),
        reason: Some("moot".into()),
        decided_by: Some("li-na".parse().unwrap()),
    };
    new(&format!("ledger.{area}"), Event::ObligationsMoved(ObligationsMoved { entries: vec![entry] }))
}

pub(crate) fn read_rejected(batch: u128) -> NewEvent {
    new("audit", Event::RejectedRead(RejectedRead { batch: entity(batch), rows: 3, reason: blob(9) }))
}

/// Somebody in the vault.
pub(crate) fn somebody() -> Pseudonym {
    "p-01arz3ndektsv4rrffq69g5fav".parse().unwrap()
}

pub(crate) fn person_sealed() -> NewEvent {
    let fields = ["address", "name", "telephone"].map(|field| field.parse().unwrap()).to_vec();
    let (purpose, retain_until) = ("food_delivery".parse().unwrap(), date(2022, 12, 31));
    new("audit", Event::PersonSealed(PersonSealed { subject: somebody(), fields, purpose, retain_until }))
}

pub(crate) fn person_read() -> NewEvent {
    let (whom, fields) = (Whom::Named(vec![somebody()]), vec!["telephone".parse().unwrap()]);
    new("audit", Event::PersonRead(PersonRead { whom, fields, reason: blob(9), with: Some("li-na".parse().unwrap()) }))
}

pub(crate) fn person_erased() -> NewEvent {
    new("audit", Event::PersonErased(PersonErased { subject: somebody(), why: ErasedWhy::PersonAsked }))
}

/// A whole batch: `accepted` rows of different places, two of them rejected after.
pub(crate) fn batch(nth: u128, places: std::ops::Range<u64>) -> Vec<NewEvent> {
    let count = places.end - places.start;
    let rows =
        places.map(|place| (place + 2, infections(&format!("{:06}", 500_000 + place), date(2022, 11, 17), place)));
    vec![opened(nth), accepted(nth, rows), rejected(nth, [900, 901]), closed(nth, count, 2, 1)]
}

/// Carries out a command that appends these events.
pub(crate) fn append(
    to: &mut impl Journal,
    nth: u128,
    now: Timestamp,
    events: Vec<NewEvent>,
) -> Result<Receipt, JournalError> {
    let mut events = events;
    to.transact(&command(nth), now, &mut |on| {
        for event in std::mem::take(&mut events) {
            on.append(event)?;
        }
        Ok(())
    })
}

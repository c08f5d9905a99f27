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

/// A sum of obligations as old journals hold them.
pub(crate) fn obligations(area: &str, flow: levee_ledger::Flow, units: u64) -> NewEvent {
    let flow = match flow {
        levee_ledger::Flow::Opened => legacy::Flow::Opened,
        levee_ledger::Flow::Met => legacy::Flow::Met,
        levee_ledger::Flow::Waived => legacy::Flow::Waived,
        other => panic!("no test moves {other:?}"),
    };
    let account = legacy::Account {
        kind: "care_placement".parse().unwrap(),
        area: area.parse().unwrap(),
        day: date(2022, 11, 18),
    };
    let entry = legacy::Entry {
        account,
        flow,
        units,
        ground: Some(date(2022, 11, 17)),
        reason: Some("moot".into()),
        decided_by: Some("li-na".parse().unwrap()),
    };
    new(&format!("ledger.{area}"), Event::ObligationsMoved(ObligationsMoved { entries: vec![entry] }))
}

/// An obligation of so many units in a district, due at noon.
pub(crate) fn owed(nth: u128, units: u64) -> levee_ledger::Obligation {
    let fields = levee_ledger::catalogue::FieldValue::Text("coach".into());
    levee_ledger::Obligation {
        id: levee_ledger::ObligationId(entity(nth)),
        kind: "care_placement".parse().unwrap(),
        path: "500000/500103".parse().unwrap(),
        subject: None,
        ground: Some(format!("request:{nth}").parse().unwrap()),
        opened_at: at(0),
        due: at(12 * 3600),
        section: "transfer".parse().unwrap(),
        priority: 2,
        never_expires: true,
        life_saving: false,
        synthetic: true,
        fields: [("vehicle".to_owned(), fields)].into(),
        split: levee_ledger::Split::opened(units),
        owner: Some("li-na".parse().unwrap()),
        posted: date(2022, 11, 18),
        arrears: None,
        orders: vec![],
        version: 1,
    }
}

pub(crate) fn changed(changes: Vec<levee_ledger::Change>) -> NewEvent {
    let note = Some(blob(10));
    new("ledger.500103", Event::LedgerChanged(LedgerChanged { changes, batch: None, note }))
}

pub(crate) fn opening(obligation: levee_ledger::Obligation) -> levee_ledger::Change {
    let note = Some(levee_ledger::Digest([12; 32]));
    let how = levee_ledger::Opening::New;
    levee_ledger::Change::Opened(Box::new(levee_ledger::Opened { obligation, how, note }))
}

pub(crate) fn moved(
    nth: u128,
    from: levee_ledger::State,
    to: levee_ledger::State,
    units: u64,
    day: Date,
) -> levee_ledger::Change {
    levee_ledger::Change::Moved(levee_ledger::Move {
        obligation: levee_ledger::ObligationId(entity(nth)),
        from,
        to,
        units,
        day,
        reason: Some("transferred".into()),
        said: levee_ledger::Said::Clinician,
        evidence: vec![levee_ledger::Evidence { what: "photo".into(), digest: levee_ledger::Digest([13; 32]) }],
    })
}

/// One of each change of the ledger, in an order in which they can happen.
pub(crate) fn one_of_each_change() -> Vec<levee_ledger::Change> {
    use levee_ledger::order::{Advanced, Hold, Order, OrderChange, OrderId, OrderState, Promise, Why};
    use levee_ledger::{Change, Explained, Grown, Named, ObligationId, Opened, Opening, Owned, State};
    let (id, day) = (ObligationId(entity(21)), date(2022, 11, 18));
    let named = levee_ledger::Obligation {
        subject: Some("p-example".parse().unwrap()),
        ground: None,
        owner: None,
        ..owed(22, 1)
    };
    let transferred = levee_ledger::Obligation { ground: None, owner: None, ..owed(23, 2) };
    let order = Order {
        id: OrderId(entity(24)),
        action: "transfer".parse().unwrap(),
        path: "500000/500103".parse().unwrap(),
        section: "transfer".parse().unwrap(),
        meets: vec![Promise { obligation: id, units: 2 }],
        why: Why { code: "need".into(), rests_on: "care_placement".into() },
        holds: vec![Hold {
            resource: "yubei:makeshift".parse().unwrap(),
            units: 2,
            from: at(3600),
            until: at(7200),
            confirm_by: at(5400),
            used: false,
            surge: false,
        }],
        life_saving: false,
        carried_out_by: Some("zhang-wei".parse().unwrap()),
        due: at(7200),
        state: OrderState::Proposed,
        reason: None,
        version: 1,
    };
    let advanced = Advanced {
        order: order.id,
        from: OrderState::Proposed,
        to: OrderState::Approved,
        at: at(60),
        reason: None,
        capacities: vec![("yubei:makeshift".parse().unwrap(), 5)],
    };
    let cancelled = Advanced {
        from: OrderState::Approved,
        to: OrderState::Cancelled,
        at: at(90),
        reason: Some("ground_lapsed".into()),
        capacities: vec![],
        ..advanced.clone()
    };
    vec![
        opening(owed(21, 10)),
        Change::Grown(Grown { obligation: id, units: 2, day }),
        moved(21, State::Opened, State::Met, 3, day),
        Change::Named(Named { obligation: id, from: State::Opened, units: 1, day }),
        Change::Opened(Box::new(Opened { obligation: named, how: Opening::Named(id), note: None })),
        Change::Owned(Owned { obligation: id, before: Some("li-na".parse().unwrap()), owner: None }),
        Change::Explained(Explained {
            obligation: id,
            day,
            reason: "no_vehicle".into(),
            owner: "li-na".parse().unwrap(),
        }),
        moved(21, State::Opened, State::Transferred, 2, day),
        Change::Opened(Box::new(Opened { obligation: transferred, how: Opening::Transferred(id), note: None })),
        Change::Order(Box::new(OrderChange::Proposed(order))),
        Change::Order(Box::new(OrderChange::Advanced(advanced))),
        Change::Order(Box::new(OrderChange::Advanced(cancelled))),
    ]
}

pub(crate) fn prepared(day: Date, by: &str) -> NewEvent {
    let by = by.parse().unwrap();
    let scope = "500103".to_owned();
    new("seal", Event::SettlementPrepared(SettlementPrepared { scope, day, statement: blob(14), by }))
}

/// The seal of a day on a journal as it stands, as `settle` would make it.
pub(crate) fn sealed(on: &dyn levee_app::journal::Transaction, day: Date, by: (&str, &str)) -> NewEvent {
    let mut event = DaySealed {
        scope: "500103".into(),
        books: vec!["500103".into()],
        day,
        ends: at(86_400 - 8 * 3600) + (day - date(2022, 11, 18)),
        statement: blob(14),
        sealed_by: (by.0.parse().unwrap(), by.1.parse().unwrap()),
        root: levee_app::seal::root(&on.heads().unwrap()),
        previous: levee_app::seal::last(on, "500103").unwrap().map_or([0; 32], |row| row.seal.0),
        seal: [0; 32],
    };
    event.seal = levee_app::seal::hash(&event);
    new("seal", Event::DaySealed(Box::new(event)))
}

pub(crate) fn handed_over() -> NewEvent {
    new(
        "ledger.500103",
        Event::HandedOver(HandedOver {
            area: "500103".into(),
            section: "transfer".parse().unwrap(),
            from: "li-na".parse().unwrap(),
            to: "zhang-wei".parse().unwrap(),
            step: HandOverStep::Offered,
            at: at(30),
            open: 3,
            list: blob(15),
        }),
    )
}

/// The root of the tree of areas; a seal asks for it.
pub(crate) fn areas() -> NewEvent {
    let names = ["name_zh", "name_en", "short_zh", "short_en", "source_id"].map(|name| (name, Cell::Text("x".into())));
    let cells: Vec<(&str, Cell)> = names
        .into_iter()
        .chain([
            ("code", Cell::Text("500000".into())),
            ("level", Cell::Text("city".into())),
            ("origin", Cell::Text("synthetic".into())),
        ])
        .collect();
    new("city", Event::ReferenceTaken(ReferenceTaken { rows: vec![row("areas", &cells)] }))
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

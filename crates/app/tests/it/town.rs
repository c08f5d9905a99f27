//! A city of the pack of Chongqing, in memory, and rows to send to it.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, date};
use levee_app::city::{AppError, City, Founding, found};
use levee_app::clock::FixedClock;
use levee_app::event::{Dialect, Mode};
use levee_app::intake::{ImportOptions, ImportReport, IncomingRow, Reading, RowSource, import};
use levee_app::journal::Journal;
use levee_app::ledger::open::{Envelopes, OpenOptions, open_table};
use levee_intake::pack::{Pack, founding_rows, read_pack};
use levee_intake::{ReadRow, read_rows};
use levee_ledger::KindId;
use levee_model::command::{Actor, Assurance, Channel, CommandId, Envelope};
use levee_model::table::{Cell, CellProblem, Row, TableSpec};
use levee_store::blobs::MemoryBlobs;
use levee_store::memory::MemoryJournal;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::OnceLock;
use uuid::Uuid;

fn pack() -> &'static (Pack, Founding) {
    static PACK: OnceLock<(Pack, Founding)> = OnceLock::new();
    PACK.get_or_init(|| {
        let pack = read_pack(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/chongqing-2022")).unwrap();
        let kept = founding_rows(&pack).unwrap();
        let (city_toml, reference) = (kept.city_toml, kept.reference);
        (pack, Founding { mode: Mode::Replay, city_toml, boundaries: None, reference })
    })
}

/// The pack that the city is founded with.
pub(crate) fn pack_of() -> &'static Pack {
    &pack().0
}

/// A moment of the city's clocks.
pub(crate) fn moment(local: DateTime) -> Timestamp {
    local.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).unwrap().timestamp()
}

pub(crate) fn person(id: &str) -> Actor {
    Actor::Person(id.parse().unwrap())
}

pub(crate) struct Town {
    pub(crate) journal: MemoryJournal,
    pub(crate) blobs: MemoryBlobs,
    pub(crate) clock: FixedClock,
    commands: u128,
}

impl Town {
    /// Founded on 1 December 2022, noon.
    pub(crate) fn new(mode: Mode) -> Self {
        Self::founded(&Founding { mode, ..pack().1.clone() })
    }

    /// The same in a replay, without the parameters whose names begin so.
    pub(crate) fn without_parameters(begin: &[&str]) -> Self {
        let mut founding = pack().1.clone();
        let named =
            |row: &Row| begin.iter().any(|begin| row.text("parameter").is_some_and(|name| name.starts_with(begin)));
        for table in &mut founding.reference {
            table.retain(|row| !named(row));
        }
        Self::founded(&founding)
    }

    fn founded(founding: &Founding) -> Self {
        let now = moment(date(2022, 12, 1).at(12, 0, 0, 0));
        let (journal, blobs) = (MemoryJournal::new(), MemoryBlobs::default());
        let mut town = Self { journal, blobs, clock: FixedClock(now), commands: 0 };
        let envelope = town.command(Actor::LocalOperator);
        found(&mut town.city(), &envelope, founding).unwrap();
        town
    }

    pub(crate) fn city(&mut self) -> City<'_> {
        City { journal: &mut self.journal, blobs: &self.blobs, clock: &self.clock }
    }

    /// The envelope of a command that was never given before.
    pub(crate) fn command(&mut self, actor: Actor) -> Envelope {
        self.commands += 1;
        let id = Uuid::from_u128(0x0193_4a5b_0000_7000_8000_0000_0000_0000 + self.commands);
        let (channel, assurance) = (Channel::Cli, Assurance::Asserted);
        Envelope { command_id: CommandId::new(id), actor, on_behalf_of: None, channel, assurance }
    }

    fn import(&mut self, actor: Actor, rows: Vec<IncomingRow>, dry_run: bool) -> Result<ImportReport, AppError> {
        let envelope = self.command(actor);
        let options = ImportOptions { table: infections(), dry_run, known_until: None };
        import(&mut self.city(), &envelope, &mut Sent::of(rows), &options)
    }

    pub(crate) fn send_as(&mut self, actor: Actor, rows: Vec<IncomingRow>) -> Result<ImportReport, AppError> {
        self.import(actor, rows, false)
    }

    /// A dry run.
    pub(crate) fn try_out(&mut self, rows: Vec<IncomingRow>) -> ImportReport {
        self.import(Actor::LocalOperator, rows, true).unwrap()
    }

    pub(crate) fn send(&mut self, rows: Vec<IncomingRow>) -> ImportReport {
        self.send_as(Actor::LocalOperator, rows).unwrap()
    }

    /// Takes in every table of the pack, as a real reader reads it.
    pub(crate) fn send_pack(&mut self) {
        self.send_pack_without("");
    }

    /// The same without one of the tables.
    pub(crate) fn send_pack_without(&mut self, left_out: &str) {
        self.send_pack_as(|row| Some(row).filter(|row| row.spec().name != left_out));
    }

    /// The same, each row as `changed` would have it.
    pub(crate) fn send_pack_changed(&mut self, left_out: &str, changed: &dyn Fn(Row) -> Row) {
        self.send_pack_as(|row| Some(row).filter(|row| row.spec().name != left_out).map(changed));
    }

    /// The same with every row changed or left out.
    pub(crate) fn send_pack_as(&mut self, change: impl Fn(Row) -> Option<Row>) {
        let (pack, _) = pack();
        for name in &pack.reports {
            let layout = pack.layout(name, date(2026, 1, 1).at(0, 0, 0, 0)).unwrap();
            let mut rows = Vec::new();
            read_rows(&pack.table(name), &layout, &mut |row| {
                rows.extend(match row {
                    ReadRow::Good { line, row, warnings } => change(row).map(|row| IncomingRow::Good {
                        line,
                        row,
                        warnings: warnings.iter().map(|w| w.code).collect(),
                    }),
                    ReadRow::Bad { line, raw, problems } => Some(IncomingRow::Bad { line, cells: raw, problems }),
                });
                ControlFlow::Continue(())
            })
            .unwrap();
            if rows.is_empty() {
                continue;
            }
            let envelope = self.command(Actor::LocalOperator);
            let table = TableSpec::named(name).unwrap();
            let options = ImportOptions { table, dry_run: false, known_until: None };
            let report = import(&mut self.city(), &envelope, &mut Sent::of(rows), &options).unwrap();
            assert_eq!(report.balance.accepted, report.balance.received, "{name}");
        }
    }

    /// Opens what the pack's sample table of a kind says is owed, as of noon on 18 November.
    pub(crate) fn send_owed(&mut self, kind: &KindId) -> ImportReport {
        let (pack, _) = pack();
        let layout = pack.owed_layout(kind, date(2026, 1, 1).at(0, 0, 0, 0)).unwrap();
        let mut rows = Vec::new();
        read_rows(&pack.table(&format!("owed/{kind}")), &layout, &mut |row| {
            rows.push(match row {
                ReadRow::Good { line, row, warnings } => {
                    IncomingRow::Good { line, row, warnings: warnings.iter().map(|w| w.code).collect() }
                }
                ReadRow::Bad { line, raw, problems } => IncomingRow::Bad { line, cells: raw, problems },
            });
            ControlFlow::Continue(())
        })
        .unwrap();
        let (open, seal) = (self.command(Actor::LocalOperator), self.command(Actor::LocalOperator));
        let options = OpenOptions { dry_run: false, at: Some(moment(date(2022, 11, 18).at(12, 0, 0, 0))) };
        let envelopes = Envelopes { open: &open, seal: &seal };
        open_table(&mut self.city(), None, envelopes, kind, &mut Sent::of(rows), &options).unwrap()
    }

    /// The kinds of which the pack has a sample table.
    pub(crate) fn owed_kinds(&self) -> Vec<KindId> {
        pack().0.owed.clone()
    }

    /// How many events there are.
    pub(crate) fn journal_len(&self) -> u64 {
        self.journal.last().unwrap().0
    }

    /// Panics unless the record is whole: chains, balances, projections.
    pub(crate) fn verify(&self) {
        assert_eq!(self.journal.verify().unwrap().faults, []);
    }
}

pub(crate) fn infections() -> &'static TableSpec {
    TableSpec::named("infections").unwrap()
}

/// A district's count of a full day.
pub(crate) fn row(place: &str, day: Date, confirmed: u64, known_at: DateTime) -> Row {
    row_until(place, day, day.tomorrow().unwrap().at(0, 0, 0, 0), confirmed, known_at)
}

/// A district's count of a day up to a moment.
pub(crate) fn row_until(place: &str, day: Date, until: DateTime, confirmed: u64, known_at: DateTime) -> Row {
    let cell = |name: &str| match name {
        "place" => Some(Cell::Text(place.to_owned())),
        "period_start" => Some(Cell::DateTime(day.at(0, 0, 0, 0))),
        "period_end" => Some(Cell::DateTime(until)),
        "confirmed" => Some(Cell::Count(confirmed)),
        "asymptomatic" => Some(Cell::Count(0)),
        "office" => Some(Cell::Text("cq-hc".to_owned())),
        "source_id" => Some(Cell::Text("S35".to_owned())),
        "known_at" => Some(Cell::DateTime(known_at)),
        "known_at_assumed" => Some(Cell::Flag(false)),
        "origin" => Some(Cell::Text("reported".to_owned())),
        _ => None,
    };
    Row::new(infections(), infections().columns.iter().map(|column| cell(column.name)).collect()).unwrap()
}

pub(crate) fn good(line: u64, row: Row) -> IncomingRow {
    IncomingRow::Good { line, row, warnings: vec![] }
}

pub(crate) fn bad(line: u64) -> IncomingRow {
    let problem = CellProblem { column: "confirmed".into(), value: "-3".into(), code: "L1107", args: vec![] };
    IncomingRow::Bad { line, cells: vec!["500103".into(), "-3".into()], problems: vec![problem] }
}

/// Rows as if they stood in a file.
struct Sent {
    rows: Vec<IncomingRow>,
    bytes: Vec<u8>,
}

impl Sent {
    fn of(rows: Vec<IncomingRow>) -> Self {
        let bytes = format!("{rows:?}").into_bytes();
        Self { rows, bytes }
    }
}

impl RowSource for Sent {
    fn open(&mut self) -> Result<Reading, AppError> {
        let headings = vec!["place".to_owned(), "confirmed".to_owned()];
        Ok(Reading { dialect: Dialect { format: "csv".into(), ..Dialect::default() }, headings, ..Reading::default() })
    }
    fn rows(&mut self, each: &mut dyn FnMut(IncomingRow) -> ControlFlow<()>) -> Result<(), AppError> {
        for row in self.rows.clone() {
            if each(row).is_break() {
                break;
            }
        }
        Ok(())
    }
    fn bytes(&self) -> Result<Box<dyn std::io::Read + '_>, AppError> {
        Ok(Box::new(self.bytes.as_slice()))
    }
    fn name(&self) -> &str {
        "sent.csv"
    }
}

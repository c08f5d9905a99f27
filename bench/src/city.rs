//! A city in memory.

use jiff::Timestamp;
use jiff::civil::DateTime;
use levee_app::city::{City, Founding, found};
use levee_app::clock::FixedClock;
use levee_app::event::{Dialect, Mode};
use levee_app::intake::{ImportOptions, ImportReport, IncomingRow, Reading, RowSource, import};
use levee_intake::pack::{Pack, founding_rows, read_pack};
use levee_intake::{Layout, ReadRow, Source, read_rows};
use levee_model::command::{Actor, Assurance, Channel, CommandId, Envelope};
use levee_model::table::TableSpec;
use levee_store::blobs::MemoryBlobs;
use levee_store::memory::MemoryJournal;
use std::ops::ControlFlow;
use std::path::Path;

/// What may go wrong while a benchmark sets up.
pub type BenchError = Box<dyn std::error::Error>;

/// The `nth` command of a benchmark.
pub fn command(nth: u64) -> Envelope {
    Envelope {
        command_id: CommandId::new(uuid::Uuid::from_u128((u128::from(nth) << 64) | 7)),
        actor: Actor::System,
        on_behalf_of: None,
        channel: Channel::System,
        assurance: Assurance::Authenticated,
    }
}

/// A moment of the packs' cities, which both keep the time of China; the epoch for one that is beyond the calendar.
pub fn moment(local: DateTime) -> Timestamp {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    local.to_zoned(zone).map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

/// A city in memory, gone with the process.
pub struct Scratch {
    /// The pack it was made from.
    pub pack: Pack,
    /// Its journal.
    pub journal: MemoryJournal,
    blobs: MemoryBlobs,
    clock: FixedClock,
    commands: u64,
}

impl Scratch {
    /// Founds a city from the pack of this name; it has no reports yet.
    pub fn found(pack: &str) -> Result<Self, BenchError> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs").join(pack);
        let read = read_pack(&folder).map_err(|problems| format!("{pack}: {} problems", problems.len()))?;
        let kept = founding_rows(&read).map_err(|problems| format!("{pack}: {} problems", problems.len()))?;
        let clock = FixedClock("2026-01-01T00:00:00Z".parse()?);
        let (journal, blobs) = (MemoryJournal::new(), MemoryBlobs::default());
        let mut city = Self { pack: read, journal, blobs, clock, commands: 0 };
        let (city_toml, reference) = (kept.city_toml, kept.reference);
        let founding = Founding { mode: Mode::Replay, city_toml, boundaries: None, reference };
        found(&mut city.city(), &command(0), &founding)?;
        Ok(city)
    }

    /// The same, with every report of the pack taken in.
    pub fn whole(pack: &str) -> Result<Self, BenchError> {
        let mut city = Self::found(pack)?;
        for table in city.pack.reports.clone() {
            let source = city.pack.table(table);
            city.take(table, &source)?;
        }
        Ok(city)
    }

    /// The city as use cases see it.
    pub fn city(&mut self) -> City<'_> {
        City { journal: &mut self.journal, blobs: &self.blobs, clock: &self.clock }
    }

    /// Takes in a file of a report table.
    pub fn take(&mut self, table: &str, source: &Source) -> Result<ImportReport, BenchError> {
        self.commands += 1;
        let nth = self.commands;
        let now = jiff::civil::date(2026, 1, 1).at(0, 0, 0, 0);
        let layout = self.pack.layout(table, now).ok_or("no such table of reports")?;
        let spec = TableSpec::named(table).ok_or("no such table")?;
        let options = ImportOptions { table: spec, dry_run: false, known_until: None };
        Ok(import(&mut self.city(), &command(nth), &mut Rows { source: source.clone(), layout, nth }, &options)?)
    }
}

struct Rows {
    source: Source,
    layout: Layout,
    nth: u64,
}

impl RowSource for Rows {
    fn open(&mut self) -> Result<Reading, levee_app::city::AppError> {
        Ok(Reading { dialect: Dialect { format: "csv".to_owned(), ..Dialect::default() }, ..Reading::default() })
    }
    fn rows(&mut self, each: &mut dyn FnMut(IncomingRow) -> ControlFlow<()>) -> Result<(), levee_app::city::AppError> {
        let done = read_rows(&self.source, &self.layout, &mut |row| {
            each(match row {
                ReadRow::Good { line, row, warnings } => {
                    IncomingRow::Good { line, row, warnings: warnings.iter().map(|w| w.code).collect() }
                }
                ReadRow::Bad { line, raw, problems } => IncomingRow::Bad { line, cells: raw, problems },
            })
        });
        let refused =
            |what: String| levee_app::city::AppError::File { what, hint: "see `levee pack check`".to_owned() };
        done.map(|_| ()).map_err(|error| refused(error.to_string()))
    }
    fn bytes(&self) -> Result<Box<dyn std::io::Read + '_>, levee_app::city::AppError> {
        // The bytes themselves are not what is measured here; each file counts as another one.
        Ok(Box::new(std::io::Cursor::new(self.nth.to_be_bytes())))
    }
    fn name(&self) -> &str {
        "measured.csv"
    }
}

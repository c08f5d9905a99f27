//! A large city that owes: 38 districts of 20 subdistricts of 10 communities, and 20 kinds from the catalogue of the packs.
//!
//! The subdistricts and communities are invented, and so is everything owed: marked as synthetic, and gone with the folder.

use crate::city::{BenchError, command, moment};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use levee_app::city::{City, Founding, found};
use levee_app::clock::FixedClock;
use levee_app::event::Mode;
use levee_app::journal::Journal;
use levee_app::ledger::Desk;
use levee_intake::pack::{founding_rows, read_pack};
use levee_ledger::catalogue::{Catalogue, Counting, FieldType, FieldValue, Kind};
use levee_ledger::{AreaPath, Command, NewObligation, ObligationId};
use levee_model::command::{Actor, Envelope};
use levee_model::ids::EntityId;
use levee_model::table::{Cell, Row, TableSpec};
use levee_store::blobs::MemoryBlobs;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Subdistricts of a district.
pub const SUBDISTRICTS: u64 = 20;
/// Communities of a subdistrict.
pub const COMMUNITIES: u64 = 10;
/// Kinds that the city owes.
pub const KINDS: usize = 20;
/// The first day of the city's books.
pub const FIRST_DAY: Date = date(2022, 11, 1);

/// What a benchmark opens obligations from.
pub struct Owing {
    /// Communities, district by district.
    pub communities: Vec<AreaPath>,
    /// Codes of the districts.
    pub districts: Vec<String>,
    /// The kinds.
    pub kinds: Vec<Kind>,
    /// Fields that each kind must have, filled in.
    fields: Vec<BTreeMap<String, FieldValue>>,
}

/// A person of the pack as the one who gives a command.
pub fn by(person: &str, nth: u64) -> Result<Envelope, BenchError> {
    Ok(Envelope { actor: Actor::Person(person.parse()?), ..command(nth) })
}

/// So many hours after the first day began.
pub fn hour(after: i64) -> Timestamp {
    moment(FIRST_DAY.at(0, 0, 0, 0)).saturating_add(SignedDuration::from_hours(after)).unwrap_or(Timestamp::MAX)
}

/// What a city of this shape is founded with.
pub fn founding() -> Result<(Founding, Vec<String>), BenchError> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/chongqing-2022");
    let pack = read_pack(&folder).map_err(|problems| format!("{} problems", problems.len()))?;
    let kept = founding_rows(&pack).map_err(|problems| format!("{} problems", problems.len()))?;
    let spec = TableSpec::named("areas").ok_or("no table of areas")?;
    let mut districts: Vec<String> = Vec::new();
    for row in kept.reference.iter().flatten().filter(|row| row.spec().name == "areas") {
        if row.text("level") == Some("district") {
            districts.extend(row.text("code").map(str::to_owned));
        }
    }
    districts.sort();
    let mut added = Vec::new();
    let mut add = |code: &str, parent: &str, level: &str| {
        let cell = |name: &str| match name {
            "code" | "name_zh" | "name_en" | "short_zh" | "short_en" => Some(Cell::Text(code.to_owned())),
            "parent_code" => Some(Cell::Text(parent.to_owned())),
            "level" => Some(Cell::Text(level.to_owned())),
            "origin" => Some(Cell::Text("synthetic".to_owned())),
            "source_id" => Some(Cell::Text("SYN".to_owned())),
            _ => None,
        };
        let row = Row::new(spec, spec.columns.iter().map(|column| cell(column.name)).collect());
        added.push(row.ok_or("an empty cell"));
    };
    for district in &districts {
        for s in 1..=SUBDISTRICTS {
            let subdistrict = format!("{district}-{s:02}");
            add(&subdistrict, district, "subdistrict");
            for c in 1..=COMMUNITIES {
                add(&format!("{subdistrict}-{c:02}"), &subdistrict, "community");
            }
        }
    }
    let mut reference = kept.reference;
    reference.push(added.into_iter().collect::<Result<_, _>>()?);
    Ok((Founding { mode: Mode::Replay, city_toml: kept.city_toml, boundaries: None, reference }, districts))
}

fn value(holds: &FieldType) -> Result<FieldValue, BenchError> {
    Ok(match holds {
        FieldType::Text | FieldType::Id => FieldValue::Text("x-0012".to_owned()),
        FieldType::Place => FieldValue::Text("500103".to_owned()),
        FieldType::Facility => FieldValue::Text("f-0012".to_owned()),
        FieldType::Count => FieldValue::Count(3),
        FieldType::Decimal => FieldValue::Decimal(1.5),
        FieldType::Date => FieldValue::Date(FIRST_DAY),
        FieldType::DateTime => FieldValue::DateTime(FIRST_DAY.at(9, 0, 0, 0)),
        FieldType::Flag => FieldValue::Flag(true),
        FieldType::Choice(words) => FieldValue::Text(words.first().ok_or("a choice of nothing")?.clone()),
        FieldType::Personal => return Err("personal fields are not filled in".into()),
    })
}

impl Owing {
    /// The communities of the districts, and the first kinds of the catalogue that need no evidence.
    pub fn new(catalogue: &Catalogue, districts: Vec<String>) -> Result<Self, BenchError> {
        let mut communities = Vec::new();
        for district in &districts {
            for s in 1..=SUBDISTRICTS {
                for c in 1..=COMMUNITIES {
                    communities.push(format!("500000/{district}/{district}-{s:02}/{district}-{s:02}-{c:02}").parse()?);
                }
            }
        }
        let kinds: Vec<Kind> = catalogue.kinds().filter(|kind| kind.evidence.is_empty()).take(KINDS).cloned().collect();
        let filled = |kind: &Kind| -> Result<BTreeMap<String, FieldValue>, BenchError> {
            let required = catalogue.fields(&kind.id).iter();
            let required = required.filter(|field| field.required && field.holds != FieldType::Personal);
            required.map(|field| Ok((field.name.clone(), value(&field.holds)?))).collect()
        };
        let fields = kinds.iter().map(filled).collect::<Result<_, _>>()?;
        Ok(Self { communities, districts, kinds, fields })
    }

    /// The id of the `nth` obligation.
    pub fn id(nth: u64) -> ObligationId {
        // As ids are made in use: a UUIDv7 of the command in front, so that later ones sort behind.
        let time = 0x0184_0000_0000 + u128::from(nth);
        ObligationId(EntityId::new(uuid::Uuid::from_u128(time << 80 | 0x7000_8000_0000_0000_0000), 0))
    }

    /// Opens the `nth` obligation in a community, as a kind of its own choice.
    pub fn open(&self, nth: u64, community: usize, opened_at: Timestamp, due: Timestamp) -> Command {
        let at = usize::try_from(nth % KINDS as u64).unwrap_or(0);
        let (Some(kind), Some(fields)) = (self.kinds.get(at), self.fields.get(at)) else { unreachable!() };
        let Some(path) = self.communities.get(community % self.communities.len()) else { unreachable!() };
        let named = kind.counting == Counting::Named;
        Command::Open(Box::new(NewObligation {
            id: Self::id(nth),
            kind: kind.id.clone(),
            path: path.clone(),
            units: if named { 1 } else { 1 + nth % 7 },
            subject: named.then(|| format!("s-{nth:08}").parse().ok()).flatten(),
            ground: format!("request:{nth}").parse().ok(),
            opened_at,
            due: Some(due),
            owner: None,
            fields: fields.clone(),
            note: None,
            synthetic: true,
        }))
    }

    /// Where the `nth` obligation is owed, and its kind.
    pub fn place(&self, nth: u64, community: usize) -> Option<(&AreaPath, &Kind)> {
        let kind = self.kinds.get(usize::try_from(nth % KINDS as u64).ok()?)?;
        Some((self.communities.get(community % self.communities.len())?, kind))
    }

    /// Units of the `nth` obligation as it is opened.
    pub fn units(&self, nth: u64) -> u64 {
        let at = usize::try_from(nth % KINDS as u64).unwrap_or(0);
        match self.kinds.get(at).map(|kind| kind.counting) {
            Some(Counting::Named) | None => 1,
            Some(_) => 1 + nth % 7,
        }
    }
}

/// Founds the city in a journal, and gives what its benchmarks need.
pub fn found_large(journal: &mut dyn Journal) -> Result<(Desk, Owing), BenchError> {
    let (founding, districts) = founding()?;
    let (blobs, clock) = (MemoryBlobs::default(), FixedClock(hour(0)));
    found(&mut City { journal: &mut *journal, blobs: &blobs, clock: &clock }, &command(0), &founding)?;
    let desk = Desk::load(journal)?;
    let owing = Owing::new(&desk.catalogue, districts)?;
    Ok((desk, owing))
}

/// How often a second the disk of a folder keeps 4 KiB for good (append, fdatasync), measured for about a second.
pub fn syncs_per_second(folder: &Path) -> Result<f64, BenchError> {
    let path = folder.join("fsync-probe");
    let mut file = std::fs::File::create(&path)?;
    let (started, mut done) = (Instant::now(), 0u32);
    while started.elapsed() < Duration::from_secs(1) {
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        done += 1;
    }
    let rate = f64::from(done) / started.elapsed().as_secs_f64();
    std::fs::remove_file(path)?;
    Ok(rate)
}

/// An empty folder of this name.
pub fn fresh(folder: &Path, name: &str) -> Result<PathBuf, BenchError> {
    let folder = folder.join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// The time that so much of all were within, in milliseconds; sorts them.
pub fn quantile_ms(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    let last = times.len().saturating_sub(1);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index"
    )]
    let nth = (last as f64 * share).round() as usize;
    times.get(nth).copied().unwrap_or_default().as_secs_f64() * 1e3
}

/// How many programs wait for the processors, as the system says.
pub fn load() -> String {
    let all = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    all.split_whitespace().next().unwrap_or("unknown").to_owned()
}

/// Memory of this process now and at its peak, in MiB, as the system says.
pub fn memory_mib() -> (u64, u64) {
    let all = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name: &str| {
        let line = all.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_whitespace().nth(1)).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024
    };
    (of("VmRSS:"), of("VmHWM:"))
}

/// Time that this thread has had of a processor, as the system says: what a loaded machine leaves untouched.
pub fn processor_time() -> Duration {
    let all = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(all.split_whitespace().next().and_then(|ns| ns.parse().ok()).unwrap_or(0))
}

//! A city with a vault on disk, and its commands by their shortest names.

use jiff::civil::date;
use levee_app::city::{AppError, City, Founding, found};
use levee_app::clock::FixedClock;
use levee_app::event::{ErasedWhy, Mode};
use levee_app::journal::Journal as _;
use levee_app::vault::{
    self, Erased, NewSubject, PersonalRecord, PersonalValues, ReadRequest, Reapplied, Sealing, Secret,
};
use levee_model::command::{Actor, Assurance, Channel, CommandId, Envelope};
use levee_model::subject::Pseudonym;
use levee_model::table::{Cell, Row, TableSpec};
use levee_store::blobs::FolderBlobs;
use levee_store::sqlite::SqliteJournal;
use levee_store::vault::FolderVault;
use std::path::{Path, PathBuf};

pub(crate) fn somebody(nth: u8) -> Pseudonym {
    Pseudonym::from_random([nth ^ 0xa5; 16])
}

pub(crate) fn name(nth: u8) -> String {
    format!("欧阳震华{nth}号")
}

pub(crate) fn telephone(nth: u8) -> String {
    format!("1390073{nth:04}")
}

pub(crate) const REASON: &str = "因透析转运联系张家属";

pub(crate) fn record(nth: u8) -> PersonalRecord {
    let fields = [("name", name(nth)), ("telephone", telephone(nth)), ("address", format!("渝中区桂花街{nth}号"))];
    let fields = fields.into_iter().map(|(field, value)| (field.parse().unwrap(), Secret::new(value))).collect();
    PersonalRecord::new(fields, "food_delivery".parse().unwrap(), date(2022, 12, 31)).unwrap()
}

const CITY: &str = r#"
schema = "levee.pack/1"
id = "riverside"
name = { en = "Riverside", zh = "江城" }
headquarters = { en = "Headquarters", zh = "指挥部" }
time_zone = "Asia/Shanghai"
language = "zh"
area_scheme = "GB/T 2260-2022"
city_area = "500000"
outbreak_started = "2022-11-01"
disease = "covid-19-omicron-ba5"
"#;

fn commander() -> Row {
    let spec = TableSpec::named("people").unwrap();
    let cells = [
        ("person", "li-na"),
        ("name_zh", "李娜"),
        ("name_en", "Li Na"),
        ("role", "commander"),
        ("origin", "synthetic"),
    ];
    let cell =
        |column: &str| cells.iter().find(|(name, _)| *name == column).map(|(_, text)| Cell::Text((*text).into()));
    Row::new(spec, spec.columns.iter().map(|column| cell(column.name)).collect()).unwrap()
}

/// Who acts in these tests, by a command that was never given before.
pub(crate) fn command(nth: u128) -> Envelope {
    Envelope {
        command_id: CommandId::new(uuid::Uuid::from_u128(0x0193_4a5b_0000_7000_8000_0000_0000_0000 + nth)),
        actor: Actor::Person("li-na".parse().unwrap()),
        on_behalf_of: None,
        channel: Channel::Cli,
        assurance: Assurance::Asserted,
    }
}

/// A city's folder and, apart from it, the folder of keys.
pub(crate) struct Place {
    pub(crate) outer: tempfile::TempDir,
    commands: u128,
}

/// The city, open.
pub(crate) struct Opened {
    pub(crate) journal: SqliteJournal,
    pub(crate) blobs: FolderBlobs,
    pub(crate) vault: FolderVault,
    clock: FixedClock,
}

impl Opened {
    pub(crate) fn with<T>(&mut self, work: impl FnOnce(&mut City<'_>, &mut FolderVault) -> T) -> T {
        let mut city = City { journal: &mut self.journal, blobs: &self.blobs, clock: &self.clock };
        work(&mut city, &mut self.vault)
    }
}

impl Place {
    pub(crate) fn new() -> Self {
        let place = Self { outer: tempfile::tempdir().unwrap(), commands: 1 };
        std::fs::create_dir(place.city()).unwrap();
        let mut journal = SqliteJournal::create(&place.city()).unwrap();
        let blobs = FolderBlobs::create(&place.city(), &place.keys()).unwrap();
        let mut city = City { journal: &mut journal, blobs: &blobs, clock: &clock() };
        let founding = Founding {
            mode: Mode::Live,
            city_toml: CITY.to_owned(),
            boundaries: None,
            reference: vec![vec![commander()]],
        };
        found(&mut city, &command(0), &founding).unwrap();
        place
    }

    pub(crate) fn city(&self) -> PathBuf {
        self.outer.path().join("city")
    }

    pub(crate) fn keys(&self) -> PathBuf {
        self.outer.path().join("keys")
    }

    /// The folder of the vault's keys within the folder of keys.
    pub(crate) fn vault_keys(&self) -> PathBuf {
        let name = std::fs::read_to_string(self.city().join("blobs/KEY")).unwrap();
        self.keys().join(name.trim())
    }

    pub(crate) fn open(&self) -> Opened {
        Opened {
            journal: SqliteJournal::open(&self.city()).unwrap(),
            blobs: FolderBlobs::open(&self.city(), &self.keys()).unwrap(),
            vault: FolderVault::open(&self.city(), &self.keys()).unwrap(),
            clock: clock(),
        }
    }

    fn next(&mut self) -> Envelope {
        self.commands += 1;
        command(self.commands)
    }

    pub(crate) fn seal(&mut self, people: &[u8]) -> Result<(), AppError> {
        let envelope = self.next();
        let people: Vec<_> =
            people.iter().map(|nth| NewSubject { subject: somebody(*nth), record: record(*nth) }).collect();
        self.open().with(|city, vault| vault::seal(city, vault, &envelope, &people, Sealing::New)).map(|_| ())
    }

    pub(crate) fn read(&mut self, nth: u8) -> Result<Vec<PersonalValues>, AppError> {
        let envelope = self.next();
        let (subjects, fields) = ([somebody(nth)], ["name".parse().unwrap(), "telephone".parse().unwrap()]);
        let request = ReadRequest { subjects: &subjects, fields: &fields, reason: REASON, with: None };
        self.open().with(|city, vault| vault::read(city, vault, &envelope, &request))
    }

    pub(crate) fn erase(&mut self, nth: u8) -> Result<Erased, AppError> {
        let envelope = self.next();
        self.open().with(|city, vault| vault::erase(city, vault, &envelope, &[somebody(nth)], ErasedWhy::PurposeEnded))
    }

    pub(crate) fn reapply(&mut self, elsewhere: &[Pseudonym]) -> Reapplied {
        let envelope = self.next();
        self.open().with(|city, vault| vault::reapply_erasures(city, vault, &envelope, elsewhere)).unwrap()
    }

    /// A copy of a folder, as a backup makes it.
    pub(crate) fn copy(&self, folder: &Path, to: &str) {
        let to = self.outer.path().join(to);
        if to.exists() {
            std::fs::remove_dir_all(&to).unwrap();
        }
        copy(folder, &to);
    }

    /// Puts a copy back, in place of what is there.
    pub(crate) fn restore(&self, from: &str, folder: &Path) {
        std::fs::remove_dir_all(folder).unwrap();
        copy(&self.outer.path().join(from), folder);
    }

    /// Panics unless the record is whole.
    pub(crate) fn verify(&self) {
        assert_eq!(self.open().journal.verify().unwrap().faults, []);
    }
}

fn clock() -> FixedClock {
    FixedClock("2022-12-01T04:00:00Z".parse().unwrap())
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, to) = entry.map(|entry| (entry.path(), to.join(entry.file_name()))).unwrap();
        if path.is_dir() {
            copy(&path, &to);
        } else {
            std::fs::copy(&path, &to).unwrap();
        }
    }
}

/// All files below a folder, with their bytes.
pub(crate) fn files(below: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            all.push((path, bytes));
        }
    }
    all
}

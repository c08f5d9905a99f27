//! A city in a folder of its own, and the program run on it.

use levee_store::blobs::FolderBlobs;
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The program.
pub(crate) const LEVEE: &str = env!("CARGO_BIN_EXE_levee");

/// What a run of the program left.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Output {
    /// It did what was asked.
    #[track_caller]
    pub(crate) fn done(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:#?}");
        self
    }

    /// The answer is no, in words that hold all of `words`.
    #[track_caller]
    pub(crate) fn no(self, words: &[&str]) -> Self {
        self.told(1, words)
    }

    /// It could not be tried, in words that hold all of `words` and say how to mend it.
    #[track_caller]
    pub(crate) fn refused(self, words: &[&str]) -> Self {
        self.told(2, words)
    }

    #[track_caller]
    fn told(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        let said = format!("{}{}", self.out, self.err);
        for word in words {
            assert!(said.contains(word), "`{word}` is not said: {self:#?}");
        }
        assert!(!said.contains("panicked"), "{self:#?}");
        self
    }

    /// The one JSON document that was printed.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {self:#?}"))
    }
}

/// A pack of the repository.
pub(crate) fn pack(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs").join(name);
    path.canonicalize().unwrap().display().to_string()
}

/// Copies a pack, its tables of obligations too, so that a test can change it.
pub(crate) fn copy_pack(name: &str, to: &Path) {
    std::fs::create_dir_all(to.join("owed")).unwrap();
    for folder in ["", "owed"] {
        for entry in std::fs::read_dir(Path::new(&pack(name)).join(folder)).unwrap() {
            let entry = entry.unwrap();
            if entry.path().is_file() {
                std::fs::copy(entry.path(), to.join(folder).join(entry.file_name())).unwrap();
            }
        }
    }
}

/// A city called `city` in a scratch folder, with its keys in `keys`; the program runs in that folder.
pub(crate) struct City {
    dir: TempDir,
}

impl City {
    /// Nothing but an empty folder.
    pub(crate) fn none() -> Self {
        Self { dir: TempDir::new().unwrap() }
    }

    /// Chongqing at work: rows are known from now on.
    pub(crate) fn live() -> Self {
        let city = Self::none();
        city.run(&["init", "city", "--pack", &pack("chongqing-2022")]).done();
        city
    }

    /// Chongqing run again: rows are known from when the file says.
    pub(crate) fn replay() -> Self {
        let city = Self::none();
        city.run(&["init", "city", "--pack", &pack("chongqing-2022"), "--replay"]).done();
        city
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.at(name), bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.at(name)).unwrap()
    }

    /// `program` with the environment of this city, without what the terminal of the tester brings.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.dir.path()).env("LEVEE_KEYS", self.at("keys")).env("NO_COLOR", "1");
        command.env("COLUMNS", "100").stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        finish(self.command(LEVEE).args(args))
    }

    /// `levee import city --table infections`, sent by the health commission as document S23.
    pub(crate) fn import(&self, file: &str, more: &[&str]) -> Output {
        let args = ["import", "city", "--table", "infections", "--office", "cq-hc", "--source", "S23", file];
        self.run(&[&args, more].concat())
    }

    /// The journal's file, for reading.
    pub(crate) fn database(&self) -> Connection {
        Connection::open_with_flags(self.at("city/levee.db"), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
    }

    /// How many events there are.
    pub(crate) fn events(&self) -> u64 {
        self.database().query_row("SELECT count(*) FROM event", [], |row| row.get(0)).unwrap()
    }

    /// How many accepted rows there are, all versions counted.
    pub(crate) fn facts(&self) -> u64 {
        self.database().query_row("SELECT count(*) FROM projection WHERE space = 3", [], |row| row.get(0)).unwrap()
    }

    /// The blobs of the city, opened with its key.
    pub(crate) fn blobs(&self) -> FolderBlobs {
        FolderBlobs::open(&self.at("city"), &self.at("keys")).unwrap()
    }

    /// The files of the blob store.
    pub(crate) fn blob_files(&self) -> BTreeSet<PathBuf> {
        files(&self.at("city/blobs"))
    }

    /// The record is whole: chains, balances, blobs, and projections rebuilt.
    #[track_caller]
    pub(crate) fn is_whole(&self) {
        let said = self.run(&["journal", "verify", "city"]).done();
        assert!(said.out.contains("whole: nothing was changed, nothing is missing"), "{said:#?}");
    }

    /// The last batch.
    pub(crate) fn last_batch(&self) -> Value {
        let listed = self.run(&["batches", "city", "--json"]).done().json();
        listed["batches"].as_array().unwrap().last().cloned().unwrap()
    }
}

pub(crate) fn finish(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Output { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path);
        }
    }
    found
}

/// received, accepted, rejected, duplicate of a printed JSON balance.
pub(crate) fn balance(of: &Value) -> [u64; 4] {
    ["received", "accepted", "rejected", "duplicate"].map(|count| of[count].as_u64().unwrap())
}

/// A file of infections with `rows` rows: every district of Chongqing and three units, hour by hour from 1 September 2022
/// on. Every row speaks of another place or hour, so all of them are to be accepted.
pub(crate) fn hourly(rows: usize) -> String {
    let pack = pack("chongqing-2022");
    let codes = |file: &str| -> Vec<String> {
        let table = std::fs::read_to_string(format!("{pack}/{file}")).unwrap();
        table.lines().skip(1).filter_map(|line| line.split(',').next()).map(str::to_owned).collect()
    };
    let places = [codes("areas.csv"), codes("reporting_units.csv")].concat();
    let places = &places[..41];
    let first = jiff::civil::datetime(2022, 9, 1, 0, 0, 0, 0);
    let hour = |n: usize| first.checked_add(jiff::SignedDuration::from_hours(n.try_into().unwrap())).unwrap();
    let mut text = String::from("place,period_start,period_end,confirmed,asymptomatic,known_at,known_at_assumed\n");
    for n in 0..rows {
        let (place, from) = (&places[n % places.len()], n / places.len());
        let (start, end) = (hour(from), hour(from + 1));
        let (confirmed, asymptomatic) = (n % 7, n % 1000);
        let moment = |at: jiff::civil::DateTime| at.strftime("%Y-%m-%dT%H:%M").to_string();
        text.push_str(&format!(
            "{place},{},{},{confirmed},{asymptomatic},{},false\n",
            moment(start),
            moment(end),
            moment(end)
        ));
    }
    text
}

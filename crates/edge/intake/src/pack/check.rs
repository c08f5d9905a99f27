//! Everything in a pack held against everything else.

use super::problem::PackProblem;
use super::{Pack, Reading, catalogue, owed, read_as_far_as_can_be};
use crate::datapackage;
use crate::message::code;
use jiff::civil::DateTime;
use levee_model::table::TableSpec;
use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

/// How many rows of a table were read, and how they fared. `received = good + bad`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableCount {
    /// The table.
    pub table: &'static str,
    /// Rows with data.
    pub received: u64,
    /// Rows that may be taken in.
    pub good: u64,
    /// Rows rejected.
    pub bad: u64,
    /// Good rows with at least one warning.
    pub flagged: u64,
}

/// What a check of a pack found.
#[derive(Clone, Debug, PartialEq)]
pub struct PackReport {
    /// The pack, if its parts hold together at all.
    pub pack: Option<Pack>,
    /// Every table that was read, reference tables first.
    pub tables: Vec<TableCount>,
    /// What is wrong. A pack with any of these is not to be used.
    pub problems: Vec<PackProblem>,
    /// Contradictions that are accepted as stated, and things to know.
    pub warnings: Vec<PackProblem>,
}

impl PackReport {
    /// Whether the pack may be used.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
}

impl fmt::Display for PackReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for t in &self.tables {
            writeln!(f, "{}: {} rows, {} good, {} bad, {} flagged", t.table, t.received, t.good, t.bad, t.flagged)?;
        }
        for problem in &self.problems {
            writeln!(f, "problem: {problem}")?;
        }
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        write!(f, "{} problem(s), {} warning(s)", self.problems.len(), self.warnings.len())
    }
}

/// Checks a whole pack: settings, reference tables, outlines, every row of every report table, keys, references, the
/// descriptor. `now` is the moment of the check in the city's calendar; nothing reported may lie after it.
pub fn check_pack(dir: &Path, now: DateTime) -> PackReport {
    let mut problems = Vec::new();
    let mut warnings = Vec::new();
    let (pack, mut tables) = read_as_far_as_can_be(dir, &mut problems);
    if let Some(pack) = &pack {
        // Facilities come before the tables that refer to them.
        let mut facilities: Option<BTreeSet<String>> = None;
        let people: BTreeSet<String> = pack.people.iter().map(|person| person.id.to_string()).collect();
        for table in &pack.reports {
            let Some(mut layout) = pack.layout(table, now) else { continue };
            layout.references.facilities = Some(facilities.clone().unwrap_or_default());
            let reading = Reading::of(dir, &format!("{table}.csv"), &layout, &mut problems);
            if *table == "facilities" {
                facilities = Some(reading.column("facility"));
            }
            if *table == "duty_roster" {
                let file = format!("{table}.csv");
                for (line, row) in &reading.rows {
                    let of = |column| owed::stranger(row, (column, &people, code::UNKNOWN_PERSON));
                    let strangers = ["person", "deputy"].into_iter().filter_map(of);
                    problems.extend(strangers.map(|problem| PackProblem::at(&file, *line, problem)));
                }
            }
            tables.extend(reading.count);
            warnings.extend(reading.warnings);
        }
        let known = owed::Known { facilities: &facilities.unwrap_or_default(), people: &people };
        for kind in &pack.owed {
            tables.extend(owed::check(pack, kind, now, &known, &mut problems, &mut warnings));
        }
        warnings.extend(catalogue::unled(pack));
        check_descriptor(dir, &mut problems);
    }
    warnings.extend(strangers(dir));
    PackReport { pack, tables, problems, warnings }
}

/// Tables that the format does not know: most often a misspelt name, whose rows nobody would ever read.
fn strangers(dir: &Path) -> Vec<PackProblem> {
    let files = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut names: Vec<String> = files.filter_map(|file| file.file_name().into_string().ok()).collect();
    names.sort();
    let unknown = |name: &&String| name.strip_suffix(".csv").is_some_and(|table| TableSpec::named(table).is_none());
    names.iter().filter(unknown).map(|name| PackProblem::new(name, code::TABLE_UNKNOWN, [])).collect()
}

/// A descriptor need not be there; one that is must be the one that the tables give.
fn check_descriptor(dir: &Path, problems: &mut Vec<PackProblem>) {
    let Ok(text) = std::fs::read_to_string(dir.join(datapackage::FILE)) else { return };
    let differs = |why: String| PackProblem::new(datapackage::FILE, code::DESCRIPTOR_DIFFERS, [why]);
    let there: serde_json::Value = match serde_json::from_str(&text) {
        Ok(there) => there,
        Err(e) => {
            problems.push(differs(e.to_string()));
            return;
        }
    };
    // Where the pack itself cannot be read, its faults were told already.
    if let Ok(wanted) = datapackage::describe(dir) {
        problems.extend(datapackage::differences(&there, &wanted).into_iter().map(differs));
    }
}

//! Tables of obligations in a pack: `owed/<kind>.csv`.

use super::{Pack, PackProblem, Reading, TableCount};
use crate::message::code;
use crate::owed::FOLDER;
use crate::text::{nearest, suggestion};
use jiff::civil::DateTime;
use levee_ledger::catalogue::{Catalogue, FieldType, KindId};
use levee_model::table::{CellProblem, Row};
use std::collections::BTreeSet;
use std::path::Path;

/// The kinds of which there is a table. A table of no kind of the catalogue is a problem: nobody would ever read its rows.
pub(super) fn there(dir: &Path, catalogue: &Catalogue, problems: &mut Vec<PackProblem>) -> Vec<KindId> {
    let files = std::fs::read_dir(dir.join(FOLDER)).into_iter().flatten().flatten();
    let mut names: Vec<String> = files.filter_map(|file| file.file_name().into_string().ok()).collect();
    names.sort();
    let mut kinds = Vec::new();
    for name in names.iter().filter_map(|name| name.strip_suffix(".csv")) {
        match name.parse::<KindId>().ok().filter(|kind| catalogue.kind(kind).is_some()) {
            Some(kind) => kinds.push(kind),
            None => {
                let (column, value) = ("kind".to_owned(), name.to_owned());
                let problem = CellProblem { column, value, code: code::UNKNOWN_KIND, args: vec![] };
                problems.push(PackProblem { file: file(name), line: None, problem });
            }
        }
    }
    kinds
}

pub(crate) fn file(kind: &str) -> String {
    format!("{FOLDER}/{kind}.csv")
}

/// What else the rows may refer to.
pub(super) struct Known<'k> {
    pub(super) facilities: &'k BTreeSet<String>,
    pub(super) people: &'k BTreeSet<String>,
}

/// Reads one table and holds each row against its kind.
pub(super) fn check(
    pack: &Pack,
    kind: &KindId,
    now: DateTime,
    known: &Known<'_>,
    problems: &mut Vec<PackProblem>,
    warnings: &mut Vec<PackProblem>,
) -> Option<TableCount> {
    let mut layout = pack.owed_layout(kind, now)?;
    // Facilities are told by the type of a field, not by the name of a column.
    layout.references.facilities = None;
    let file = file(kind.as_str());
    let reading = Reading::of(&pack.dir, &file, &layout, problems);
    let mut count = reading.count;
    for (line, row) in &reading.rows {
        let mut found = levee_app::owed::from_row(&pack.catalogue, kind, row).err().unwrap_or_default();
        found.extend(references(pack, kind, row, known));
        if let Some(count) = count.as_mut().filter(|_| !found.is_empty()) {
            (count.good, count.bad) = (count.good.saturating_sub(1), count.bad + 1);
        }
        problems.extend(found.into_iter().map(|problem| PackProblem::at(&file, *line, problem)));
    }
    warnings.extend(reading.warnings);
    count
}

fn references(pack: &Pack, kind: &KindId, row: &Row, known: &Known<'_>) -> Vec<CellProblem> {
    let fields = pack.catalogue.fields(kind).iter().filter(|field| field.holds == FieldType::Facility);
    let facilities = fields.map(|field| (field.name.as_str(), known.facilities, code::UNKNOWN_FACILITY));
    facilities.chain([("owner", known.people, code::UNKNOWN_PERSON)]).filter_map(|of| stranger(row, of)).collect()
}

/// The problem of a cell that names somebody or something that is not listed.
pub(super) fn stranger(row: &Row, of: (&str, &BTreeSet<String>, &'static str)) -> Option<CellProblem> {
    let (column, list, code) = of;
    let value = row.text(column).filter(|value| !list.contains(*value))?;
    let near = suggestion(nearest(value, list.iter().map(String::as_str)));
    Some(CellProblem { column: column.to_owned(), value: value.to_owned(), code, args: vec![near] })
}

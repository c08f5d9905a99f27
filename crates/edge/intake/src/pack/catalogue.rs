//! The catalogue of obligations of a pack, with the line of each problem.

use super::{Pack, PackProblem, Reading};
use crate::message::code;
use levee_app::catalogue::{from_rows, sections};
use levee_ledger::catalogue::Catalogue;
use levee_model::person::Role;
use levee_model::table::Row;

/// From the tables as they were read. What is wrong goes to `problems`, each with its file and line.
pub(super) fn read(tables: &[Reading], problems: &mut Vec<PackProblem>) -> Option<Catalogue> {
    let all = || tables.iter().flat_map(|table| table.rows.iter().map(move |(line, row)| (&table.file, *line, row)));
    let rows: Vec<Row> = all().map(|(_, _, row)| row.clone()).collect();
    let faults = match from_rows(&rows) {
        Ok(catalogue) => return Some(catalogue),
        Err(faults) => faults,
    };
    problems.extend(faults.into_iter().map(|fault| match fault.nth.and_then(|nth| all().nth(nth)) {
        Some((file, line, _)) => PackProblem::at(file, line, fault.problem),
        None => PackProblem::new(&format!("{}.csv", fault.table), code::BAD_VALUE, [fault.why]),
    }));
    None
}

/// Sections that the catalogue names and nobody leads: what is late there would climb past an empty post.
pub(super) fn unled(pack: &Pack) -> Vec<PackProblem> {
    let led = |section: &str| {
        pack.people.iter().any(|person| {
            person.section.as_deref() == Some(section) && matches!(person.role, Role::SectionLead | Role::Commander)
        })
    };
    // A pack without kinds of its own goes by the built-in one, and owes nobody a section for it.
    let own = pack.dir.join("obligation_kinds.csv").exists();
    let named = sections(&pack.catalogue).into_iter().filter(|section| own && !led(section));
    named.map(|section| PackProblem::new("people.csv", code::SECTION_UNLED, [section.to_owned()])).collect()
}

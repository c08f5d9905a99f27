//! From a fault of the catalogue back to the row that causes it.

use super::{CatalogueProblem, code, problem};
use levee_ledger::catalogue::{CatalogueFault, KindId};
use levee_model::table::Row;

/// Finds rows by what stands in them.
pub(super) struct Finder<'r> {
    rows: &'r [Row],
}

impl<'r> Finder<'r> {
    pub(super) fn new(rows: &'r [Row]) -> Self {
        Self { rows }
    }

    /// The last row of a table whose cells hold all of these.
    fn last(&self, table: &str, cells: &[(&str, &str)]) -> Option<usize> {
        let fits =
            |row: &Row| row.spec().name == table && cells.iter().all(|(column, text)| row.text(column) == Some(*text));
        self.rows.iter().rposition(fits)
    }

    /// The step of a ladder that comes no later than the one below it, or its first.
    fn step(&self, ladder: &str) -> Option<usize> {
        let mut steps: Vec<(u64, u64, usize)> = self
            .rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.spec().name == "obligation_ladders" && row.text("ladder") == Some(ladder))
            .filter_map(|(nth, row)| Some((row.count("rung")?, row.count("after_minutes")?, nth)))
            .collect();
        steps.sort_unstable();
        let fault = steps.windows(2).find_map(|two| match two {
            [below, above] if above.1 <= below.1 => Some(above.2),
            _ => None,
        });
        fault.or_else(|| steps.first().map(|step| step.2))
    }

    pub(super) fn find(&self, fault: &CatalogueFault) -> CatalogueProblem {
        let of_kind = |kind: &KindId| self.last("obligation_kinds", &[("kind", kind.as_str())]);
        let reason = |kind: &KindId, reason: &str, outcome: &str| {
            self.last("obligation_reasons", &[("kind", kind.as_str()), ("reason", reason), ("outcome", outcome)])
        };
        let (nth, column, code, args): (Option<usize>, &str, &'static str, Vec<String>) = match fault {
            CatalogueFault::KindTwice(kind) => (of_kind(kind), "kind", code::TWICE, vec![kind.to_string()]),
            CatalogueFault::UnknownKind { what, kind } => {
                let named = |what: &str, name: &str| what.contains(&format!("`{name}`"));
                let fits = |row: &&Row| {
                    let name = row.text("field").filter(|_| what.starts_with("field"));
                    row.text("kind") == Some(kind.as_str())
                        && row.spec().name != "obligation_kinds"
                        && name.or_else(|| row.text("reason")).is_some_and(|name| named(what, name))
                };
                (self.rows.iter().position(|row| fits(&row)), "kind", code::UNKNOWN_KIND, vec![])
            }
            CatalogueFault::UnknownLadder { kind, ladder } => {
                (of_kind(kind), "ladder", code::UNKNOWN_LADDER, vec![ladder.clone()])
            }
            CatalogueFault::LadderSteps(ladder) => {
                (self.step(ladder), "after_minutes", code::LADDER_STEPS, vec![ladder.clone()])
            }
            CatalogueFault::WaiverAgainstLaw { kind, reason: name, .. } => {
                (reason(kind, name, "waived"), "by", code::AGAINST_LAW, vec![kind.to_string(), name.clone()])
            }
            CatalogueFault::ExpiryAgainstLaw { kind, reason: name } => {
                (reason(kind, name, "expired"), "outcome", code::AGAINST_LAW, vec![kind.to_string(), name.clone()])
            }
            CatalogueFault::Subject(kind) => (of_kind(kind), "subject", code::SUBJECT, vec![]),
            CatalogueFault::Range { kind, what } => {
                let columns = [("systems", "system"), ("priorities", "priority")];
                let column = columns.iter().find(|(word, _)| what.contains(word)).map_or("class", |(_, column)| column);
                (of_kind(kind), column, code::BAD_VALUE, vec![(*what).to_owned()])
            }
            CatalogueFault::Twice { kind, what, name } => {
                let table = if *what == "field" { "obligation_fields" } else { "obligation_reasons" };
                (self.last(table, &[("kind", kind.as_str()), (what, name)]), what, code::TWICE, vec![name.clone()])
            }
        };
        // Every fault follows from a row; should one not be found, the fault is still told.
        problem(self.rows, nth.unwrap_or(usize::MAX), column, code, args, &fault.to_string())
    }
}

//! Files that the server was sent, as rows.

use crate::commands::rejected::to_correct;
use crate::commands::source::{FileRows, known, layout};
use levee_app::city::{AppError, founded};
use levee_app::intake::{FileHints, RowSource, Tables};
use levee_app::journal::Read;
use levee_app::rejected::Rejected;
use levee_intake::{Defaults, Lang, explain, write_rejected};
use levee_model::provenance::Origin;
use levee_model::table::{CellProblem, TableSpec};
use std::path::Path;

/// Reads files with the intake.
pub(super) struct IntakeTables;

impl Tables for IntakeTables {
    fn rows(
        &self,
        on: &dyn Read,
        table: &'static TableSpec,
        path: &Path,
        hints: &FileHints,
        now: jiff::Timestamp,
    ) -> Result<Box<dyn RowSource>, AppError> {
        let (_, _, calendar) = founded(on)?;
        let now = calendar.civil(now);
        let defaults = Defaults {
            office: hints.office.clone(),
            source_id: hints.source.clone(),
            known_at: Some(now),
            known_at_assumed: Some(false),
            origin: Some(Origin::Reported),
            place: None,
        };
        let layout = layout(on, table, now, defaults)?;
        known(hints.office.as_ref(), hints.source.as_deref(), &layout.references)
            .map_err(|unknown| AppError::Asked { what: unknown.what(""), hint: unknown.hint() })?;
        let rows = FileRows::received(path, &hints.name, hints.sheet.as_deref(), layout);
        Ok(Box::new(rows))
    }

    fn explain(&self, problem: &CellProblem, zh: bool) -> (String, String) {
        explain(problem, if zh { Lang::Zh } else { Lang::En })
    }

    fn rejected(&self, rows: &Rejected, zh: bool) -> Result<Vec<u8>, AppError> {
        let mut csv = Vec::new();
        let lang = if zh { Lang::Zh } else { Lang::En };
        write_rejected(&mut csv, &rows.headings, &to_correct(rows), lang).map_err(|error| AppError::File {
            what: format!("the rejected rows cannot be written: {error}"),
            hint: "this is a fault of ours: please report it".to_owned(),
        })?;
        Ok(csv)
    }

    fn workbook(&self, sheets: &[levee_brief::statement::Sheet]) -> Result<Vec<u8>, AppError> {
        levee_intake::tabular::workbook(sheets).map_err(|error| AppError::File {
            what: format!("the workbook cannot be written: {error}"),
            hint: "a sheet holds a million rows; ask for a district or a section".to_owned(),
        })
    }

    fn nearest<'a>(&self, given: &str, known: &[&'a str]) -> Option<&'a str> {
        levee_intake::nearest(given, known.iter().copied())
    }
}

//! What is wrong in a pack: file, line, column, value, and the mend.

use crate::error::ReadError;
use crate::message::{Lang, code, explain, render};
use levee_model::table::CellProblem;
use std::fmt;

/// One thing wrong in a pack, or worth a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackProblem {
    /// The file, relative to the pack.
    pub file: String,
    /// The line, from 1, if one line is at fault.
    pub line: Option<u64>,
    /// What is wrong; its column and value are empty where none is at fault.
    pub problem: CellProblem,
}

impl PackProblem {
    pub(crate) fn new(file: &str, code: &'static str, args: impl IntoIterator<Item = String>) -> Self {
        let args = args.into_iter().collect();
        let problem = CellProblem { column: String::new(), value: String::new(), code, args };
        Self { file: file.to_owned(), line: None, problem }
    }
    pub(crate) fn at(file: &str, line: u64, problem: CellProblem) -> Self {
        Self { file: file.to_owned(), line: Some(line), problem }
    }
    pub(crate) fn on_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }
    /// A table that could not be read at all.
    pub(crate) fn unreadable(file: &str, error: ReadError) -> Self {
        let missing = error.cause.as_ref().is_some_and(|e| e.kind() == std::io::ErrorKind::NotFound);
        if missing { Self::new(file, code::FILE_MISSING, []) } else { Self::new(file, error.code, error.args) }
    }
    /// Stable code.
    pub fn code(&self) -> &'static str {
        self.problem.code
    }
    /// What is wrong, and how to mend it.
    pub fn explain(&self, lang: Lang) -> (String, String) {
        match self.problem.column.is_empty() {
            true => render(self.problem.code, &self.file, &self.problem.args, lang),
            false => explain(&self.problem, lang),
        }
    }
}

impl fmt::Display for PackProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, mend) = self.explain(Lang::En);
        write!(f, "{} ", self.file)?;
        if let Some(line) = self.line {
            write!(f, "line {line} ")?;
        }
        write!(f, "[{}]: {what}; {mend}", self.problem.code)
    }
}

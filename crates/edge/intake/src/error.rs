//! Why a whole file was not taken in.

use crate::message::{Lang, render};
use std::fmt;

/// Why a file could not be read to its end. Nothing of such a file may be kept: what was seen of it before the fault is
/// part of something that is cut or damaged.
///
/// It has the shape of a cell's problem (a stable code and arguments), so that screens render it in either language.
#[derive(Debug)]
pub struct ReadError {
    /// The file or message, as the sender calls it.
    pub file: String,
    /// Stable code, listed in `docs/errors.md`.
    pub code: &'static str,
    /// Arguments for the sentences.
    pub args: Vec<String>,
    /// What lies beneath, if another part of the machine refused.
    pub cause: Option<std::io::Error>,
}

impl ReadError {
    pub(crate) fn new(file: &str, code: &'static str, args: impl IntoIterator<Item = String>) -> Self {
        Self { file: file.to_owned(), code, args: args.into_iter().collect(), cause: None }
    }

    /// What is wrong, and how to mend it.
    pub fn explain(&self, lang: Lang) -> (String, String) {
        render(self.code, &self.file, &self.args, lang)
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.explain(Lang::En).0)
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}

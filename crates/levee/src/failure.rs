//! What could not be tried: what, where, how to mend it.

use crate::say;
use levee_app::city::AppError;
use std::error::Error;

/// A failure as a person reads it.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What, and where.
    what: String,
    /// What lay behind it, outermost first.
    because: Vec<String>,
    /// How to mend it.
    hint: Option<String>,
}

impl Failure {
    /// A failure of the command line's own.
    pub(crate) fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), because: vec![], hint: Some(hint.into()) }
    }

    /// The same failure, with what to do after it is mended.
    pub(crate) fn then(mut self, more: &str) -> Self {
        self.hint = Some(self.hint.map_or_else(|| more.to_owned(), |hint| format!("{hint}; {more}")));
        self
    }

    /// What a library says, with everything that lay behind it.
    pub(crate) fn of(error: &(dyn Error + 'static), hint: Option<String>) -> Self {
        let what = error.to_string();
        let mut because = Vec::new();
        let mut source = error.source();
        while let Some(inner) = source {
            let said = inner.to_string();
            if because.last() != Some(&said) && said != what {
                because.push(said);
            }
            source = inner.source();
        }
        Self { what, because, hint }
    }

    pub(crate) fn io(what: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        let hint = match error.kind() {
            std::io::ErrorKind::NotFound => "check the path",
            std::io::ErrorKind::PermissionDenied => "check who owns the folder and may write there",
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::FileTooLarge | std::io::ErrorKind::QuotaExceeded => {
                "free some space, then try again"
            }
            _ => "see the reason above",
        };
        Self {
            what: format!("could not {what} {}", path.display()),
            because: vec![error.to_string()],
            hint: Some(hint.into()),
        }
    }

    /// Tells the person.
    pub(crate) fn say(&self, json: bool) {
        if json {
            say::json(&serde_json::json!({
                "schema": "levee.failure/1", "error": self.what, "because": self.because, "hint": self.hint,
            }));
            return;
        }
        say::note(&format!("error: {}", self.what));
        for because in &self.because {
            say::note(&format!("  because: {because}"));
        }
        if let Some(hint) = &self.hint {
            say::note(&format!("  mend: {hint}"));
        }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let hint = error.hint();
        Self::of(&error, hint)
    }
}

impl From<levee_app::journal::JournalError> for Failure {
    fn from(error: levee_app::journal::JournalError) -> Self {
        AppError::from(error).into()
    }
}

impl From<levee_app::blob::BlobError> for Failure {
    fn from(error: levee_app::blob::BlobError) -> Self {
        AppError::from(error).into()
    }
}

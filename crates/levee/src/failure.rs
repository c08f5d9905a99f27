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
    /// The answer is no: it was tried and refused.
    no: bool,
    /// Told in Chinese.
    zh: bool,
}

impl Failure {
    /// A failure of the command line's own.
    pub(crate) fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), because: vec![], hint: Some(hint.into()), no: false, zh: false }
    }

    /// What went wrong, without how to mend it.
    pub(crate) fn what(&self) -> String {
        self.because.iter().fold(self.what.clone(), |all, because| format!("{all}: {because}"))
    }

    /// The same, as an answer: it was tried, and the answer is no.
    pub(crate) fn no(self) -> Self {
        Self { no: true, ..self }
    }

    /// The same, told in a language.
    pub(crate) fn told_in(self, lang: crate::cli::Lang) -> Self {
        Self { zh: lang == crate::cli::Lang::Zh, ..self }
    }

    /// How the program ends: 1 when the answer is no, 2 when it could not be tried.
    pub(crate) fn code(&self) -> u8 {
        if self.no { crate::commands::NO } else { 2 }
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
        Self { what, because, hint, no: false, zh: false }
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
            no: false,
            zh: false,
        }
    }

    /// Tells the person.
    pub(crate) fn say(&self, json: bool) {
        if json {
            say::json(&serde_json::json!({
                "schema": if self.no { "levee.refusal/1" } else { "levee.failure/1" }, "error": self.what, "because": self.because, "hint": self.hint,
            }));
            return;
        }
        let [what, because, mend] = match (self.zh, self.no) {
            (true, true) => ["不予办理：", "  原因：", "  处理："],
            (true, false) => ["错误：", "  原因：", "  处理："],
            (false, true) => ["refused: ", "  because: ", "  mend: "],
            (false, false) => ["error: ", "  because: ", "  mend: "],
        };
        say::note(&format!("{what}{}", self.what));
        for reason in &self.because {
            say::note(&format!("{because}{reason}"));
        }
        if let Some(hint) = &self.hint {
            say::note(&format!("{mend}{hint}"));
        }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let hint = error.hint();
        // A sheet that cannot be read was not tried; everything else that a restriction is refused for was.
        let no = match &error {
            AppError::Refused(_) => true,
            AppError::Measure(fault) => !fault.is_about_the_input(),
            _ => false,
        };
        Self { no, ..Self::of(&error, hint) }
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

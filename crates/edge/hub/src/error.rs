//! Why a pack could not be forecast: which file, which line, which column, how to mend it.

use std::fmt;
use std::path::PathBuf;

/// Where in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// Line as an editor shows it, from 1; 0 = the file as a whole.
    pub line: u64,
    /// Column by its heading; empty = the whole line.
    pub column: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ", line {}", self.line)?;
        }
        if !self.column.is_empty() {
            write!(f, ", column `{}`", self.column)?;
        }
        Ok(())
    }
}

/// Why a pack could not be forecast.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// A file that cannot be read.
    #[error("{place} could not be read")]
    Unreadable {
        /// Which, and the line before the fault where that is known.
        place: Place,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The folder holds no figures.
    #[error("{} holds neither truth_daily_vintages.csv.gz nor truth_vintages.csv.gz", folder.display())]
    NoVintages {
        /// The folder.
        folder: PathBuf,
    },
    /// A heading is missing.
    #[error("{place} is missing")]
    NoColumn {
        /// Which.
        place: Place,
        /// What the file has.
        has: String,
    },
    /// A cell that says nothing.
    #[error("{place}: `{given}` is not {expected}")]
    Cell {
        /// Where.
        place: Place,
        /// What stands there.
        given: String,
        /// What should.
        expected: &'static str,
    },
    /// Two lines that contradict each other.
    #[error("{place}: {what} stands on an earlier line already")]
    Twice {
        /// The later line.
        place: Place,
        /// What stands twice.
        what: String,
    },
    /// A figure from the future.
    #[error("{place}: a figure for {date} cannot have been known on {as_of}")]
    FromTheFuture {
        /// Where.
        place: Place,
        /// What it is for.
        date: jiff::civil::Date,
        /// When it is said to have been known.
        as_of: jiff::civil::Date,
    },
    /// A task about something of which nothing was known.
    #[error("{place}: nothing is known of target `{target}` on {origin}")]
    UnknownTarget {
        /// The task.
        place: Place,
        /// Its target.
        target: String,
        /// Its origin.
        origin: jiff::civil::Date,
        /// Targets of the vintages.
        has: String,
    },
    /// The engine refused.
    #[error("{target} at {origin} cannot be forecast")]
    Refused {
        /// Target of the tasks.
        target: String,
        /// Their origin.
        origin: jiff::civil::Date,
        /// Why.
        #[source]
        source: levee_outlook::pooled::PanelRefusal,
    },
}

impl PackError {
    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Unreadable { place, .. } if place.line > 0 => {
                format!("mend the line after line {}, or copy the file again: it may be cut", place.line)
            }
            Self::Unreadable { .. } => "check the path, and that the file was copied whole".into(),
            Self::NoVintages { .. } => {
                "name the folder of one pack (not the folder above); final truth alone does not say what was known when"
                    .into()
            }
            Self::NoColumn { has, .. } => format!("name the column so in the first line; the file has {has}"),
            Self::Cell { expected, .. } => format!("write {expected}"),
            Self::Twice { .. } => "keep one of the two lines".into(),
            Self::FromTheFuture { .. } => "correct the date or `as_of`".into(),
            Self::UnknownTarget { has, .. } => format!(
                "tasks and vintages name a target alike but for the first word (`wk inc case`, `day inc case`), and a \
                 forecast needs a vintage of its origin or earlier; the vintages hold {has}"
            ),
            Self::Refused { source, .. } => source.hint().to_owned(),
        }
    }
}

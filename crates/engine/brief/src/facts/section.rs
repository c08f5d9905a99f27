//! A part of the plan as it is read: what it finds, two to four lines, one table.

use crate::facts::{Arg, Message, Origin, Words};
use serde::{Deserialize, Serialize};

/// A part of the plan: what changed, openings, rooms, tests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanSection {
    /// Which part, by its stable name: `changed`, `decided`, `openings`, `rooms`, `testing`, `runs`.
    pub part: String,
    /// What it finds, in one sentence without a full stop.
    pub title: Message,
    /// Two to four lines that say what matters.
    pub lines: Vec<Message>,
    /// The rows behind them, if there are any.
    pub table: Option<SectionTable>,
    /// What it rests on.
    pub origin: Origin,
}

/// A table of a part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SectionTable {
    /// Its columns.
    pub columns: Vec<SectionColumn>,
    /// Its rows, a cell for each column; `None` = not known, which is not zero.
    pub rows: Vec<Vec<Option<Arg>>>,
    /// Rows that the table leaves out; the plan itself has them.
    pub left_out: u64,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionColumn {
    /// Its head.
    pub name: Words,
    /// Whether it holds figures.
    pub figures: bool,
    /// How wide it is, beside the others.
    pub width: u32,
}

impl SectionColumn {
    /// A column of text.
    pub fn text(zh: &str, en: &str, width: u32) -> Self {
        Self { name: Words::new(zh, en), figures: false, width }
    }
    /// A column of figures.
    pub fn figures(zh: &str, en: &str, width: u32) -> Self {
        Self { name: Words::new(zh, en), figures: true, width }
    }
}

//! The next two days: who does what where by when; restrictions and areas of high risk with their clocks.

use super::{Figure, Message, Origin, Words};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// What the timetable says of the hours to come. Every figure of it is of the moment of the brief.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timetable {
    /// Up to when it looks ahead.
    pub until: DateTime,
    /// Lines overdue now.
    pub overdue: u64,
    /// Lines due from now to then.
    pub due: u64,
    /// Lines of both that nobody stands behind.
    pub unowned: u64,
    /// Lines that are only proposed and whose time lies in those hours; people decide them.
    pub proposed: u64,
    /// By district and section, what is overdue most first.
    pub posts: Vec<PostLine>,
    /// Posts that are not listed.
    pub posts_left_out: u64,
    /// The most pressing lines.
    pub rows: Vec<DueLine>,
    /// Lines overdue or due that are not listed.
    pub rows_left_out: u64,
    /// Restrictions that are not over, and those that ended on the day.
    pub measures: Vec<MeasureLine>,
    /// Proposed areas of high risk; unknown without a rulebook.
    pub zones: Figure<Vec<ZoneLine>>,
    /// Worst origin of its lines.
    pub origin: Origin,
}

/// A section of a district.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostLine {
    /// The district, or the city.
    pub district: Words,
    /// The section.
    pub section: Words,
    /// Overdue.
    pub overdue: u64,
    /// Due.
    pub due: u64,
    /// Of both, nobody stands behind them.
    pub unowned: u64,
    /// Hours for which the oldest is late.
    pub oldest_hours: Option<u64>,
}

/// A line of the timetable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DueLine {
    /// What, with how many.
    pub what: Words,
    /// Where.
    pub place: Words,
    /// The section.
    pub section: Words,
    /// Who; `None` = nobody, which is a finding.
    pub owner: Option<Words>,
    /// By when.
    pub due: DateTime,
    /// Hours for which it is late; of several lines the longest.
    pub late_hours: Option<f64>,
    /// Lines of the timetable that stand together here: the same work at the same place.
    pub lines: u64,
    /// Whether it is life-saving care.
    pub life_saving: bool,
    /// What it rests on.
    pub origin: Origin,
}

/// A restriction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasureLine {
    /// Where.
    pub place: Words,
    /// What.
    pub what: Words,
    /// How it stands: `live`, `suspended`, `planned`, `done`.
    pub state: String,
    /// What must be known beside it.
    pub note: Option<Words>,
    /// When somebody looks again.
    pub review: Option<DateTime>,
    /// Whether that is late.
    pub review_late: bool,
    /// When it ends by itself.
    pub end: DateTime,
    /// Who decided it.
    pub owner: Option<Words>,
    /// What it rests on.
    pub origin: Origin,
}

/// A proposed area of high risk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ZoneLine {
    /// Where.
    pub place: Words,
    /// Since when.
    pub since: Date,
    /// Clear days since the last infection.
    pub days_clear: u64,
    /// Days that the rules ask for; `None` = no rule in force says.
    pub days_needed: Option<u64>,
    /// When they are complete.
    pub complete_on: Option<Date>,
    /// Whether it waits for an all-negative closing round.
    pub waits_for_round: bool,
    /// When it may be released.
    pub released_on: Option<Date>,
}

/// What briefs say that were issued before there was a timetable.
pub(crate) fn not_computed() -> Figure<Timetable> {
    Figure::unknown(Message::new("not_computed"))
}

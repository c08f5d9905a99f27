//! What the timetable and the map hold.

use crate::facts::{Origin, Words};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// A moment: exact, and as the city's clocks show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct At {
    /// Exact.
    pub utc: Timestamp,
    /// In the city's calendar.
    pub local: DateTime,
}

/// Where a row comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Something owed, or closed on the day.
    Obligation,
    /// An order under way, or over with what was due on the day.
    Order,
    /// A restriction, from its start to its end.
    Measure,
    /// The review of one that is not over.
    Review,
    /// An appeal that nobody has decided.
    Appeal,
    /// A proposed area of high risk, or its release.
    Zone,
    /// A site that the plan opens; it must be decided by the first day of preparing.
    Opening,
    /// A site that the plan closes.
    Closing,
    /// Isolation rooms that the plan opens.
    Rooms,
    /// People whom the plan moves to one facility.
    Transfers,
    /// A vehicle's run.
    Run,
    /// Teams at a sampling site.
    Team,
    /// The settlement of the day's books.
    Settlement,
}

impl Source {
    /// All of them, in the order in which they are read.
    pub const ALL: [Self; 13] = [
        Self::Obligation,
        Self::Order,
        Self::Measure,
        Self::Review,
        Self::Appeal,
        Self::Zone,
        Self::Opening,
        Self::Closing,
        Self::Rooms,
        Self::Transfers,
        Self::Run,
        Self::Team,
        Self::Settlement,
    ];

    /// Whether it is only proposed: people decide (law 10).
    pub fn is_proposal(self) -> bool {
        matches!(
            self,
            Self::Zone | Self::Opening | Self::Closing | Self::Rooms | Self::Transfers | Self::Run | Self::Team
        )
    }
}

/// How a row stands at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Its time is over and it is not done.
    Overdue,
    /// To be done.
    Owed,
    /// In force.
    Live,
    /// Suspended: people are free, services go on.
    Suspended,
    /// Proposed, or not begun.
    Planned,
    /// Done, or over.
    Done,
}

impl State {
    /// All of them, in the order in which they are read.
    pub const ALL: [Self; 6] = [Self::Overdue, Self::Owed, Self::Live, Self::Suspended, Self::Planned, Self::Done];
}

/// Who answers for a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Owner {
    /// The person of the city's register.
    pub person: String,
    /// Their name there.
    pub name: Words,
    /// How they came to it: `given`, or as the roster says: `rostered`, `took_over`, `by_role`, `headquarters`.
    pub how: String,
}

/// One line of the timetable: who does what where by when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Where it comes from.
    pub source: Source,
    /// The id of what it comes from; for a plan its name, then what in it.
    pub id: String,
    /// How it stands.
    pub state: State,
    /// What is done.
    pub what: Words,
    /// How many, and of what.
    pub units: Option<(u64, Words)>,
    /// The section that it belongs to.
    pub section: String,
    /// Who answers for it; `None` = nobody, which is a finding.
    pub owner: Option<Owner>,
    /// The district's code; the city's for what concerns the whole of it.
    pub district: String,
    /// The narrowest place, by code or id.
    pub place: String,
    /// Its name.
    pub place_name: Words,
    /// From when.
    pub from: Option<At>,
    /// By when it must be done, or until when it runs.
    pub until: At,
    /// Minutes for which it is late.
    pub late_minutes: Option<u64>,
    /// Whether it is life-saving care: it stands before everything else.
    pub life_saving: bool,
    /// What it rests on.
    pub origin: Origin,
    /// What a reader must know beside it: why it is suspended, how a zone's clock stands, what comes next.
    pub note: Option<Words>,
}

/// Why something has no line in the timetable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyUnplaced {
    /// No moment is known by which it is done.
    NoTime,
    /// The place is not known to the city.
    NoPlace,
    /// Infections are known by a place that is too wide: no area may be drawn.
    TooCoarse,
    /// Whether the place calls for an area must be assessed by people first.
    ToAssess,
}

/// Something that has no line, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unplaced {
    /// Where it comes from.
    pub source: Source,
    /// Its id.
    pub id: String,
    /// What it is.
    pub what: Words,
    /// The district, where it is known.
    pub district: Option<String>,
    /// Why it has no line.
    pub why: WhyUnplaced,
}

/// What became of everything found in one source: `found = rows + unplaced + filtered`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Found.
    pub found: u64,
    /// Lines of the timetable.
    pub rows: u64,
    /// Without a line, each with its reason.
    pub unplaced: u64,
    /// Left out because another district or section was asked for.
    pub filtered: u64,
}

/// What a feature of the map is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeatureKind {
    /// A district, with what is due in it.
    District,
    /// A proposed area of high risk.
    Zone,
    /// A restriction.
    Measure,
    /// A facility.
    Site,
    /// An open obligation.
    Task,
}

/// Why a feature has no geometry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoGeometry {
    /// The city has neither outline nor point of the place. The point of the district around it would put it where it is not.
    PlaceNotDrawn,
    /// It is about one person, who is not put on a map.
    OnePerson,
    /// It concerns the whole city.
    WholeCity,
}

/// The clock of a zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneClock {
    /// Since when.
    pub since: Date,
    /// The last infection in it.
    pub last_infection: Date,
    /// Days clear since then.
    pub days_clear: i64,
    /// Days that the rules ask for; `None` = no rule in force says.
    pub days_needed: Option<i64>,
    /// The day on which they are complete.
    pub complete_on: Option<Date>,
    /// Whether it waits for an all-negative closing round.
    pub waits_for_round: bool,
    /// The day of its release, when its condition holds.
    pub released_on: Option<Date>,
}

/// One thing on the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Feature {
    /// What it is.
    pub kind: FeatureKind,
    /// The id of what it comes from.
    pub id: String,
    /// Its name.
    pub name: Words,
    /// The place, by code or id.
    pub place: String,
    /// The district's code.
    pub district: String,
    /// The section that it belongs to.
    pub section: Option<String>,
    /// Who answers for it.
    pub owner: Option<Owner>,
    /// How it stands.
    pub state: Option<State>,
    /// From when.
    pub from: Option<At>,
    /// By when, or until when.
    pub until: Option<At>,
    /// What it rests on.
    pub origin: Origin,
    /// What only its kind has: beds by level, ground, review, clock, counts.
    pub more: BTreeMap<String, Value>,
    /// Its geometry (RFC 7946), or why it has none.
    pub geometry: Result<Value, NoGeometry>,
}

/// The city's time zone, as a calendar needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeZoneFacts {
    /// Its IANA name.
    pub id: String,
    /// Its offset east of UTC in seconds, if it is the same over everything in the timetable; `None` where clocks change within it.
    pub fixed_offset: Option<i32>,
}

/// What could not go in at all, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotInBooks {
    /// What.
    pub what: Words,
    /// Why, and what would mend it.
    pub why: Words,
}

/// The operations map and timetable of a city at a moment, as known then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operations {
    /// The city's name.
    pub city: Words,
    /// Its code.
    pub city_code: String,
    /// The moment; nothing that became known later went in.
    pub at: At,
    /// The city's time zone.
    pub zone: TimeZoneFacts,
    /// Whether a past outbreak is run again.
    pub replay: bool,
    /// The plan that it rests on, by name.
    pub plan: Option<String>,
    /// The rulebook that zones rest on.
    pub rulebook: Option<String>,
    /// The district that was asked for, by code.
    pub district: Option<String>,
    /// The section that was asked for.
    pub section: Option<String>,
    /// Names of the districts (and of the city) by code.
    pub districts: BTreeMap<String, Words>,
    /// Names of the sections.
    pub sections: BTreeMap<String, Words>,
    /// The lines: life-saving care first, then what is overdue the longest, then by time.
    pub rows: Vec<Row>,
    /// What has no line, and why.
    pub unplaced: Vec<Unplaced>,
    /// What became of everything found.
    pub tally: BTreeMap<Source, Tally>,
    /// What could not go in at all.
    pub missing: Vec<NotInBooks>,
    /// The map.
    pub features: Vec<Feature>,
}

impl Row {
    /// Where it stands among the others: overdue and life-saving care first, what is over last.
    /// Ids come last: they are new whenever a command is given again, and the order of equal lines must not hang on that.
    fn order(&self) -> (u8, bool, At, &Source, [&str; 3], u64, &str) {
        let group = match self.state {
            State::Overdue => 0,
            State::Done => 2,
            _ => 1,
        };
        let units = self.units.as_ref().map_or(0, |(units, _)| *units);
        let names = [self.district.as_str(), self.place.as_str(), self.what.zh.as_str()];
        (group, !self.life_saving, self.until, &self.source, names, units, &self.id)
    }

    /// Whether nobody stands behind it: no owner, or only the headquarters, on whom everything falls for which nobody is on duty.
    pub fn is_unowned(&self) -> bool {
        let falls = |owner: &Owner| owner.how == "headquarters" && self.section != "headquarters";
        self.owner.as_ref().is_none_or(falls)
    }

    /// Whether it is still to be done or running.
    pub fn is_open(&self) -> bool {
        self.state != State::Done
    }

    /// Whether it is a task: somebody has to do it by its time. What is only proposed waits for a decision instead.
    pub fn is_task(&self) -> bool {
        matches!(self.state, State::Owed | State::Overdue)
    }
}

impl Operations {
    /// The lines in their order, and the tally of rows and unplaced things from what is there.
    pub fn settle(&mut self) {
        self.rows.sort_by(|a, b| a.order().cmp(&b.order()));
        self.unplaced.sort_by(|a, b| (a.source, &a.id).cmp(&(b.source, &b.id)));
        self.features.sort_by(|a, b| (a.kind, &a.id).cmp(&(b.kind, &b.id)));
    }

    /// Only what concerns a district, a section or both. What concerns the whole city stays with every district's choice of section
    /// alone; a district sees its own.
    #[must_use]
    pub fn only(mut self, district: Option<&str>, section: Option<&str>) -> Self {
        let fits = |of_district: Option<&str>, of_section: Option<&str>| {
            district.is_none_or(|wanted| of_district == Some(wanted))
                && section.is_none_or(|wanted| of_section == Some(wanted))
        };
        self.rows.retain(|row| fits(Some(&row.district), Some(&row.section)));
        // What has no line belongs to no section: it is left out only by a district that is surely another.
        self.unplaced.retain(|one| district.is_none_or(|wanted| one.district.as_deref().is_none_or(|of| of == wanted)));
        self.features.retain(|one| match one.kind {
            FeatureKind::District => district.is_none_or(|wanted| one.district == wanted),
            _ => fits(Some(&one.district), one.section.as_deref()),
        });
        for (source, tally) in &mut self.tally {
            tally.rows = self.rows.iter().filter(|row| row.source == *source).count() as u64;
            tally.unplaced = self.unplaced.iter().filter(|one| one.source == *source).count() as u64;
            tally.filtered = tally.found.saturating_sub(tally.rows).saturating_sub(tally.unplaced);
        }
        (self.district, self.section) = (district.map(str::to_owned), section.map(str::to_owned));
        self
    }

    /// Open lines that nobody stands behind.
    pub fn unowned(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.is_open() && row.is_unowned())
    }

    /// Lines that are overdue.
    pub fn overdue(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.state == State::Overdue)
    }

    /// Whether anything rests on invented rows, and whether not everything does: then each such line is marked.
    pub fn synthetic(&self) -> (bool, bool) {
        let of = |wanted: bool| self.rows.iter().any(|row| (row.origin == Origin::Synthetic) == wanted);
        (of(true), of(true) && of(false))
    }
}

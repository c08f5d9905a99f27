//! Who answers for what, at any hour: the roster, and who stands in where it has a gap.

use crate::catalogue::{Ladder, Post};
use crate::obligation::Section;
use crate::place::AreaPath;
use jiff::Timestamp;
use levee_model::area::Level;
use levee_model::ids::PersonId;
use levee_model::person::{Person, Role};
use serde::{Deserialize, Serialize};

/// Somebody is on duty for a section of an area, for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// The code of the area.
    pub area: String,
    /// The section.
    pub section: Section,
    /// From when.
    pub from: Timestamp,
    /// Until when, not included.
    pub until: Timestamp,
    /// Who.
    pub person: PersonId,
    /// Who stands in for them.
    pub deputy: Option<PersonId>,
}

/// How somebody came to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The roster names them.
    Rostered,
    /// They took over.
    TookOver,
    /// The roster has a gap: they lead the section or coordinate the district by their role.
    ByRole,
    /// Nobody else is named: headquarters answers.
    Headquarters,
}

/// Who answers for a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyOwner {
    /// Who.
    pub person: PersonId,
    /// Who stands in for them.
    pub deputy: Option<PersonId>,
    /// How they came to it.
    pub how: How,
    /// The code of the area whose post it is.
    pub area: String,
}

/// Somebody took a post over from somebody else, with a signed list of what was open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenOver {
    /// The code of the area.
    pub area: String,
    /// The section.
    pub section: Section,
    /// When.
    pub at: Timestamp,
    /// Who answers from then on, until the shift of the one before ends.
    pub by: PersonId,
}

/// Everybody who may answer.
#[derive(Clone, Debug, Default)]
pub struct Duties {
    /// The roster.
    pub shifts: Vec<Shift>,
    /// Who took over, oldest first.
    pub taken_over: Vec<TakenOver>,
    /// Who has which role.
    pub people: Vec<Person>,
}

const LEVELS: [Level; 8] = [
    Level::City,
    Level::District,
    Level::Subdistrict,
    Level::Community,
    Level::Compound,
    Level::Building,
    Level::Unit,
    Level::Household,
];

/// The code of the area of a level on a path; the lowest there is when the path ends before it.
pub fn area_at(path: &AreaPath, level: Level) -> &str {
    let depth = LEVELS.iter().position(|known| *known == level).unwrap_or(0);
    path.codes().take(depth + 1).last().unwrap_or_default()
}

impl Duties {
    /// Who answers for a section of an area at a moment; none only in a city without any commander or lead.
    ///
    /// The roster of the area itself, then of the areas above it; then roles: the coordinator of the district, the lead of
    /// the section; then headquarters. So every post has somebody at every hour, and a gap shows by how they came to it.
    pub fn owner(&self, path: &AreaPath, section: &Section, at: Timestamp) -> Option<DutyOwner> {
        let areas: Vec<&str> = path.codes().collect();
        for area in areas.iter().rev() {
            if let Some(owner) = self.rostered(area, section, at) {
                return Some(owner);
            }
        }
        let by = |how, area: &str, person: &Person| DutyOwner {
            person: person.id.clone(),
            deputy: None,
            how,
            area: area.to_owned(),
        };
        for area in areas.iter().skip(1).rev() {
            let coordinates = |person: &&Person| {
                person.role == Role::Coordinator && person.area.as_ref().is_some_and(|code| code.as_str() == *area)
            };
            if let Some(person) = self.people.iter().find(coordinates) {
                return Some(by(How::ByRole, area, person));
            }
        }
        let city = areas.first().copied().unwrap_or_default();
        let leads =
            |person: &&Person| person.role == Role::SectionLead && person.section.as_deref() == Some(section.as_str());
        if let Some(person) = self.people.iter().find(leads) {
            return Some(by(How::ByRole, city, person));
        }
        let commands = |person: &&Person| person.role == Role::Commander;
        self.people.iter().find(commands).map(|person| by(How::Headquarters, city, person))
    }

    fn rostered(&self, area: &str, section: &Section, at: Timestamp) -> Option<DutyOwner> {
        // A shift entered later stands before one entered earlier that it overlaps.
        let covers =
            |shift: &&Shift| shift.area == area && shift.section == *section && shift.from <= at && at < shift.until;
        let shift = self.shifts.iter().rev().find(covers)?;
        let took =
            |one: &&TakenOver| one.area == area && one.section == *section && shift.from <= one.at && one.at <= at;
        Some(match self.taken_over.iter().rev().find(took) {
            Some(one) => DutyOwner {
                person: one.by.clone(),
                deputy: shift.deputy.clone().filter(|deputy| *deputy != one.by),
                how: How::TookOver,
                area: area.to_owned(),
            },
            None => DutyOwner {
                person: shift.person.clone(),
                deputy: shift.deputy.clone(),
                how: How::Rostered,
                area: area.to_owned(),
            },
        })
    }

    /// Who is asked about something overdue: the step of the ladder that it stands on, and who answers there now.
    pub fn asked(&self, ladder: &Ladder, path: &AreaPath, due: Timestamp, now: Timestamp) -> Option<Asked> {
        let overdue = u64::try_from(now.duration_since(due).as_mins()).ok()?;
        let (rung, post) = ladder.rung(overdue)?;
        let section = post.section.parse().ok()?;
        let above = above(path, post);
        Some(Asked { rung, post: post.clone(), owner: self.owner(&above, &section, now)? })
    }
}

/// The path down to the level of a post.
fn above(path: &AreaPath, post: &Post) -> AreaPath {
    let depth = LEVELS.iter().position(|known| *known == post.level).unwrap_or(0);
    let mut at = path.clone();
    while at.codes().count() > depth + 1 {
        match at.parent() {
            Some(parent) => at = parent,
            None => break,
        }
    }
    at
}

/// Who is asked about something overdue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The step of the ladder, from 1.
    pub rung: usize,
    /// The post.
    pub post: Post,
    /// Who answers there now.
    pub owner: DutyOwner,
}

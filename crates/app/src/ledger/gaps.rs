//! Hours of a day for which the roster names nobody.

use super::desk::Desk;
use crate::catalogue::sections;
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};
use levee_ledger::duty::How;
use levee_ledger::{AreaPath, Section};
use levee_model::ids::PersonId;

/// Hours in a row for which the roster names nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Where: the city, or a district.
    pub area: AreaPath,
    /// Whose post.
    pub section: Section,
    /// From when.
    pub from: Timestamp,
    /// Until when, not included.
    pub until: Timestamp,
    /// Who stands in, and by what; none when nobody at all answers.
    pub stands_in: Option<(PersonId, How)>,
}

/// Whether the roster has nobody.
pub fn is_gap(how: How) -> bool {
    matches!(how, How::ByRole | How::Headquarters)
}

/// The gaps of a day, and how many hours were looked at: every district, section and hour.
pub fn gaps(desk: &Desk, day: Date) -> (Vec<Gap>, u64) {
    let begins = desk.calendar.moment(day.to_datetime(Time::midnight()));
    let (Some(begins), Some(ends)) = (begins, desk.calendar.end_of(day)) else { return (vec![], 0) };
    let sections: Vec<Section> =
        sections(&desk.catalogue).into_iter().filter_map(|section| section.parse().ok()).collect();
    let codes = std::iter::once(desk.places.city()).chain(desk.places.districts().map(|area| &area.code));
    let (mut gaps, mut looked): (Vec<Gap>, u64) = (Vec::new(), 0);
    for area in codes.filter_map(|code| super::path_of(&desk.places, code)) {
        for section in &sections {
            let mut hour = begins;
            let mut running = false;
            while hour < ends {
                looked += 1;
                let next = hour.checked_add(SignedDuration::from_hours(1)).unwrap_or(ends).min(ends);
                let owner = desk.duties.owner(&area, section, hour);
                let gap = owner.as_ref().is_none_or(|owner| is_gap(owner.how));
                let stands_in = owner.map(|owner| (owner.person, owner.how));
                match gaps.last_mut() {
                    Some(last) if gap && running && last.stands_in == stands_in => last.until = next,
                    _ if gap => {
                        let (area, section) = (area.clone(), section.clone());
                        gaps.push(Gap { area, section, from: hour, until: next, stands_in });
                    }
                    _ => {}
                }
                running = gap;
                hour = next;
            }
        }
    }
    (gaps, looked)
}

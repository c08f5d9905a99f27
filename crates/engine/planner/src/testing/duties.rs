//! Whom a rule obliges to be tested on the plan's day: people by the day on which their period began, tested on stated days.

use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::plan::testing::{Duty, DutyId, HourSpan, TestClass};
use levee_model::provenance::Origin;
use levee_model::quantity::Persons;

/// People of one district whose period (quarantine, area, post) began on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// Where they are.
    pub district: PlaceCode,
    /// The day on which it began: day 1 of the rule is the day after it.
    pub since: Date,
    /// How many.
    pub people: Persons,
    /// Of these, exempt, refusing or already sampled on the plan's day.
    pub resolved: Persons,
    /// What the figures rest on.
    pub origin: Origin,
}

/// A rule's test days and what it promises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The rule's id, such as `cn.contact.close`.
    pub rule: String,
    /// The class.
    pub class: TestClass,
    /// On which days of the period, 1 = the first day after it began. [1, 2, 3, 5] for contacts from 11 November 2022.
    pub days: Vec<u16>,
    /// Whether a team comes to the door.
    pub at_door: bool,
    /// Hours in which they may be sampled.
    pub window: HourSpan,
    /// Promised minutes to the result.
    pub promise_minutes: u32,
}

impl Schedule {
    /// The duties of one day. Cohorts of one district and start are summed; who is not due on that day makes none.
    pub fn duties(&self, on: Date, cohorts: &[Cohort]) -> Vec<Duty> {
        let mut due: Vec<&Cohort> = cohorts.iter().filter(|c| self.is_due(on, c.since)).collect();
        due.sort_by(|a, b| (&a.district, a.since).cmp(&(&b.district, b.since)));
        due.chunk_by(|a, b| (&a.district, a.since) == (&b.district, b.since))
            .filter_map(|same| {
                let first = same.first()?;
                let id = format!("{}-{}-{}", self.rule, first.district, first.since);
                Some(Duty {
                    // A name too long or with odd letters is cut down to what an id may hold.
                    id: id.parse().or_else(|_| short(&id).parse::<DutyId>()).ok()?,
                    district: first.district.clone(),
                    site: None,
                    class: self.class,
                    at_door: self.at_door,
                    people: same.iter().map(|c| c.people).sum(),
                    resolved: same.iter().map(|c| c.resolved).sum(),
                    window: self.window,
                    promise_minutes: self.promise_minutes,
                    priority: 1,
                    ground: self.rule.clone(),
                    origin: same.iter().fold(Origin::Reported, |worst, c| worst.and(c.origin)),
                })
            })
            .collect()
    }

    fn is_due(&self, on: Date, since: Date) -> bool {
        let days = (on - since).get_days();
        u16::try_from(days).is_ok_and(|day| day > 0 && self.days.contains(&day))
    }
}

/// The end of a name, which holds district and day, in letters that an id may have.
fn short(id: &str) -> String {
    let clean: Vec<char> =
        id.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' }).collect();
    clean[clean.len().saturating_sub(64)..].iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn contacts_are_tested_on_the_stated_days_and_refusals_are_not_planned() {
        let schedule = Schedule {
            rule: "cn.contact.close".to_owned(),
            class: TestClass::Contact,
            days: vec![1, 2, 3, 5],
            at_door: false,
            window: HourSpan { from: 7, until: 19 },
            promise_minutes: 720,
        };
        let cohort = |since, people, resolved| Cohort {
            district: "500103".parse().unwrap(),
            since,
            people: Persons::new(people),
            resolved: Persons::new(resolved),
            origin: Origin::Reported,
        };
        let cohorts = [
            cohort(date(2022, 11, 18), 40, 3),
            cohort(date(2022, 11, 19), 50, 0),
            cohort(date(2022, 11, 22), 7, 0),
            cohort(date(2022, 11, 22), 5, 1),
            cohort(date(2022, 11, 23), 9, 0),
        ];
        let duties = schedule.duties(date(2022, 11, 23), &cohorts);
        let said: Vec<_> = duties.iter().map(|d| (d.id.as_str(), d.people.get(), d.resolved.get())).collect();
        // Day 5 and day 1 are due; day 4 and the first day itself are not.
        assert_eq!(
            said,
            [("cn.contact.close-500103-2022-11-18", 40, 3), ("cn.contact.close-500103-2022-11-22", 12, 1)]
        );
    }
}

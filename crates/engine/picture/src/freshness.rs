//! How old each office's figures are, and which office sends far less than it used to.

use crate::figure::hours_between;
use crate::{Facts, Moment};
use jiff::civil::{Date, DateTime};
use levee_model::ids::OfficeId;
use std::collections::BTreeMap;

/// An office and how often it reports a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Office {
    /// The office.
    pub id: OfficeId,
    /// Chinese and English name.
    pub name: (String, String),
    /// Tables it reports.
    pub tables: Vec<String>,
    /// Hours between its reports, if it keeps a rhythm.
    pub cadence_hours: Option<u64>,
    /// Hours after which its latest figure counts as old.
    pub age_limit_hours: Option<u64>,
}

/// Rows received for one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// The table.
    pub table: String,
    /// The office.
    pub office: OfficeId,
    /// The day the rows speak of.
    pub day: Date,
    /// How many.
    pub rows: u64,
}

/// Far less than on the same weekday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drop {
    /// The day.
    pub day: Date,
    /// Rows of that day.
    pub rows: u64,
    /// Median of the same weekday in the weeks before.
    pub usual: u64,
}

/// How old an office's figures in one table are.
#[derive(Clone, Debug, PartialEq)]
pub struct Age {
    /// The office.
    pub office: OfficeId,
    /// The table.
    pub table: String,
    /// The end of the last thing it spoke of; `None` = it never reported.
    pub last: Option<DateTime>,
    /// Hours since then.
    pub age_hours: Option<f64>,
    /// Hours after which it counts as old.
    pub limit_hours: Option<u64>,
    /// Its latest day brought far fewer rows than the same weekday used to.
    pub drop: Option<Drop>,
}

impl Age {
    /// Older than its limit.
    pub fn is_old(&self) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "hours lie far below 2^52")]
        self.age_hours.zip(self.limit_hours).is_some_and(|(age, limit)| age > limit as f64)
    }
}

/// A day with fewer rows than this share of the usual number alarms. England lost 15,841 results in 2020 while its feed
/// still delivered every day: half of the usual is far outside what weekdays do, and small enough to be seen the same day.
const FAR_LESS: f64 = 0.5;
/// Same weekdays looked back at; the alarm needs at least two of them.
const WEEKS: usize = 4;

fn drop_of(days: &BTreeMap<Date, u64>) -> Option<Drop> {
    let (day, rows) = days.last_key_value()?;
    let mut same_weekday: Vec<&u64> = Vec::new();
    let mut before = *day;
    for _ in 0..WEEKS {
        before = before.checked_sub(jiff::Span::new().days(7)).ok()?;
        same_weekday.extend(days.get(&before));
    }
    if same_weekday.len() < 2 {
        return None;
    }
    same_weekday.sort();
    let usual = *same_weekday[same_weekday.len() / 2];
    #[expect(clippy::cast_precision_loss, reason = "rows lie far below 2^52")]
    let far_less = (*rows as f64) < FAR_LESS * usual as f64;
    far_less.then_some(Drop { day: *day, rows: *rows, usual })
}

pub(crate) fn ages(moment: Moment, facts: &Facts) -> Vec<Age> {
    let mut last: BTreeMap<(OfficeId, &str), DateTime> = BTreeMap::new();
    let mut seen = |office: &OfficeId, table: &'static str, at: DateTime| {
        let slot = last.entry((office.clone(), table)).or_insert(at);
        *slot = (*slot).max(at);
    };
    for report in &facts.infections {
        seen(&report.provenance.office, "infections", report.period.end());
    }
    for statement in &facts.statements {
        seen(&statement.provenance.office, "statements", statement.at.min(moment.as_known_at));
    }
    for status in &facts.statuses {
        seen(&status.provenance.office, "facility_status", status.at.min(moment.as_known_at));
    }
    let mut volumes: BTreeMap<(&OfficeId, &str), BTreeMap<Date, u64>> = BTreeMap::new();
    // The day of the meeting is not over: its rows are still coming in.
    for volume in facts.volumes.iter().filter(|volume| volume.day < moment.day) {
        let days = volumes.entry((&volume.office, volume.table.as_str())).or_default();
        *days.entry(volume.day).or_default() += volume.rows;
    }
    let mut ages = Vec::new();
    for office in &facts.offices {
        // Only tables whose figures grow old in the picture; registers and events are looked up, not awaited.
        for table in
            office.tables.iter().filter(|t| ["infections", "statements", "facility_status"].contains(&t.as_str()))
        {
            let at = last.get(&(office.id.clone(), table.as_str())).copied();
            ages.push(Age {
                office: office.id.clone(),
                table: table.clone(),
                last: at,
                age_hours: at.map(|at| hours_between(at, moment.as_known_at)),
                limit_hours: office.age_limit_hours,
                drop: volumes.get(&(&office.id, table.as_str())).and_then(drop_of),
            });
        }
    }
    ages
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn week_of(rows: [u64; 4]) -> BTreeMap<Date, u64> {
        let days = [date(2022, 10, 28), date(2022, 11, 4), date(2022, 11, 11), date(2022, 11, 18)];
        days.into_iter().zip(rows).collect()
    }

    #[test]
    fn half_of_the_usual_alarms_the_same_day() {
        assert_eq!(drop_of(&week_of([40, 41, 39, 38])), None);
        let alarm = drop_of(&week_of([40, 41, 39, 19]));
        assert_eq!(alarm, Some(Drop { day: date(2022, 11, 18), rows: 19, usual: 40 }));
    }

    #[test]
    fn two_weeks_are_too_few_to_say() {
        let days = [(date(2022, 11, 11), 40), (date(2022, 11, 18), 1)].into_iter().collect();
        assert_eq!(drop_of(&days), None);
    }
}

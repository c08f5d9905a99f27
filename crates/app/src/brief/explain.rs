//! Why the outlook changed, in the brief.

use super::plan::unknown;
use super::words::Names;
use crate::day::Day;
use levee_brief::facts::{Arg, Change, DriverShare, Explanation, Figure, Message};
use levee_outlook::explain::{self, Driver};

fn name(driver: Driver) -> Message {
    Message::new(match driver {
        Driver::Method => "driver.method",
        Driver::Revisions => "driver.revisions",
        Driver::Expected => "driver.expected",
        Driver::Weekday => "driver.weekday",
        Driver::Level => "driver.level",
        Driver::Growth => "driver.growth",
        Driver::Lists => "driver.lists",
        Driver::Chance => "driver.chance",
    })
}

fn change(one: &explain::Change, names: &Names<'_>) -> Change {
    Change {
        place: names.place(&one.place),
        before: one.before,
        after: one.after,
        drivers: one
            .drivers
            .iter()
            .map(|(driver, people)| DriverShare { name: name(*driver), people: *people })
            .collect(),
        surprise: one.surprise.map(|(days, ratio)| {
            let percent = 100.0 * (ratio - 1.0);
            let code = if percent >= 0.0 { "explain.above" } else { "explain.below" };
            Message::new(code)
                .with("days", Arg::Count(u64::from(days)))
                .with("pct", Arg::Number { value: percent.abs(), decimals: 0 })
        }),
    }
}

pub(super) fn facts(day: &Day, names: &Names<'_>) -> Figure<Explanation> {
    let explained = match &day.explained {
        Ok(explained) => explained,
        Err(why) => return Figure::unknown(unknown(why)),
    };
    let found = &explained.explanation;
    let city = day.known.places.city();
    let last = found.from.saturating_add(jiff::Span::new().days(i64::try_from(explain::DAYS).unwrap_or(7) - 1));
    let mut districts: Vec<Change> =
        found.changes.iter().filter(|one| one.place != *city).map(|one| change(one, names)).collect();
    let size = |one: &Change| (one.after - one.before).abs();
    districts.sort_by(|a, b| size(b).total_cmp(&size(a)).then_with(|| a.place.code.cmp(&b.place.code)));
    Figure::derived(Explanation {
        against: explained.against,
        days: (found.from, last),
        city: found.changes.iter().find(|one| one.place == *city).map(|one| change(one, names)),
        districts,
        not_comparable: found.not_comparable.iter().map(|place| names.place(place)).collect(),
    })
}

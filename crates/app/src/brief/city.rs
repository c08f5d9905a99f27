//! The city's series in the brief.

use super::figures::{figure, of, people};
use super::words::Names;
use crate::day::Day;
use levee_brief::facts::{CityDay, CityFacts, CityPartDay, Figure, Message, SharePoint};
use levee_model::area::PlaceCode;
use levee_picture::{CityDay as SeenDay, Known};

/// The place whose community shares are shown: the one for which most are known; the city itself before a part of it.
fn share_place(day: &Day) -> PlaceCode {
    let city = day.known.places.city();
    let mut counts = std::collections::BTreeMap::new();
    for share in &day.picture.city.shares {
        *counts.entry(&share.place).or_insert(0u32) += 1;
    }
    let best = counts.iter().max_by_key(|(place, n)| (**n, **place == city));
    best.map_or_else(|| city.clone(), |(place, _)| (*place).clone())
}

pub(super) fn facts(day: &Day, names: &Names<'_>) -> CityFacts {
    let calendar = &day.known.calendar;
    let city = &day.picture.city;
    let area = share_place(day);
    // Days after the last one that could have been reported are not gaps: the series ends there.
    let last = city.days.iter().rposition(|d| d.new.value().is_some() || d.day < day.day);
    let one = |seen: &SeenDay| CityDay {
        day: seen.day,
        new: people(&seen.new, calendar),
        confirmed: people(&seen.confirmed, calendar),
        asymptomatic: people(&seen.asymptomatic, calendar),
        converted: people(&seen.converted, calendar),
        community: people(&seen.community, calendar),
        managed: people(&seen.managed, calendar),
    };
    let population = day.known.places.area(day.known.places.city()).and_then(|a| a.population);
    #[expect(clippy::cast_precision_loss, reason = "counts of people lie far below 2^52")]
    let per_100k = match (&city.seven_days, population) {
        (Known::Known(seven), Some(population)) if population.get() > 0 => {
            of(seven, seven.value.get() as f64 * 1e5 / population.get() as f64, calendar)
        }
        (Known::Unknown(why), _) => Figure::unknown(super::figures::reason(*why)),
        _ => Figure::unknown(Message::new("population_unknown")),
    };
    let shares = city.shares.iter().filter(|share| share.place == area);
    let elsewhere = city
        .shares
        .iter()
        .filter(|share| share.place != area && share.place != *day.known.places.city())
        .max_by_key(|share| share.day)
        .filter(|share| city.shares.iter().filter(|s| s.place == area).map(|s| s.day).max() == Some(share.day));
    CityFacts {
        days: city.days.iter().take(last.map_or(0, |nth| nth + 1)).map(one).collect(),
        part_day: city.part_day.as_ref().map(|part| CityPartDay {
            period: part.period,
            new: people(&part.new, calendar),
            same_hours_before: people(&part.same_hours_before, calendar),
        }),
        share_area: names.short(&area),
        community_share: shares
            .map(|share| SharePoint {
                day: share.day,
                percent: of(&share.percent, share.percent.value, calendar),
                counts: share.counts.map(|(found, all)| (found.get(), all.get())),
            })
            .collect(),
        community_share_elsewhere: elsewhere.map_or_else(
            || Figure::unknown(Message::new("not_stated")),
            |share| of(&share.percent, share.percent.value, calendar),
        ),
        seven_days: figure(&city.seven_days, calendar, |p| p.get()),
        seven_days_before: figure(&city.seven_days_before, calendar, |p| p.get()),
        seven_days_per_100k: per_100k,
    }
}

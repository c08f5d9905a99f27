//! District by district in the brief.

use super::figures::{figure, people};
use super::outlook::{growth_of, reproduction_of, standing_of};
use super::words::Names;
use crate::day::Day;
use levee_brief::facts::{DistrictFacts, DistrictRow, Figure, Message, Standing};

pub(super) fn facts(day: &Day, names: &Names<'_>) -> DistrictFacts {
    let calendar = &day.known.calendar;
    let districts = &day.picture.districts;
    let mut rows: Vec<DistrictRow> = districts
        .rows
        .iter()
        .map(|row| {
            let series = day.outlook.as_ref().ok().and_then(|outlook| outlook.of(&row.place));
            DistrictRow {
                place: names.place(&row.place),
                new: people(&row.new, calendar),
                per_100k: figure(&row.per_100k, calendar, |v| *v),
                community_pct: figure(&row.community_pct, calendar, |v| *v),
                incidence_7d: figure(&row.incidence_7d, calendar, |v| *v),
                reproduction: reproduction_of(series),
                growth_pct: growth_of(series),
                standing: standing_of(series, names),
            }
        })
        .collect();
    // Most infections first; those whose count is not known come after those that are, never as zero.
    rows.sort_by(|a, b| {
        let key = |row: &DistrictRow| std::cmp::Reverse(row.new.value().copied());
        key(a).cmp(&key(b)).then_with(|| a.place.code.cmp(&b.place.code))
    });
    let city = districts.period.map(|_| {
        let code = day.known.places.city();
        let population = day.known.places.area(code).and_then(|a| a.population);
        let new = people(&districts.city, calendar);
        #[expect(clippy::cast_precision_loss, reason = "counts of people lie far below 2^52")]
        let per_100k = match (districts.city.figure(), population) {
            (Some(seen), Some(p)) if p.get() > 0 => {
                super::figures::of(seen, seen.value.get() as f64 * 1e5 / p.get() as f64, calendar)
            }
            _ => Figure::unknown(Message::new("population_unknown")),
        };
        DistrictRow {
            place: names.place(code),
            new,
            per_100k,
            community_pct: Figure::unknown(Message::new("not_stated")),
            incidence_7d: Figure::unknown(Message::new("not_stated")),
            reproduction: reproduction_of(day.outlook.as_ref().ok().and_then(|outlook| outlook.of(code))),
            growth_pct: Figure::unknown(Message::new("not_computed")),
            standing: Standing::Own,
        }
    });
    DistrictFacts { period: districts.period, rows, city }
}

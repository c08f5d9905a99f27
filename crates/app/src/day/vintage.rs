//! What the outlook may read: counts as the picture of the day has them, and nothing later than the origin.

use jiff::civil::Date;
use levee_model::gazetteer::Gazetteer;
use levee_model::quantity::Persons;
use levee_model::report::Basis;
use levee_model::time::Period;
use levee_outlook::{Completeness, Observation, Series, Vintage};
use levee_picture::{Figure, Picture};

fn observation(period: Period, figure: &Figure<Persons>, community: Option<Persons>) -> Observation {
    Observation {
        period,
        new_infections: figure.value,
        community,
        origin: figure.origin,
        may_count_twice: figure.basis == Some(Basis::MayCountTwice),
    }
}

/// The last full day whose city count, or failing that whose district list, is known.
pub(super) fn origin(picture: &Picture) -> Option<Date> {
    let city = picture.city.last_known().map(|day| day.day);
    let districts = picture.districts.rows.iter().filter_map(|row| row.full_days.last_key_value().map(|(day, _)| *day));
    city.or_else(|| districts.max())
}

/// The vintage of a day.
pub(super) fn vintage(picture: &Picture, places: &Gazetteer, origin: Date, completeness: Completeness) -> Vintage {
    let mut series = vec![Series {
        place: places.city().clone(),
        population: places.area(places.city()).and_then(|a| a.population),
        observations: picture
            .city
            .days
            .iter()
            .filter(|day| day.day <= origin)
            .filter_map(|day| {
                let figure = day.new.figure()?;
                Some(observation(Period::full_day_of(day.day)?, figure, day.community.value().copied()))
            })
            .collect(),
    }];
    for row in &picture.districts.rows {
        let full = row
            .full_days
            .iter()
            .filter(|(day, _)| **day <= origin)
            .filter_map(|(day, figure)| Some(observation(Period::full_day_of(*day)?, figure, None)));
        // Parts of a day tell a district's share of the city, never a level.
        let parts = picture.districts.lists.iter().filter_map(|list| {
            list.period.part_day()?;
            let within = list.period.end() <= origin.tomorrow().ok()?.to_datetime(jiff::civil::Time::midnight());
            list.new.get(&row.place).filter(|_| within).map(|figure| observation(list.period, figure, None))
        });
        series.push(Series {
            place: row.place.clone(),
            population: places.area(&row.place).and_then(|a| a.population),
            observations: full.chain(parts).collect(),
        });
    }
    Vintage { origin, city: places.city().clone(), series, completeness }
}

/// Names a vintage: a digest of everything that an engine can read in it, row by row.
pub(super) fn digest(vintage: &Vintage) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut line = |text: String| {
        hasher.update(text.as_bytes());
        hasher.update(b"\n");
    };
    line(format!("{} {}", vintage.origin, vintage.city));
    for series in &vintage.series {
        line(format!("{} {:?}", series.place, series.population.map(Persons::get)));
        for o in &series.observations {
            let community = o.community.map(Persons::get);
            line(format!("{} {} {community:?} {:?} {}", o.period, o.new_infections.get(), o.origin, o.may_count_twice));
        }
    }
    line(format!("{:?}", vintage.completeness));
    hasher.finalize().to_hex().to_string()
}

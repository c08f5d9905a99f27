//! A city pack as the rolling examples read it: every count with the moment it became known.
#![allow(dead_code, reason = "each example uses its own part")]

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use levee_model::area::PlaceCode;
use levee_model::provenance::Origin;
use levee_model::quantity::Persons;
use levee_model::time::Period;
use levee_outlook::{Observation, Series, Vintage};
use std::collections::BTreeMap;
use std::error::Error;

type Failure = Box<dyn Error>;

/// A count with the moment it became known.
pub(crate) struct Row {
    pub(crate) place: PlaceCode,
    pub(crate) known_at: DateTime,
    pub(crate) observation: Observation,
}

pub(crate) struct Pack {
    pub(crate) city: PlaceCode,
    pub(crate) places: Vec<(PlaceCode, Option<Persons>)>,
    pub(crate) rows: Vec<Row>,
    /// Origins without 50 cases in their week are passed over.
    pub(crate) only_active: bool,
}

impl Pack {
    pub(crate) fn read(folder: &str) -> Result<Self, Failure> {
        let mut places = Vec::new();
        let mut city = None;
        for row in table(folder, "areas.csv")? {
            let code: PlaceCode = cell(&row, "code")?.parse()?;
            let population = cell(&row, "population")?.parse().ok().map(Persons::new);
            match cell(&row, "level")? {
                "city" => {
                    city = Some(code.clone());
                    places.insert(0, (code, population));
                }
                "district" => places.push((code, population)),
                _ => {}
            }
        }
        // Units listed apart are added to their district, see `vintage`; others are never added to anything.
        let mut apart = BTreeMap::new();
        for row in table(folder, "reporting_units.csv")? {
            if cell(&row, "kind")? == "apart" {
                apart.insert(cell(&row, "code")?.to_owned(), cell(&row, "within_code")?.parse::<PlaceCode>()?);
            }
        }
        let mut rows = Vec::new();
        for row in table(folder, "infections.csv")? {
            let number = |name: &str| -> Result<Option<u64>, Failure> { Ok(cell(&row, name)?.parse().ok()) };
            let (confirmed, asymptomatic) = (number("confirmed")?, number("asymptomatic")?);
            let (new, twice) = match (number("total")?, confirmed.zip(asymptomatic), number("converted")?) {
                (Some(total), _, _) => (total, false),
                (None, Some((c, a)), converted) => {
                    ((c + a).saturating_sub(converted.unwrap_or(0)), converted.is_none())
                }
                _ => continue,
            };
            let code = cell(&row, "place")?;
            let place = apart.get(code).cloned().map_or_else(|| code.parse(), Ok)?;
            if !places.iter().any(|(p, _)| *p == place) {
                continue;
            }
            rows.push(Row {
                place,
                known_at: cell(&row, "known_at")?.parse()?,
                observation: Observation {
                    period: Period::new(cell(&row, "period_start")?.parse()?, cell(&row, "period_end")?.parse()?)?,
                    new_infections: Persons::new(new),
                    community: number("community")?.map(Persons::new),
                    origin: Origin::Reported,
                    may_count_twice: twice,
                },
            });
        }
        let city = city.ok_or("areas.csv names no city")?;
        Ok(Self { city, places, rows: join_apart(rows, &apart)?, only_active: false })
    }

    /// What was known by 24:00 of the day after the origin.
    pub(crate) fn vintage(&self, origin: Date) -> Result<Vintage, Failure> {
        let midnight = jiff::civil::Time::midnight();
        let end = origin.tomorrow()?.to_datetime(midnight);
        let known_by = origin.checked_add(2.days())?.to_datetime(midnight);
        let series = self.places.iter().map(|(place, population)| Series {
            place: place.clone(),
            population: *population,
            observations: self
                .rows
                .iter()
                .filter(|r| r.place == *place && r.known_at <= known_by && r.observation.period.end() <= end)
                .map(|r| r.observation)
                .collect(),
        });
        Ok(Vintage {
            origin,
            city: self.city.clone(),
            series: series.collect(),
            completeness: levee_outlook::Completeness::complete(),
        })
    }

    /// Full-day counts as known at the end of the pack; of two for a day the one that counts nobody twice. Nothing is read
    /// beyond 28 days after the last origin.
    pub(crate) fn truth(&self, last: Date) -> Result<BTreeMap<(PlaceCode, Date), f64>, Failure> {
        let mut truth = BTreeMap::new();
        let end = last.checked_add(28.days())?;
        let (twice, once): (Vec<&Row>, Vec<&Row>) = self.rows.iter().partition(|r| r.observation.may_count_twice);
        for row in twice.into_iter().chain(once) {
            if let Some(day) = row.observation.period.full_day().filter(|d| *d <= end) {
                truth.insert((row.place.clone(), day), row.observation.new_infections.get() as f64);
            }
        }
        Ok(truth)
    }
}

/// Adds a unit's count to its district's of the same period and moment; a unit's count alone says nothing of the district.
fn join_apart(rows: Vec<Row>, apart: &BTreeMap<String, PlaceCode>) -> Result<Vec<Row>, Failure> {
    if apart.is_empty() {
        return Ok(rows);
    }
    let mut joined: BTreeMap<(PlaceCode, Period, DateTime, bool), (Row, u32)> = BTreeMap::new();
    let mut out = Vec::new();
    for row in rows {
        if !apart.values().any(|d| *d == row.place) {
            out.push(row);
            continue;
        }
        let key = (row.place.clone(), row.observation.period, row.known_at, row.observation.may_count_twice);
        if let Some((sum, n)) = joined.get_mut(&key) {
            let total = sum.observation.new_infections.checked_add(row.observation.new_infections);
            sum.observation.new_infections = total.ok_or("a sum beyond 64 bits")?;
            *n += 1;
        } else {
            joined.insert(key, (row, 1));
        }
    }
    out.extend(joined.into_values().filter(|(_, n)| *n == 2).map(|(row, _)| row));
    Ok(out)
}

type Table = Vec<BTreeMap<String, String>>;

fn table(folder: &str, name: &str) -> Result<Table, Failure> {
    let path = format!("{folder}/{name}");
    let mut reader = csv::Reader::from_path(&path).map_err(|e| format!("could not read `{path}`: {e}"))?;
    Ok(reader.deserialize().collect::<Result<_, _>>()?)
}

fn cell<'a>(row: &'a BTreeMap<String, String>, name: &str) -> Result<&'a str, Failure> {
    row.get(name).map(String::as_str).ok_or_else(|| format!("no column `{name}`").into())
}

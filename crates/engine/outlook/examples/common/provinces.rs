//! Daily local infections by province, for learning and for trials.
#![allow(dead_code, reason = "each example uses its own part")]

use jiff::civil::Date;
use levee_outlook::Config;
use levee_outlook::ensemble::Prior;
use std::collections::BTreeMap;
use std::error::Error;

/// Counts by province and day; a day without both counts is absent.
pub(crate) fn read(file: &str) -> Result<BTreeMap<String, BTreeMap<Date, f64>>, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(file).map_err(|e| format!("could not read {file}: {e}"))?;
    let mut out: BTreeMap<String, BTreeMap<Date, f64>> = BTreeMap::new();
    for row in reader.deserialize() {
        let row: BTreeMap<String, String> = row?;
        let cell = |name: &str| row.get(name).ok_or_else(|| format!("{file} has no column {name}"));
        let counts = (cell("new_local_confirmed")?.parse::<f64>(), cell("new_local_asymptomatic")?.parse::<f64>());
        let days = out.entry(cell("province")?.clone()).or_default();
        if let (Ok(confirmed), Ok(asymptomatic)) = counts {
            days.insert(cell("date")?.parse()?, confirmed + asymptomatic);
        }
    }
    Ok(out)
}

/// A prior from all provinces but some (a list with commas), up to a day.
pub(crate) fn learn(file: &str, until: Date, without: &str, config: &Config) -> Result<Prior, Box<dyn Error>> {
    let without: Vec<&str> = without.split(',').collect();
    let provinces = read(file)?;
    let first = provinces.values().flat_map(BTreeMap::keys).min().copied().ok_or("no row")?;
    let days = usize::try_from((until - first).get_days())? + 1;
    let mut series = Vec::new();
    for (_, counts) in provinces.iter().filter(|(name, _)| !without.contains(&name.as_str())) {
        series.push(first.series(jiff::ToSpan::days(1)).take(days).map(|d| counts.get(&d).copied()).collect());
    }
    Prior::learn(&series, config).ok_or_else(|| "too few rows to learn from".into())
}

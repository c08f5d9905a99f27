//! Numbers taken from the world: versioned, with unit, range and source. Never bare constants.

use crate::ids::ParameterId;
use crate::provenance::Origin;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One version of a parameter. A `value` of `None` means that the number was looked for and not found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its id, the unit last: `stay.makeshift_days`.
    pub id: ParameterId,
    /// Which version; a higher one replaces a lower one.
    pub version: u32,
    /// The value; `None` = not found, never a guess.
    pub value: Option<f64>,
    /// Lower end of its range.
    pub low: Option<f64>,
    /// Upper end of its range.
    pub high: Option<f64>,
    /// Unit in words.
    pub unit: String,
    /// From which day it holds; `None` = always.
    pub effective_from: Option<Date>,
    /// Who says so.
    pub source: String,
    /// What it rests on.
    pub origin: Origin,
}

/// A parameter that the table lacks, or whose number nobody found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("parameter `{id}` has no value in force on {day}; add a row with its source to parameters.csv")]
pub struct NoParameter {
    /// What was asked for.
    pub id: String,
    /// For which day.
    pub day: Date,
}

/// All parameters of a city.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameters(BTreeMap<ParameterId, Vec<Parameter>>);

impl Parameters {
    /// From rows in any order.
    pub fn new(rows: Vec<Parameter>) -> Self {
        let mut all: BTreeMap<ParameterId, Vec<Parameter>> = BTreeMap::new();
        for row in rows {
            all.entry(row.id.clone()).or_default().push(row);
        }
        for versions in all.values_mut() {
            versions.sort_by_key(|p| (p.effective_from, p.version));
        }
        Self(all)
    }

    /// The parameter in force on `day`: the latest start that is not after it, then the highest version.
    pub fn in_force(&self, id: &str, day: Date) -> Result<(&Parameter, f64), NoParameter> {
        let missing = || NoParameter { id: id.to_owned(), day };
        let key: ParameterId = id.parse().map_err(|_| missing())?;
        self.0
            .get(&key)
            .and_then(|versions| versions.iter().rev().find(|p| p.effective_from.is_none_or(|from| from <= day)))
            .and_then(|found| found.value.map(|value| (found, value)))
            .ok_or_else(missing)
    }

    /// All rows, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Parameter> {
        self.0.values().flatten()
    }
}

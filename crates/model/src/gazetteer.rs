//! All places that a city knows, checked to hang together.

use crate::area::{Area, Level, Name, PlaceCode, Relation, ReportingUnit};
use std::collections::BTreeMap;

/// What is wrong with a city's list of places.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadGazetteer {
    /// No area of level `city`, or more than one.
    #[error("a city has exactly one area of level `city`, found {0}")]
    Roots(usize),
    /// The same code twice.
    #[error("place `{0}` is listed twice")]
    Twice(PlaceCode),
    /// A code that a row refers to and no row defines.
    #[error("place `{place}` refers to `{missing}`, which is not listed")]
    Missing {
        /// The place whose row refers.
        place: PlaceCode,
        /// The code that nobody defines.
        missing: PlaceCode,
    },
    /// A child that is not below its parent.
    #[error("place `{0}` does not lie at a lower level than its parent")]
    Level(PlaceCode),
}

/// The places of a city: one tree of areas and the reporting units beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Gazetteer {
    areas: BTreeMap<PlaceCode, Area>,
    units: BTreeMap<PlaceCode, ReportingUnit>,
    city: PlaceCode,
}

impl Gazetteer {
    /// Checks that the areas form one tree and that every unit refers to known areas. All faults come back, not the first.
    pub fn new(areas: Vec<Area>, units: Vec<ReportingUnit>) -> Result<Self, Vec<BadGazetteer>> {
        let mut faults = Vec::new();
        let roots: Vec<PlaceCode> = areas.iter().filter(|a| a.level == Level::City).map(|a| a.code.clone()).collect();
        if roots.len() != 1 {
            faults.push(BadGazetteer::Roots(roots.len()));
        }
        let mut by_code = BTreeMap::new();
        for area in areas {
            if let Some(old) = by_code.insert(area.code.clone(), area) {
                faults.push(BadGazetteer::Twice(old.code));
            }
        }
        for area in by_code.values() {
            match &area.parent {
                None if area.level == Level::City => {}
                None => faults.push(BadGazetteer::Level(area.code.clone())),
                Some(parent) => match by_code.get(parent) {
                    None => {
                        faults.push(BadGazetteer::Missing { place: area.code.clone(), missing: parent.clone() });
                    }
                    Some(above) if above.level >= area.level => faults.push(BadGazetteer::Level(area.code.clone())),
                    Some(_) => {}
                },
            }
        }
        let mut by_unit: BTreeMap<PlaceCode, ReportingUnit> = BTreeMap::new();
        for unit in units {
            let named: Vec<&PlaceCode> = match &unit.relation {
                Relation::Apart { within } => vec![within],
                Relation::Overlap => vec![],
                Relation::Group { members } => members.iter().collect(),
            };
            for missing in named.into_iter().filter(|code| !by_code.contains_key(*code)) {
                faults.push(BadGazetteer::Missing { place: unit.code.clone(), missing: missing.clone() });
            }
            if by_code.contains_key(&unit.code) {
                faults.push(BadGazetteer::Twice(unit.code.clone()));
            }
            if let Some(old) = by_unit.insert(unit.code.clone(), unit) {
                faults.push(BadGazetteer::Twice(old.code));
            }
        }
        match (faults.is_empty(), roots.into_iter().next()) {
            (true, Some(city)) => Ok(Self { areas: by_code, units: by_unit, city }),
            _ => Err(faults),
        }
    }

    /// The code of the whole city.
    pub fn city(&self) -> &PlaceCode {
        &self.city
    }

    /// The area with this code, if it is one of the tree.
    pub fn area(&self, code: &PlaceCode) -> Option<&Area> {
        self.areas.get(code)
    }

    /// The reporting unit with this code, if it is one.
    pub fn unit(&self, code: &PlaceCode) -> Option<&ReportingUnit> {
        self.units.get(code)
    }

    /// Whether any place has this code.
    pub fn knows(&self, code: &PlaceCode) -> bool {
        self.areas.contains_key(code) || self.units.contains_key(code)
    }

    /// The names of a place.
    pub fn name(&self, code: &PlaceCode) -> Option<&Name> {
        self.areas.get(code).map(|a| &a.name).or_else(|| self.units.get(code).map(|u| &u.name))
    }

    /// The districts, by code.
    pub fn districts(&self) -> impl Iterator<Item = &Area> {
        self.areas.values().filter(|a| a.level == Level::District)
    }

    /// All areas, by code.
    pub fn areas(&self) -> impl Iterator<Item = &Area> {
        self.areas.values()
    }

    /// All reporting units outside the tree, by code.
    pub fn units(&self) -> impl Iterator<Item = &ReportingUnit> {
        self.units.values()
    }

    /// The units that are listed apart from `district` and must be added to it.
    pub fn apart_of<'a>(&'a self, district: &'a PlaceCode) -> impl Iterator<Item = &'a ReportingUnit> {
        self.units.values().filter(move |u| matches!(&u.relation, Relation::Apart { within } if within == district))
    }
}

//! A pack as a whole.

use crate::error::PackError;
use crate::table::Table;
use crate::tasks::{self, Round};
use crate::vintages::Vintages;
use levee_outlook::pooled::Step;
use std::collections::BTreeMap;
use std::path::Path;

/// A pack, read.
#[derive(Clone, Debug)]
pub struct HubPack {
    pub(crate) rounds: Vec<Round>,
    pub(crate) vintages: Vintages,
    pub(crate) step: Step,
    /// Residents by location, where the pack says so.
    pub(crate) residents: BTreeMap<String, f64>,
}

impl HubPack {
    /// Reads a folder. Opens `tasks.csv.gz`, one table of vintages, and `locations.csv` if it is there; nothing else.
    pub fn read(folder: &Path) -> Result<Self, PackError> {
        let rounds = tasks::read(Table::open(&folder.join("tasks.csv.gz"))?)?;
        let (daily, weekly) = (folder.join("truth_daily_vintages.csv.gz"), folder.join("truth_vintages.csv.gz"));
        let (file, step) = if daily.is_file() {
            (daily, Step::Day)
        } else if weekly.is_file() {
            (weekly, Step::Week)
        } else {
            return Err(PackError::NoVintages { folder: folder.to_owned() });
        };
        let vintages = Vintages::read(Table::open(&file)?, step)?;
        let places = folder.join("locations.csv");
        let residents = if places.is_file() { residents(Table::open(&places)?)? } else { BTreeMap::new() };
        Ok(Self { rounds, vintages, step, residents })
    }

    /// Number of tasks.
    pub fn tasks(&self) -> usize {
        self.rounds.iter().map(|round| round.tasks.len()).sum()
    }
}

fn residents(mut table: Table) -> Result<BTreeMap<String, f64>, PackError> {
    let location = table.column("location")?;
    let Some(population) = table.optional("population") else { return Ok(BTreeMap::new()) };
    let mut out = BTreeMap::new();
    while let Some(line) = table.next()? {
        let Some(count) = line.number(population)? else { continue };
        if count < 0.0 {
            return Err(PackError::Cell {
                place: line.place("population"),
                given: count.to_string(),
                expected: "a number of residents",
            });
        }
        if out.insert(line.text(location)?.to_owned(), count).is_some() {
            return Err(PackError::Twice { place: line.place("location"), what: "the location".into() });
        }
    }
    Ok(out)
}

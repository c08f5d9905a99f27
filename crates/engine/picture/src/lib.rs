//! What is known of the outbreak at a moment: figures with age and source, and where they contradict one another.
//!
//! What goes in: everything that offices had said by then, the latest version of each row (the use case chooses by
//! `known_at`; nothing later comes in here). What comes out: a [`Picture`] of one day. Nothing is repaired: two offices
//! that differ stay two offices, and a missing report stays missing. Missing is unknown, never zero (law 11).

mod care;
mod city;
mod contradictions;
mod districts;
mod figure;
mod freshness;
mod series;

pub use care::{Care, FacilityLevel};
pub use city::{CityDay, CitySeries, PartDay, SharePoint};
pub use contradictions::{Contradiction, Finding};
pub use districts::{DistrictDay, DistrictList, Districts};
pub use figure::{Figure, Known, Why};
pub use freshness::{Age, Drop, Office, Volume};
pub use series::{PartTold, PlaceSeries, place_series};

use jiff::civil::{Date, DateTime};
use levee_model::facility::{Facility, FacilityStatus};
use levee_model::gazetteer::Gazetteer;
use levee_model::ids::OfficeId;
use levee_model::report::{InfectionReport, Statement};

/// Everything that was known. Rows come in the order in which they became known.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Counts of infections, the latest version of each.
    pub infections: Vec<InfectionReport>,
    /// Single figures, the latest version of each.
    pub statements: Vec<Statement>,
    /// Facilities.
    pub facilities: Vec<Facility>,
    /// What they can hold.
    pub statuses: Vec<FacilityStatus>,
    /// Offices and how often they report.
    pub offices: Vec<Office>,
    /// Rows received by office, table and day.
    pub volumes: Vec<Volume>,
}

/// Of which day, seen from which moment.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// First day of the outbreak.
    pub outbreak_started: Date,
    /// The day of the meeting.
    pub day: Date,
    /// What is known by then goes in, in the city's calendar; usually 24:00 of the day.
    pub as_known_at: DateTime,
}

/// The picture of one day.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Of which day, seen from which moment.
    pub moment: Moment,
    /// The city as a whole.
    pub city: CitySeries,
    /// District by district.
    pub districts: Districts,
    /// People in care and the facilities that hold them.
    pub care: Care,
    /// What contradicts what.
    pub contradictions: Vec<Contradiction>,
    /// How old each office's figures are, and who fell silent.
    pub ages: Vec<Age>,
}

/// Makes the picture. `preferred` are the offices whose city figures stand first where several give one, best first.
pub fn picture(moment: Moment, places: &Gazetteer, facts: &Facts, preferred: &[OfficeId]) -> Picture {
    let city = city::series(moment, places, &facts.infections, preferred);
    let districts = districts::districts(moment, places, &facts.infections, preferred);
    let care = care::care(moment, places, &facts.statements, &facts.facilities, &facts.statuses);
    let contradictions = contradictions::find(moment, places, facts, &city, &care);
    let ages = freshness::ages(moment, facts);
    Picture { moment, city, districts, care, contradictions, ages }
}

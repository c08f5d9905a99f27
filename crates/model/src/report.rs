//! What offices say, as typed facts. `None` everywhere means "not stated", which is never zero.

use crate::area::PlaceCode;
use crate::provenance::Provenance;
use crate::quantity::Persons;
use crate::time::Period;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// One office's counts of infections for a place and a period.
///
/// *Confirmed* have symptoms; *asymptomatic* are counted apart; *converted* are confirmed who had been counted as
/// asymptomatic before. New infections = confirmed + asymptomatic - converted: adding the first two counts people twice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InfectionReport {
    /// The area or reporting unit.
    pub place: PlaceCode,
    /// The period, often only a part of a day.
    pub period: Period,
    /// Confirmed cases, conversions included.
    pub confirmed: Option<Persons>,
    /// Asymptomatic infections.
    pub asymptomatic: Option<Persons>,
    /// Confirmed who had been counted as asymptomatic.
    pub converted: Option<Persons>,
    /// New infections without conversions, as the office states them.
    pub total: Option<Persons>,
    /// Tested positive, not yet classified.
    pub pending: Option<Persons>,
    /// Of the new infections, found outside quarantine and control.
    pub community: Option<Persons>,
    /// Of the new infections, found among people under control.
    pub managed: Option<Persons>,
    /// Share found in the community as stated, percent, where counts were not.
    pub community_pct: Option<f64>,
    /// Deaths.
    pub deaths: Option<Persons>,
    /// Who says so, since when.
    pub provenance: Provenance,
}

/// How a number of new infections was arrived at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The office stated it.
    Stated,
    /// confirmed + asymptomatic - converted.
    Computed,
    /// confirmed + asymptomatic; conversions were not stated, so it may count people twice.
    MayCountTwice,
}

impl InfectionReport {
    /// New infections of the period and how the number came about; `None` while the report does not give them.
    pub fn new_infections(&self) -> Option<(Persons, Basis)> {
        if let Some(total) = self.total {
            return Some((total, Basis::Stated));
        }
        let both = self.confirmed?.checked_add(self.asymptomatic?)?;
        match self.converted {
            // More conversions than cases is a contradiction that the picture reports; here it is simply not a number.
            Some(converted) => both.checked_sub(converted).map(|n| (n, Basis::Computed)),
            None => Some((both, Basis::MayCountTwice)),
        }
    }
}

/// How exact a stated figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Qualifier {
    /// Exactly.
    #[serde(rename = "=")]
    Exact,
    /// More than.
    #[serde(rename = ">")]
    MoreThan,
    /// Less than.
    #[serde(rename = "<")]
    LessThan,
    /// About.
    #[serde(rename = "~")]
    About,
}

/// A single figure that an office states about a place at a moment: beds opened, people under care, areas closed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// The place.
    pub place: PlaceCode,
    /// What it is about, such as `under_care_confirmed`.
    pub kind: String,
    /// Of what, such as `Yuelai International Expo Center`.
    pub name: String,
    /// The moment it speaks of.
    pub at: DateTime,
    /// The figure.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// How exact it is.
    pub qualifier: Qualifier,
    /// Who says so, since when.
    pub provenance: Provenance,
}

/// Kind of a vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VehicleKind {
    /// Ambulance.
    Ambulance,
    /// Ambulance with negative pressure.
    NegativePressureAmbulance,
    /// Coach; barred on the road from 02:00 to 05:00.
    Coach,
    /// Taxi set aside for the outbreak.
    Taxi,
}

/// Vehicles of one kind at one base.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VehicleFleet {
    /// Where they are based.
    pub base: PlaceCode,
    /// What they are.
    pub kind: VehicleKind,
    /// The moment it speaks of.
    pub at: DateTime,
    /// How many.
    pub vehicles: u64,
    /// How many crews; `None` = not known.
    pub crews: Option<u64>,
    /// Seats for passengers in each.
    pub seats_per_vehicle: Option<u64>,
    /// Trips that each can make in a day.
    pub trips_per_day: Option<u64>,
    /// Who says so, since when.
    pub provenance: Provenance,
}

/// Stock of one item at one place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StockLevel {
    /// Where.
    pub place: PlaceCode,
    /// What.
    pub item: String,
    /// The moment it speaks of.
    pub at: DateTime,
    /// How much there is.
    pub on_hand: f64,
    /// In which unit.
    pub unit: String,
    /// How much is used in a day.
    pub daily_use: Option<f64>,
    /// Who says so, since when.
    pub provenance: Provenance,
}

/// Something that happened or that others decided outside Levee; recorded as it was, never gated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservedEvent {
    /// Its id in the pack or feed.
    pub id: String,
    /// First day.
    pub starts_on: Date,
    /// Last day, if it has one.
    pub ends_on: Option<Date>,
    /// What kind of thing.
    pub kind: String,
    /// Which places, as far as codes are known.
    pub places: Vec<PlaceCode>,
    /// The place in words.
    pub area_text: Option<String>,
    /// In English.
    pub description_en: String,
    /// In Chinese.
    pub description_zh: String,
    /// Who says so, since when.
    pub provenance: Provenance,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provenance::Origin;
    use jiff::civil::date;

    fn report(confirmed: u64, asymptomatic: u64, converted: Option<u64>) -> InfectionReport {
        InfectionReport {
            place: "500000".parse().unwrap(),
            period: Period::full_day_of(date(2022, 11, 21)).unwrap(),
            confirmed: Some(Persons::new(confirmed)),
            asymptomatic: Some(Persons::new(asymptomatic)),
            converted: converted.map(Persons::new),
            total: None,
            pending: None,
            community: None,
            managed: None,
            community_pct: None,
            deaths: None,
            provenance: Provenance {
                office: "cq-hc".parse().unwrap(),
                source: "S35".into(),
                known_at: jiff::Timestamp::UNIX_EPOCH,
                known_at_assumed: false,
                origin: Origin::Reported,
            },
        }
    }

    #[test]
    fn converted_people_are_not_counted_twice() {
        // Chongqing, 21 Nov 2022: 178 + 6,157 - 38 = 6,297, as the briefing states.
        assert_eq!(report(178, 6157, Some(38)).new_infections(), Some((Persons::new(6297), Basis::Computed)));
        assert_eq!(report(178, 6157, None).new_infections(), Some((Persons::new(6335), Basis::MayCountTwice)));
    }

    #[test]
    fn more_conversions_than_cases_is_no_number() {
        assert_eq!(report(1, 0, Some(2)).new_infections(), None);
    }

    #[test]
    fn what_is_not_stated_is_not_zero() {
        let mut cut = report(258, 0, Some(122));
        cut.asymptomatic = None;
        assert_eq!(cut.new_infections(), None);
    }
}

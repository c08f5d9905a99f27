//! What demand rests on beside infections: shares, stays, contacts, rounds, flows and ratios, each from the city's table
//! of parameters with its range, source and origin. Nothing here has a default: what the table lacks is missing, and so
//! is the demand that needs it.

use jiff::civil::Date;
use levee_model::parameter::{NoParameter, Parameter, Parameters};
use levee_model::plan::CareClass;
use levee_model::provenance::Origin;

/// A number of the table, as it is in force on the day asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumed {
    /// Its id, the unit last.
    pub id: String,
    /// The value.
    pub value: f64,
    /// Its range, read as a 95 % interval of what the city's true figure may be; equal to the value where none is given.
    pub range: (f64, f64),
    /// Its source.
    pub source: String,
    /// What it rests on.
    pub origin: Origin,
}

impl Assumed {
    fn of(parameter: &Parameter, value: f64) -> Self {
        let range = (parameter.low.unwrap_or(value).min(value), parameter.high.unwrap_or(value).max(value));
        Self { id: parameter.id.to_string(), value, range, source: parameter.source.clone(), origin: parameter.origin }
    }

    /// The value at `z` standard deviations: log-normal on either side of the value, its 2.5 and 97.5 % points at the ends of
    /// the range and never beyond them. One side may be wider than the other.
    pub(crate) fn at(&self, z: f64) -> f64 {
        const Z95: f64 = 1.959_963_984_540_054;
        let end = if z < 0.0 { self.range.0 } else { self.range.1 };
        if self.value > 0.0 && end > 0.0 {
            self.value * ((end / self.value).ln() * (z.abs() / Z95).min(1.0)).exp()
        } else {
            self.value
        }
    }
}

/// A parameter, or the fact that it is missing.
pub type Wanted = Result<Assumed, NoParameter>;

/// Who works, beside those who are paid attention to elsewhere: roles whose number follows from demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Doctors, all levels of care.
    Doctor,
    /// Nurses, all levels of care.
    Nurse,
    /// Those who look after isolation rooms.
    Steward,
    /// Those who take samples.
    Sampler,
    /// Those who find contacts.
    Tracer,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Doctor, Self::Nurse, Self::Steward, Self::Sampler, Self::Tracer];

    /// The parameter that says how many shifts it works around the clock or the working day.
    fn shifts_id(self) -> &'static str {
        match self {
            Self::Doctor | Self::Nurse => "staff.care_shifts_per_day",
            Self::Steward | Self::Sampler | Self::Tracer => "staff.field_shifts_per_day",
        }
    }
}

/// Everything that demand is computed with.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumptions {
    /// Share of infections by the highest level of care they come to need, the mildest first.
    pub class_share: [Wanted; 4],
    /// Severe or critical per infection as published; only its range is used, for the two highest shares together.
    pub severity: Wanted,
    /// How alike the places are: shares of a place vary around the city's as those of so many people would.
    pub class_concentration_persons: Wanted,
    /// Mean stay at each level, days, the mildest first.
    pub stay_mean_days: [Wanted; 4],
    /// Standard deviation of single stays at each level, days.
    pub stay_sd_days: [Wanted; 4],
    /// Days from being found until the state worsens to severe, and from severe to critical: time spent a level lower first.
    /// Missing is allowed: then people come to the level they need on the day they are found.
    pub worsening_days: [Wanted; 2],
    /// Standard deviation of these days; missing = they are the same for everybody.
    pub worsening_sd_days: [Wanted; 2],
    /// Contacts to be isolated per infection.
    pub contacts_mean: Wanted,
    /// Size of the negative binomial distribution of contacts; small = a few have most of them.
    pub contacts_size: Wanted,
    /// Days that a contact stays in a room.
    pub isolation_days: Wanted,
    /// Residents are tested every so many days.
    pub round_days: Wanted,
    /// Share of the residents that a round reaches.
    pub round_share: Wanted,
    /// Residents in one tube of a round. Contacts have tubes of their own.
    pub persons_per_tube: Wanted,
    /// Tests of a contact a day.
    pub contact_tests_per_day: Wanted,
    /// Oxygen, litres a minute for an occupied bed of each level, whether or not its patient breathes any.
    pub oxygen_litres_per_minute: [Wanted; 4],
    /// Doctors on duty for 100 occupied beds of each level.
    pub doctors_per_100: [Wanted; 4],
    /// Nurses on duty for 100 occupied beds of each level.
    pub nurses_per_100: [Wanted; 4],
    /// Stewards on duty for 100 rooms in use.
    pub stewards_per_100: Wanted,
    /// Swabs that a sampler takes in a shift.
    pub swabs_per_sampler: Wanted,
    /// Contacts that a tracer finds in a shift.
    pub contacts_per_tracer: Wanted,
    /// Shifts a day, by role.
    pub shifts: [Wanted; 5],
}

const LEVELS: [&str; 4] = ["makeshift", "general", "severe", "critical"];

impl Assumptions {
    /// What the table has in force on `day`.
    pub fn read(parameters: &Parameters, day: Date) -> Self {
        let one = |id: &str| parameters.in_force(id, day).map(|(row, value)| Assumed::of(row, value));
        let four = |before: &str, after: &str| LEVELS.map(|level| one(&format!("{before}{level}{after}")));
        Self {
            class_share: four("class_share.", ""),
            severity: one("severity.severe_or_critical_per_infection"),
            class_concentration_persons: one("class_share.concentration_persons"),
            stay_mean_days: four("stay.", "_days"),
            stay_sd_days: four("stay.", "_sd_days"),
            worsening_days: [one("progress.to_severe_days"), one("progress.to_critical_days")],
            worsening_sd_days: [one("progress.to_severe_sd_days"), one("progress.to_critical_sd_days")],
            contacts_mean: one("isolation.contacts_per_infection"),
            contacts_size: one("isolation.contacts_size"),
            isolation_days: one("stay.isolation_days"),
            round_days: one("testing.round_every_days"),
            round_share: one("testing.round_share"),
            persons_per_tube: one("testing.persons_per_tube"),
            contact_tests_per_day: one("testing.contact_tests_per_day"),
            oxygen_litres_per_minute: four("oxygen.", "_litres_per_minute"),
            doctors_per_100: four("staff.doctors_per_100_", "_beds"),
            nurses_per_100: four("staff.nurses_per_100_", "_beds"),
            stewards_per_100: one("staff.stewards_per_100_rooms"),
            swabs_per_sampler: one("staff.swabs_per_sampler_shift"),
            contacts_per_tracer: one("staff.contacts_per_tracer_shift"),
            shifts: Role::ALL.map(|role| one(role.shifts_id())),
        }
    }

    /// All that were found, for a list of what was used.
    pub fn found(&self) -> impl Iterator<Item = &Assumed> {
        self.all().filter_map(|wanted| wanted.as_ref().ok())
    }

    /// All that are missing, but those that nothing waits for (the days of worsening, the range of severity).
    pub fn missing(&self) -> impl Iterator<Item = &NoParameter> {
        let spare = |p: &&NoParameter| !p.id.starts_with("progress.") && !p.id.starts_with("severity.");
        self.all().filter_map(|wanted| wanted.as_ref().err()).filter(spare)
    }

    fn all(&self) -> impl Iterator<Item = &Wanted> {
        let groups: [&[Wanted]; 9] = [
            &self.class_share,
            &self.stay_mean_days,
            &self.stay_sd_days,
            &self.worsening_days,
            &self.worsening_sd_days,
            &self.oxygen_litres_per_minute,
            &self.doctors_per_100,
            &self.nurses_per_100,
            &self.shifts,
        ];
        let single = [
            &self.severity,
            &self.class_concentration_persons,
            &self.contacts_mean,
            &self.contacts_size,
            &self.isolation_days,
            &self.round_days,
            &self.round_share,
            &self.persons_per_tube,
            &self.contact_tests_per_day,
            &self.stewards_per_100,
            &self.swabs_per_sampler,
            &self.contacts_per_tracer,
        ];
        groups.into_iter().flatten().chain(single)
    }
}

/// Place of a class in the arrays of this module.
pub(crate) fn index(class: CareClass) -> usize {
    match class {
        CareClass::Mild => 0,
        CareClass::Moderate => 1,
        CareClass::Severe => 2,
        CareClass::Critical => 3,
    }
}

/// A number that must be there and at least `least`; else why not.
pub(crate) fn positive(wanted: &Wanted, least: f64) -> Result<&Assumed, Unusable> {
    let found = wanted.as_ref().map_err(|missing| Unusable::Missing { id: missing.id.clone() })?;
    if found.value.is_finite() && found.range.0.is_finite() && found.range.1.is_finite() && found.range.0 >= least {
        Ok(found)
    } else {
        Err(Unusable::OutOfRange { id: found.id.clone(), value: found.value, least })
    }
}

/// Why a demand cannot be computed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Unusable {
    /// The table has no such parameter in force.
    #[error("parameter `{id}` has no value; add a row with its source to parameters.csv")]
    Missing {
        /// Its id.
        id: String,
    },
    /// The table has one that means nothing.
    #[error("parameter `{id}` is {value} or has a range that reaches below {least}; correct its row in parameters.csv")]
    OutOfRange {
        /// Its id.
        id: String,
        /// What stands there.
        value: f64,
        /// Least value that means something.
        least: f64,
    },
    /// The class shares leave people over, or divide more than there are.
    #[error("the class shares of parameters.csv add up to {sum:.4}, not to 1; correct them")]
    Shares {
        /// Their sum.
        sum: f64,
    },
    /// The residents of a place are not known.
    #[error("the residents of the place are not known")]
    Residents,
    /// Who is there already is not known: neither beds in use nor the counts of the days before.
    #[error("people already in care are not known: no report of beds in use, no counts of the days before")]
    Present,
}

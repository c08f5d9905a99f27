//! Counts with their unit in the type. Only the arithmetic that means something exists.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! count {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(u64);

        impl $name {
            /// None at all: a known zero, never "unknown".
            pub const ZERO: Self = Self(0);
            /// A known count.
            pub const fn new(count: u64) -> Self {
                Self(count)
            }
            /// The bare number, for arithmetic that this type does not offer.
            pub const fn get(self) -> u64 {
                self.0
            }
            /// `None` on overflow.
            pub fn checked_add(self, more: Self) -> Option<Self> {
                self.0.checked_add(more.0).map(Self)
            }
            /// `None` when more would leave than are there; the caller must say what that means.
            pub fn checked_sub(self, leaving: Self) -> Option<Self> {
                self.0.checked_sub(leaving.0).map(Self)
            }
            /// What is left, or zero.
            pub fn saturating_sub(self, leaving: Self) -> Self {
                Self(self.0.saturating_sub(leaving.0))
            }
        }
        impl std::iter::Sum for $name {
            /// Saturates: a sum beyond `u64` is a fault of the data, which the tables' bounds keep out.
            fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
                Self(all.fold(0u64, |sum, one| sum.saturating_add(one.0)))
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

count!(
    /// A count of people. Whole and never negative; an expectation ("2.4 persons") is [`ExpectedPersons`].
    Persons
);
count!(
    /// A count of beds.
    Beds
);
count!(
    /// A count of isolation rooms.
    Rooms
);
count!(
    /// A count of sample tubes; one tube may hold several persons' samples.
    Tubes
);
count!(
    /// A count of vehicles.
    Vehicles
);

/// An expected number of people: not a count, may be a fraction.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExpectedPersons(f64);

impl ExpectedPersons {
    /// `None` unless finite and not negative.
    pub fn new(value: f64) -> Option<Self> {
        (value.is_finite() && value >= 0.0).then_some(Self(value))
    }
    /// The bare number.
    pub const fn get(self) -> f64 {
        self.0
    }
}

/// A capacity over time: one staffed bed held for one day. Not a count of beds, not a count of people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct BedDays(u64);

impl Beds {
    /// So many beds, each held for so many days.
    pub fn for_days(self, days: u32) -> BedDays {
        BedDays(self.0.saturating_mul(u64::from(days)))
    }
}

impl BedDays {
    /// Whole beds that these bed-days keep filled for `days`; `None` for zero days.
    pub fn per_days(self, days: u32) -> Option<Beds> {
        (days > 0).then(|| Beds(self.0 / u64::from(days)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_who_are_not_there_cannot_leave() {
        assert_eq!(Persons::new(3).checked_sub(Persons::new(4)), None);
        assert_eq!(Persons::new(4).checked_sub(Persons::new(3)), Some(Persons::new(1)));
    }

    #[test]
    fn bed_days_over_days_are_beds() {
        assert_eq!(Beds::new(30).for_days(7).per_days(7), Some(Beds::new(30)));
        assert_eq!(Beds::new(30).for_days(7).per_days(0), None);
        assert!(ExpectedPersons::new(f64::NAN).is_none());
    }
}

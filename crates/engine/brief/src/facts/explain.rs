//! Why the outlook changed against the one issued before.

use crate::facts::{Figure, Message, Place};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What drove the change, for the city and the districts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// The day whose outlook it is compared with.
    pub against: Date,
    /// First and last of the compared days.
    pub days: (Date, Date),
    /// The city; `None` when its two outlooks cannot be compared.
    pub city: Option<Change>,
    /// The districts, the largest change first.
    pub districts: Vec<Change>,
    /// Places with a forecast in one of the two only.
    pub not_comparable: Vec<Place>,
}

/// The change of one place: medians summed over the compared days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The place.
    pub place: Place,
    /// As issued before, people.
    pub before: f64,
    /// Now, people.
    pub after: f64,
    /// What drove it, the largest first; the contributions add up to the change.
    pub drivers: Vec<DriverShare>,
    /// How the new counts compare with what had been forecast for them.
    pub surprise: Option<Message>,
}

/// One driver.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriverShare {
    /// Which, in a few words.
    pub name: Message,
    /// Its signed contribution, people.
    pub people: f64,
}

/// What briefs say that were issued before changes were explained.
pub(crate) fn not_computed() -> Figure<Explanation> {
    Figure::unknown(Message::new("not_computed"))
}

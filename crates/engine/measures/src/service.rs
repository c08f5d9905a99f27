//! What restricted people need, how much of it, and who gives it.

use levee_model::ids::BadId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What must be there for those who may not go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Food for everybody, persons.
    Food,
    /// Drinking water for everybody, persons.
    Water,
    /// Regular medicine, persons who take some.
    Medicine,
    /// Urgent care with a vehicle, persons covered.
    UrgentCare,
    /// Dialysis, slots a week.
    Dialysis,
    /// Chemotherapy, slots a week.
    Chemotherapy,
    /// Obstetric care, women near their time.
    Obstetric,
    /// Help for old people who live alone, persons.
    HelpForTheOld,
    /// Help for children without a grown-up, persons.
    HelpForChildren,
    /// Refuse, persons.
    Refuse,
}

impl Service {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Food,
        Self::Water,
        Self::Medicine,
        Self::UrgentCare,
        Self::Dialysis,
        Self::Chemotherapy,
        Self::Obstetric,
        Self::HelpForTheOld,
        Self::HelpForChildren,
        Self::Refuse,
    ];

    /// Its message key.
    pub fn code(self) -> &'static str {
        match self {
            Self::Food => "food",
            Self::Water => "water",
            Self::Medicine => "medicine",
            Self::UrgentCare => "urgent_care",
            Self::Dialysis => "dialysis",
            Self::Chemotherapy => "chemotherapy",
            Self::Obstetric => "obstetric",
            Self::HelpForTheOld => "help_for_the_old",
            Self::HelpForChildren => "help_for_children",
            Self::Refuse => "refuse",
        }
    }

    /// Whether everybody who is restricted needs it; else somebody has to say how many do, and none is an answer.
    pub fn for_everybody(self) -> bool {
        matches!(self, Self::Food | Self::Water | Self::UrgentCare | Self::Refuse)
    }
}

impl std::str::FromStr for Service {
    type Err = BadId;
    fn from_str(given: &str) -> Result<Self, BadId> {
        Self::ALL.into_iter().find(|service| service.code() == given).ok_or_else(|| BadId {
            kind: "service",
            given: given.chars().take(80).collect(),
            why: "expected food, water, medicine, urgent_care, dialysis, chemotherapy, obstetric, help_for_the_old, help_for_children or refuse",
        })
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// How many people a restriction holds, and how many of them need what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// People restricted; `None` = nobody counted.
    pub persons: Option<u64>,
    /// Need of the services that not everybody needs, in the unit of the service; absent = nobody asked, which is not zero.
    pub special: BTreeMap<Service, u64>,
}

impl Demand {
    /// Need of a service; `None` = not known.
    pub fn of(&self, service: Service) -> Option<u64> {
        if service.for_everybody() { self.persons } else { self.special.get(&service).copied() }
    }
}

/// Who gives a service: a shop, a clinic, a transport company, an office. A name, not a person of the public.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Provider(String);

impl Provider {
    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Provider {
    type Err = BadId;
    fn from_str(given: &str) -> Result<Self, BadId> {
        let given = given.trim();
        let bad = |why| Err(BadId { kind: "provider", given: given.chars().take(80).collect(), why });
        if given.is_empty() {
            return bad("it is empty: a service has somebody who gives it");
        }
        if given.chars().count() > 120 {
            return bad("it has more than 120 characters");
        }
        Ok(Self(given.to_owned()))
    }
}

impl TryFrom<String> for Provider {
    type Error = BadId;
    fn try_from(given: String) -> Result<Self, BadId> {
        given.parse()
    }
}

impl From<Provider> for String {
    fn from(provider: Provider) -> Self {
        provider.0
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

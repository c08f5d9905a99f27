//! Identities. One type per kind of thing, so that a facility is never taken for an area.

use serde::{Deserialize, Serialize};

use std::str::FromStr;

/// Why a text is not an identifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not a valid {kind}: {why}")]
pub struct BadId {
    /// What kind of identifier was expected.
    pub kind: &'static str,
    /// What was given.
    pub given: String,
    /// What is wrong with it.
    pub why: &'static str,
}

/// Letters, digits and `-_.`; at most 64 characters; never empty. Chinese letters are letters.
pub(crate) fn check(kind: &'static str, given: &str) -> Result<(), BadId> {
    let bad = |why| Err(BadId { kind, given: given.chars().take(80).collect(), why });
    if given.is_empty() {
        return bad("it is empty");
    }
    if given.chars().count() > 64 {
        return bad("it has more than 64 characters");
    }
    if !given.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) {
        return bad("only letters, digits and - _ . may stand in it");
    }
    Ok(())
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text of the identifier.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::ids::BadId;
            fn from_str(given: &str) -> Result<Self, $crate::ids::BadId> {
                $crate::ids::check($kind, given)?;
                Ok(Self(given.to_owned()))
            }
        }
        impl TryFrom<String> for $name {
            type Error = $crate::ids::BadId;
            fn try_from(given: String) -> Result<Self, $crate::ids::BadId> {
                $crate::ids::check($kind, &given)?;
                Ok(Self(given))
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
pub(crate) use text_id;

text_id!(
    /// A city's (and its pack's) name in files and addresses, such as `chongqing-2022`.
    CityId,
    "city id"
);
text_id!(
    /// A facility: hospital, isolation site, laboratory, depot.
    FacilityId,
    "facility id"
);
text_id!(
    /// An office that reports, such as `cq-hc`.
    OfficeId,
    "office id"
);
text_id!(
    /// A person who acts in Levee. Never a patient or a resident: those are pseudonyms.
    PersonId,
    "person id"
);
text_id!(
    /// A sourced parameter, such as `stay.makeshift_days`.
    ParameterId,
    "parameter id"
);

/// An entity made by a command: the command's id and the ordinal of the entity within it.
///
/// So a phone without a network can name what it makes, and two phones never name alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityId {
    command: uuid::Uuid,
    ordinal: u32,
}

impl EntityId {
    /// The `ordinal`-th entity that `command` makes, from 0.
    pub fn new(command: uuid::Uuid, ordinal: u32) -> Self {
        Self { command, ordinal }
    }
    /// The command that made it.
    pub fn command(self) -> uuid::Uuid {
        self.command
    }
    /// Which of the entities that the command made, from 0.
    pub fn ordinal(self) -> u32 {
        self.ordinal
    }
}

impl std::fmt::Display for EntityId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.command.as_simple(), self.ordinal)
    }
}

impl FromStr for EntityId {
    type Err = BadId;
    fn from_str(given: &str) -> Result<Self, BadId> {
        let bad = || BadId { kind: "entity id", given: given.to_owned(), why: "expected 32 hex digits, `-`, a number" };
        let (command, ordinal) = given.split_once('-').ok_or_else(bad)?;
        Ok(Self {
            command: uuid::Uuid::try_parse(command).map_err(|_| bad())?,
            ordinal: ordinal.parse().map_err(|_| bad())?,
        })
    }
}

impl Serialize for EntityId {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EntityId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_checked_when_it_is_made() {
        assert!("cq-hc".parse::<OfficeId>().is_ok());
        assert!("".parse::<OfficeId>().is_err());
        assert_eq!(
            "a b".parse::<FacilityId>().unwrap_err().to_string(),
            "`a b` is not a valid facility id: only letters, digits and - _ . may stand in it"
        );
        assert!("x".repeat(65).parse::<PersonId>().is_err());
    }

    #[test]
    fn an_entity_id_survives_its_text() {
        let id = EntityId::new(uuid::Uuid::from_u128(0x0193_4a5b_0000_7000_8000_0000_0000_0001), 3);
        assert_eq!(id.to_string().parse::<EntityId>(), Ok(id));
    }
}

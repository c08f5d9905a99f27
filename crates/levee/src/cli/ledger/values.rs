//! Values made of two parts or more, as one writes them on a command line.

use jiff::civil::DateTime;
use levee_ledger::order::ResourceId;
use levee_ledger::{KindId, Section};
use levee_model::area::PlaceCode;
use levee_model::ids::PersonId;
use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;

fn part<T: FromStr<Err: Display>>(given: &str) -> Result<T, String> {
    given.parse().map_err(|error: T::Err| error.to_string())
}

fn two<'g>(given: &'g str, shape: &str) -> Result<(&'g str, &'g str), String> {
    let (left, right) = given.split_once('=').ok_or_else(|| format!("expected {shape}"))?;
    if left.is_empty() || right.is_empty() { Err(format!("expected {shape}")) } else { Ok((left, right)) }
}

/// So much of something: `ID=N`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Amount<T> {
    /// Of what.
    pub of: T,
    /// How many units.
    pub units: u64,
}

impl<T: FromStr<Err: Display>> FromStr for Amount<T> {
    type Err = String;
    fn from_str(given: &str) -> Result<Self, String> {
        let (of, units) = two(given, "NAME=NUMBER")?;
        let number = |_| format!("`{units}` is no whole number");
        Ok(Self { of: part(of)?, units: units.parse().map_err(number)? })
    }
}

/// A field of a kind: `name=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldGiven {
    /// Its name.
    pub name: String,
    /// What was written.
    pub value: String,
}

impl FromStr for FieldGiven {
    type Err = String;
    fn from_str(given: &str) -> Result<Self, String> {
        let (name, value) = two(given, "NAME=VALUE")?;
        Ok(Self { name: name.to_owned(), value: value.to_owned() })
    }
}

/// What proves something: `photo=FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proof {
    /// What it is.
    pub what: String,
    /// Where it lies.
    pub file: PathBuf,
}

impl FromStr for Proof {
    type Err = String;
    fn from_str(given: &str) -> Result<Self, String> {
        let (what, file) = two(given, "WHAT=FILE")?;
        Ok(Self { what: what.to_owned(), file: file.into() })
    }
}

/// Why there is an order: `need=ID`, `forecast=ID`, `rule=CLAUSE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RestsOn {
    /// Its code.
    pub code: String,
    /// What it rests on.
    pub rests_on: String,
}

impl FromStr for RestsOn {
    type Err = String;
    fn from_str(given: &str) -> Result<Self, String> {
        let (code, rests_on) = two(given, "CODE=RESTS_ON, such as need=ID or directive=MEETING")?;
        Ok(Self { code: code.to_owned(), rests_on: rests_on.to_owned() })
    }
}

/// Capacity to be held: `RESOURCE=UNITS@FROM/UNTIL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HoldGiven {
    /// Of what.
    pub resource: ResourceId,
    /// How many.
    pub units: u64,
    /// From when.
    pub from: DateTime,
    /// Until when, not included.
    pub until: DateTime,
}

impl FromStr for HoldGiven {
    type Err = String;
    fn from_str(given: &str) -> Result<Self, String> {
        let shape = "expected RESOURCE=UNITS@FROM/UNTIL, such as H1:general=4@2022-11-18T12:00/2022-11-21T12:00";
        let (amount, span) = given.split_once('@').ok_or(shape)?;
        let (from, until) = span.split_once('/').ok_or(shape)?;
        let Amount { of: resource, units } = amount.parse()?;
        Ok(Self { resource, units, from: part(from)?, until: part(until)? })
    }
}

/// Which obligations: `kind=K,area=A,section=S,owner=P,late`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// Of this kind.
    pub kind: Option<KindId>,
    /// In this area, with all that lies in it.
    pub area: Option<PlaceCode>,
    /// Of this section.
    pub section: Option<Section>,
    /// Given to this person.
    pub owner: Option<PersonId>,
    /// Only what is late.
    pub late: bool,
}

impl FromStr for Chosen {
    type Err = String;
    fn from_str(given: &str) -> Result<Self, String> {
        let mut chosen = Self::default();
        for condition in given.split(',') {
            match condition.split_once('=') {
                Some(("kind", value)) => chosen.kind = Some(part(value)?),
                Some(("area", value)) => chosen.area = Some(part(value)?),
                Some(("section", value)) => chosen.section = Some(part(value)?),
                Some(("owner", value)) => chosen.owner = Some(part(value)?),
                None if condition == "late" => chosen.late = true,
                _ => {
                    return Err(format!(
                        "`{condition}` is no condition: there are kind=K, area=A, section=S, owner=PERSON and late"
                    ));
                }
            }
        }
        Ok(chosen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_says_of_what_how_many_and_when() {
        let hold: HoldGiven = "H1:general=4@2022-11-18T12:00/2022-11-21T12:00".parse().unwrap();
        assert_eq!((hold.resource.as_str(), hold.units), ("H1:general", 4));
        assert!("H1:general=4".parse::<HoldGiven>().is_err());
        assert!("H1:general=many@2022-11-18T12:00/2022-11-21T12:00".parse::<HoldGiven>().is_err());
    }

    #[test]
    fn conditions_are_known_or_refused() {
        let chosen: Chosen = "kind=transfer,area=500103,late".parse().unwrap();
        assert!(chosen.late && chosen.kind.is_some() && chosen.area.is_some() && chosen.section.is_none());
        assert!("kind".parse::<Chosen>().unwrap_err().contains("there are kind=K"));
        assert!("".parse::<Chosen>().is_err());
    }
}

//! Personal values in memory: they cannot be printed by accident.

use jiff::civil::Date;
use levee_model::subject::{PersonalField, Pseudonym, Purpose};
use std::collections::BTreeMap;
use std::fmt;

/// A personal value. It has no `Display`, its `Debug` shows nothing, and it does not serialise; who needs it says
/// [`Secret::expose`], which is easy to search for.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A value as it was given.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value. It must go to the screen or file of whom it was handed over to, and nowhere else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(**)")
    }
}

/// Why something cannot be a record. It does not repeat a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRecord {
    /// Nothing to keep.
    #[error("a record without any field")]
    Empty,
    /// More than anybody needs.
    #[error("a record of {0} fields; at most {MOST_FIELDS} are kept about one person")]
    TooMany(usize),
    /// A value that says nothing.
    #[error("`{0}` is empty; leave the field out")]
    Blank(PersonalField),
    /// A value longer than any name, number or address.
    #[error("`{field}` has {bytes} bytes; at most {MOST_BYTES} are kept")]
    TooLong {
        /// The field.
        field: PersonalField,
        /// How long.
        bytes: usize,
    },
}

/// The most fields of a record: data that are kept must be needed.
pub const MOST_FIELDS: usize = 32;

/// The most bytes of a value; a long address in Chinese has about 200.
pub const MOST_BYTES: usize = 1000;

/// What the city keeps about one person, and what for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonalRecord {
    fields: BTreeMap<PersonalField, Secret>,
    purpose: Purpose,
    retain_until: Date,
}

impl PersonalRecord {
    /// A record of at least one field, kept for `purpose` up to the end of the day `retain_until`.
    pub fn new(
        fields: BTreeMap<PersonalField, Secret>,
        purpose: Purpose,
        retain_until: Date,
    ) -> Result<Self, BadRecord> {
        if fields.is_empty() {
            return Err(BadRecord::Empty);
        }
        if fields.len() > MOST_FIELDS {
            return Err(BadRecord::TooMany(fields.len()));
        }
        for (field, value) in &fields {
            let bytes = value.expose().len();
            if value.expose().trim().is_empty() {
                return Err(BadRecord::Blank(field.clone()));
            }
            if bytes > MOST_BYTES {
                return Err(BadRecord::TooLong { field: field.clone(), bytes });
            }
        }
        Ok(Self { fields, purpose, retain_until })
    }

    /// The fields with their values.
    pub fn fields(&self) -> &BTreeMap<PersonalField, Secret> {
        &self.fields
    }

    /// What they are kept for.
    pub fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    /// The last day on which they are kept.
    pub fn retain_until(&self) -> Date {
        self.retain_until
    }

    /// The names of the fields.
    pub(super) fn names(&self) -> Vec<PersonalField> {
        self.fields.keys().cloned().collect()
    }

    /// Only these fields; those that the record does not have are left out.
    pub(super) fn only(self, subject: Pseudonym, fields: &[PersonalField]) -> super::PersonalValues {
        let values = self.fields.into_iter().filter(|(field, _)| fields.contains(field)).collect();
        super::PersonalValues { subject, values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn record(field: &str, value: String) -> Result<PersonalRecord, BadRecord> {
        let fields = BTreeMap::from([(field.parse().unwrap(), Secret::new(value))]);
        PersonalRecord::new(fields, "food_delivery".parse().unwrap(), date(2022, 12, 31))
    }

    #[test]
    fn a_record_says_what_is_wrong_without_the_value() {
        let none = PersonalRecord::new(BTreeMap::new(), "food_delivery".parse().unwrap(), date(2022, 12, 31));
        assert_eq!(none, Err(BadRecord::Empty));
        let said = |value: String| record("name", value).unwrap_err().to_string();
        insta::assert_snapshot!(said(" \u{3000}".to_owned()), @"`name` is empty; leave the field out");
        insta::assert_snapshot!(said("张".repeat(334)), @"`name` has 1002 bytes; at most 1000 are kept");
        let many = (0..33).map(|nth| (format!("f{nth}").parse().unwrap(), Secret::new("x"))).collect();
        let many = PersonalRecord::new(many, "food_delivery".parse().unwrap(), date(2022, 12, 31));
        assert_eq!(many, Err(BadRecord::TooMany(33)));
    }
}

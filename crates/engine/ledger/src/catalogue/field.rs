//! Fields that only one kind has: data, typed and checked.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// What a field may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// A short public text: a name of a thing, a title. Never about a person.
    Text,
    /// An identifier: letters, digits, `-_.`.
    Id,
    /// The code of a place.
    Place,
    /// A facility.
    Facility,
    /// A whole number, never negative.
    Count,
    /// A number.
    Decimal,
    /// A day.
    Date,
    /// A civil time in the city's calendar.
    DateTime,
    /// Yes or no.
    Flag,
    /// One of a few words.
    Choice(Vec<String>),
    /// About a person (name, telephone, address): goes to the vault under the subject's key, never into the journal.
    Personal,
}

/// One field of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in tables.
    pub name: String,
    /// What it may hold.
    pub holds: FieldType,
    /// Whether it must be there.
    pub required: bool,
    /// Unit of a number, where it has one.
    pub unit: Option<String>,
    /// What it says, in Chinese and English.
    pub about: (String, String),
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldValue {
    /// Text, identifier, place, facility, choice.
    Text(String),
    /// A whole number.
    Count(u64),
    /// A number.
    Decimal(f64),
    /// A day.
    Date(Date),
    /// A civil time.
    DateTime(DateTime),
    /// Yes or no.
    Flag(bool),
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadField {
    /// The kind has no such field.
    #[error("`{kind}` has no field `{field}`")]
    Unknown {
        /// The kind.
        kind: String,
        /// The field.
        field: String,
    },
    /// It is missing.
    #[error("field `{field}` of `{kind}` is missing")]
    Missing {
        /// The kind.
        kind: String,
        /// The field.
        field: String,
    },
    /// It holds something else.
    #[error("field `{field}` of `{kind}` cannot be that: expected {expected}")]
    Type {
        /// The kind.
        kind: String,
        /// The field.
        field: String,
        /// What it may hold.
        expected: String,
    },
    /// Personal data lie in the vault, never in the journal.
    #[error("field `{field}` of `{kind}` is personal: it belongs in the vault")]
    Personal {
        /// The kind.
        kind: String,
        /// The field.
        field: String,
    },
}

impl FieldType {
    /// In words, for an error.
    pub fn words(&self) -> String {
        match self {
            Self::Text => "a short text".to_owned(),
            Self::Id => "an identifier of letters, digits and - _ .".to_owned(),
            Self::Place => "the code of a place".to_owned(),
            Self::Facility => "the id of a facility".to_owned(),
            Self::Count => "a whole number".to_owned(),
            Self::Decimal => "a number".to_owned(),
            Self::Date => "a day such as 2022-11-18".to_owned(),
            Self::DateTime => "a time such as 2022-11-18T08:00".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::Choice(words) => format!("one of {}", words.join(", ")),
            Self::Personal => "personal data".to_owned(),
        }
    }

    /// Whether a value fits.
    pub fn fits(&self, value: &FieldValue) -> bool {
        match (self, value) {
            (Self::Text, FieldValue::Text(text)) => !text.is_empty() && text.chars().count() <= 200,
            (Self::Id | Self::Place | Self::Facility, FieldValue::Text(text)) => {
                !text.is_empty()
                    && text.chars().count() <= 64
                    && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
            }
            (Self::Choice(words), FieldValue::Text(text)) => words.contains(text),
            (Self::Count, FieldValue::Count(_))
            | (Self::Date, FieldValue::Date(_))
            | (Self::DateTime, FieldValue::DateTime(_))
            | (Self::Flag, FieldValue::Flag(_)) => true,
            (Self::Decimal, FieldValue::Decimal(number)) => number.is_finite(),
            _ => false,
        }
    }
}

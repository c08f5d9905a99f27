//! What the other engines say to a reader: a code with arguments, never a sentence. The sentences stand in
//! [`crate::catalogue`], one for each language.

use jiff::civil::{Date, DateTime};
use levee_model::report::Qualifier;
use levee_model::time::Period;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The same thing named in both languages. Names and free texts that came in both, never a translation made here.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Words {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Words {
    /// Chinese first, then English.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
    /// A text that came in one language only and stands as it is in both, such as an id.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { zh: text.clone(), en: text }
    }
}

/// An argument of a [`Message`]; each language writes it in its own way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "value")]
pub enum Arg {
    /// A whole count, written with thousands by comma.
    Count(u64),
    /// A count that is a bound or a round figure: more than 32,000.
    Qualified {
        /// How exact it is.
        qualifier: Qualifier,
        /// The count.
        count: u64,
    },
    /// A number, written with `decimals` digits after the point.
    Number {
        /// The number.
        value: f64,
        /// Digits after the point.
        decimals: u8,
    },
    /// Percent, 0 to 100, at most two digits after the point.
    Percent(f64),
    /// Hours; written as minutes below one hour and as days from 72.
    Hours(f64),
    /// A civil day.
    Day(Date),
    /// A civil moment.
    Moment(DateTime),
    /// A reporting period.
    Period(Period),
    /// A name or a text that came in both languages.
    Words(Words),
    /// A text that stands as it is: an id, a column.
    Plain(String),
    /// Several of them, joined as a list.
    List(Vec<Arg>),
    /// Another message, for sentences with a part that is a message.
    Message(Box<Message>),
}

/// A code of [`crate::catalogue`] with its arguments. A code the catalogue lacks is shown as it is with its arguments:
/// ugly, and never lost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// The code.
    pub code: String,
    /// Its arguments by name.
    #[serde(default)]
    pub args: BTreeMap<String, Arg>,
}

impl Message {
    /// A message without arguments.
    pub fn new(code: impl Into<String>) -> Self {
        Self { code: code.into(), args: BTreeMap::new() }
    }
    /// A sentence that came in both languages, as it was said.
    pub fn said(words: Words) -> Self {
        Self::new("said").with("text", Arg::Words(words))
    }
    /// The message with one more argument.
    #[must_use]
    pub fn with(mut self, name: &str, arg: Arg) -> Self {
        self.args.insert(name.to_owned(), arg);
        self
    }
    /// The message with a count.
    #[must_use]
    pub fn count(self, name: &str, count: u64) -> Self {
        self.with(name, Arg::Count(count))
    }
    /// The message with a day.
    #[must_use]
    pub fn day(self, name: &str, day: Date) -> Self {
        self.with(name, Arg::Day(day))
    }
    /// The message with a name in both languages.
    #[must_use]
    pub fn words(self, name: &str, words: Words) -> Self {
        self.with(name, Arg::Words(words))
    }
}

//! A rulebook as it was handed in: its text, and what it says.

use levee_rulebook::{Rulebook, RulebookProblem};

/// A rulebook with its text.
#[derive(Clone, Debug)]
pub struct Book {
    pub(super) text: String,
    pub(super) rules: Rulebook,
}

/// What is wrong with a rulebook, line by line.
pub type BookFault = Vec<RulebookProblem>;

impl Book {
    /// Reads one.
    pub fn read(text: String) -> Result<Self, BookFault> {
        Rulebook::parse(&text).map(|rules| Self { text, rules })
    }
    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }
    /// What it says.
    pub fn rules(&self) -> &Rulebook {
        &self.rules
    }
}

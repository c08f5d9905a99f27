//! From text to a checked [`Rulebook`]: every fault is found in one go, each with its place and its mend.

pub(crate) mod book;
pub(crate) mod fields;
mod lines;
mod predicate;
mod refs;
mod rule;

use crate::book::Rulebook;
use crate::problem::RulebookProblem;
use fields::Faults;

impl Rulebook {
    /// Reads a rulebook of the form [`Rulebook::SCHEMA`].
    ///
    /// On failure gives every fault at once, in the order of the file; only a text that is not YAML at all gives one.
    pub fn parse(text: &str) -> Result<Self, Vec<RulebookProblem>> {
        let mut faults = Faults::new(text, "rules");
        let book = fields::yaml(text, &mut faults).and_then(|root| book::read(&root, &mut faults));
        faults.done(book)
    }
}

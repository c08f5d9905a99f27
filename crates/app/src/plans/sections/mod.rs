//! The parts of a plan beside its orders, as they are read: what each finds, two to four lines, one table. The brief and the
//! command line show the same.

mod changed;
mod openings;
mod rooms;
mod runs;
mod testing;

use super::document::PlanDocument;
use levee_brief::facts::PlanSection;

/// The parts of a plan beside its orders and shortfalls, in the order in which they are read. `before` is the plan that it
/// follows.
pub fn sections(document: &PlanDocument, before: Option<&PlanDocument>) -> Vec<PlanSection> {
    let mut all = Vec::new();
    all.extend(before.and_then(|before| changed::section(before, document)));
    all.extend(changed::decided(document));
    all.extend(openings::section(document));
    all.extend(rooms::section(document));
    all.extend(runs::section(document));
    all.extend(testing::section(document));
    all
}

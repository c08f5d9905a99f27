//! What a measure may be: a rulebook as data, and a measure held against it.
//!
//! In goes a rulebook (YAML text, see `docs/rulebook.md`), a day, and [`Facts`] about one measure. Out comes a
//! [`Judgement`]: one verdict, the rules it rests on, and for every check of every rule that applies a [`Reason`]
//! with the clauses, the facts that were used, the facts and numbers that are missing, and what would change it, as
//! codes with arguments. The order of the rules in the file never matters.
//!
//! ```
//! # use levee_rulebook::{Facts, Rulebook, Verdict, judge};
//! let book = Rulebook::parse(include_str!("../../../../rulebooks/measles-school.yaml")).unwrap();
//! let facts = Facts::parse("{measure.type: close_room, measure.hours: 72}").unwrap();
//! let judgement = judge(&book, jiff::civil::date(2022, 11, 24), &facts);
//! assert_eq!(judgement.verdict, Verdict::Stricter); // air is a risk for 2 hours, not for 3 days
//! ```
//!
//! The crate reads no file and asks no clock. It describes what a text allows; it endorses nothing.

mod book;
mod case;
mod choices;
mod contradiction;
pub mod diff;
mod eval;
mod facts;
mod ids;
mod judge;
mod possible;
mod predicate;
mod problem;
mod read;
mod reason;
mod rule;
mod schema;
mod value;

pub use book::{Jurisdiction, Orders, Period, Rulebook, Source, Title};
pub use case::{Case, Expected, parse_cases};
pub use facts::{BadFacts, Facts};
pub use ids::{FactPath, RuleId, RulebookId};
pub use judge::{Gate, GateState, Judgement, judge};
pub use predicate::{Comparison, Op, Operand, Predicate, Test};
pub use problem::{Fault, RulebookProblem};
pub use reason::{Change, Outcome, Reason};
pub use rule::{
    Authority, Check, Clause, Confidence, Effective, Evidence, Examples, GateBasis, Kind, Limits, Obligation,
    OnMissing, Release, Rule, Scope, Strength, Verdict,
};
pub use schema::{DAY, DURATION, NAME, schema};
pub use value::Value;

//! Restrictions: none goes live without its services, and every one ends by itself.
//!
//! A [`Measure`] is drafted, assessed, gated and only then live; it is suspended as soon as an exit or urgent care is lost, and over
//! at its end whether or not anybody looks. Live is one of two things, [`Basis::Gated`] or [`Basis::Overridden`], and both hold a
//! value that only [`gate`] can make. What the gate wants stands in law 5 of `docs/laws.md`; missing facts fail.
//!
//! [`Measures::decide`] says what a command means at a moment, or why it is refused; [`Measures::apply`] writes what has happened
//! and cannot refuse. Neither asks what time it is. [`Command::Tick`] does what time alone brings; it only ever loosens, and
//! [`Measure::binds`] does not depend on its having run.
//!
//! What others did outside Levee is an [`ObservedMeasure`]: always recorded, judged and flagged, never gated. A trip for urgent care
//! is always recorded as dispatched, whatever stands in its way.
//!
//! A pass that is read back from a record proves nothing by itself: [`Measures::proves`] runs the gate again over the facts that it
//! rests on, and the store asks it in every commit.
//!
//! To wire it: the application reads the providers' offers, the inspections and the demand into [`GateFacts`] and the rulebook's
//! judgement into an [`Assessment`], gives the moment and the person as [`Acting`], and stores each [`Change`]. Whether the city
//! knows an area, and what a person may do, is asked there.

mod appeal;
pub mod audit;
mod change;
mod command;
mod decide;
pub mod gate;
mod measure;
mod observed;
mod prove;
mod refusal;
mod service;
mod terms;
mod told;
pub mod zones;

pub use appeal::{Appeal, AppealId, Decided, For};
pub use change::{Change, EndReason, SuspendReason};
pub use command::{Command, FieldReport};
pub use decide::{Acting, Measures};
pub use gate::{
    Basis, Deferrable, ExitKind, GateFacts, GatePass, Inspection, Lack, Notice, OverridePass, Promise, Way, WayId,
};
pub use measure::{Measure, MeasureId, Phase, PhaseName};
pub use observed::{Flag, ObservedMeasure};
pub use prove::Unproven;
pub use refusal::Refusal;
pub use service::{Demand, Provider, Service};
pub use terms::{Assessment, BadTerms, EvidenceItem, Ground, Household, PersonalKind, Scope, Subject, Terms};

/// Inspections of exits and fire lanes are at most so old when a restriction goes live, hours (law 5, issue of the measures).
pub const INSPECTED_WITHIN_HOURS: i64 = 24;
/// And are made again at least so often while it is live, hours.
pub const INSPECTED_EVERY_HOURS: i64 = 72;
/// An override defers for at most so long, hours (law 5).
pub const OVERRIDE_HOURS: i64 = 24;
/// A household without its due delivery for so long is free, hours (law 5).
pub const UNSERVED_HOURS: i64 = 24;
/// An appeal is decided within so long, hours.
pub const APPEAL_HOURS: i64 = 24;

/// Hours as a duration.
pub(crate) fn hours(hours: i64) -> jiff::SignedDuration {
    jiff::SignedDuration::from_hours(hours)
}

/// A moment so much later; at the end of the calendar, the end of the calendar.
pub(crate) fn after(moment: jiff::Timestamp, so_many_hours: i64) -> jiff::Timestamp {
    moment.checked_add(hours(so_many_hours)).unwrap_or(jiff::Timestamp::MAX)
}

/// The verdict of this code.
pub fn verdict_of(code: &str) -> Option<levee_rulebook::Verdict> {
    use levee_rulebook::Verdict::{Blocked, Laxer, NotCovered, Stricter, Undetermined, Within};
    [Blocked, Stricter, Laxer, Undetermined, Within, NotCovered].into_iter().find(|verdict| verdict.code() == code)
}

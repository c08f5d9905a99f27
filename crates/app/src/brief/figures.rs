//! A figure of the picture as a figure of the brief.

use crate::settings::Calendar;
use levee_brief::facts::{Arg, AsOf, Figure, Known as BriefKnown, Message};
use levee_model::quantity::Persons;
use levee_model::report::Basis;
use levee_picture::{Figure as Seen, Known, Why};

/// Why the picture does not know, as a code of the brief.
pub(crate) fn reason(why: Why) -> Message {
    Message::new(match why {
        Why::NeverReported => "never_reported",
        Why::NotReportedForDay => "not_stated",
        Why::NotYetKnown => "not_reported_yet",
        Why::OnlyInPart => "unknown.only_in_part",
        Why::PopulationUnknown => "population_unknown",
        Why::PartUnknown => "unknown.part_missing",
    })
}

/// A known figure with another value made from it.
pub(crate) fn of<T, U>(seen: &Seen<T>, value: U, calendar: &Calendar) -> Figure<U> {
    let as_of = match seen.period {
        Some(period) => match period.full_day() {
            Some(day) => AsOf::Day(day),
            None => AsOf::Period(period),
        },
        None => AsOf::Moment(seen.as_of),
    };
    let basis = match seen.basis {
        Some(Basis::MayCountTwice) => Some(Message::new("basis.may_count_twice")),
        Some(Basis::Computed) => Some(Message::new("basis.computed").with(
            "how",
            Arg::Words(levee_brief::facts::Words::new("确诊＋无症状－转归", "confirmed + asymptomatic − converted")),
        )),
        Some(Basis::Stated) | None => None,
    };
    Figure::Known(BriefKnown {
        value,
        qualifier: seen.qualifier,
        origin: seen.origin,
        as_of: Some(as_of),
        known_at: Some(calendar.civil(seen.known_at)),
        age_hours: Some(seen.age_hours),
        sources: seen.sources.clone(),
        basis,
    })
}

/// A figure of the picture, its value turned by `turn`.
pub(crate) fn figure<T, U>(known: &Known<T>, calendar: &Calendar, turn: impl FnOnce(&T) -> U) -> Figure<U> {
    match known {
        Known::Known(seen) => of(seen, turn(&seen.value), calendar),
        Known::Unknown(why) => Figure::unknown(reason(*why)),
    }
}

/// A count of people.
pub(crate) fn people(known: &Known<Persons>, calendar: &Calendar) -> Figure<u64> {
    figure(known, calendar, |persons| persons.get())
}

/// A whole number from a stated decimal; people and beds are stated as decimals only in the table of single figures.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "stated counts, clamped at zero")]
pub(crate) fn whole(value: f64) -> u64 {
    value.round().max(0.0) as u64
}

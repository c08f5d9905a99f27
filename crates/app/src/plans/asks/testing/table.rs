//! The city's parameters as the plan of testing reads them: each once, with what it rests on; what is missing is remembered.

use crate::day::Why;
use crate::day::known::KnownCity;
use jiff::civil::Date;
use levee_model::provenance::Origin;
use std::collections::BTreeSet;

/// A number in force and what it rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) value: f64,
    pub(super) origin: Origin,
}

/// Reads parameters in force on the plan's first day.
pub(super) struct Table<'a> {
    known: &'a KnownCity,
    start: Date,
    missing: BTreeSet<&'static str>,
}

impl<'a> Table<'a> {
    pub(super) fn new(known: &'a KnownCity, start: Date) -> Self {
        Self { known, start, missing: BTreeSet::new() }
    }

    /// The number of that name, which must be finite and at least `least`; whatever is not counts as missing.
    pub(super) fn at_least(&mut self, id: &'static str, least: f64) -> Option<Found> {
        let found = self.known.parameters.in_force(id, self.start).ok();
        let good = found.filter(|(_, value)| value.is_finite() && *value >= least);
        if good.is_none() {
            self.missing.insert(id);
        }
        good.map(|(row, value)| Found { value, origin: row.origin })
    }

    /// The same, not negative.
    pub(super) fn get(&mut self, id: &'static str) -> Option<Found> {
        self.at_least(id, 0.0)
    }

    /// Who said so.
    pub(super) fn source(&self, id: &str) -> Option<String> {
        self.known.parameters.in_force(id, self.start).ok().map(|(row, _)| row.source.clone())
    }

    /// What was asked for and is not there, in one sentence.
    pub(super) fn missing(&self) -> Option<Why> {
        let ids: Vec<&str> = self.missing.iter().copied().collect();
        (!ids.is_empty()).then(|| {
            Why::new(
                format!("参数{}没有可用取值，相应部分未编入；请在 parameters.csv 中补充并注明来源", ids.join("、")),
                format!(
                    "the pack's parameters.csv has no usable value of {}, so what rests on it is not planned; add a row for each, with \
                     its source",
                    ids.join(", ")
                ),
            )
        })
    }
}

/// The next whole number; nothing for what is not a number or negative.
pub(super) fn whole(value: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what is exact")]
    let whole = value.ceil().clamp(0.0, 9e15) as u64;
    whole
}

/// The same as a small number, cut to its range.
pub(super) fn small<T: TryFrom<u64>>(value: f64, most: T) -> T {
    T::try_from(whole(value)).unwrap_or(most)
}

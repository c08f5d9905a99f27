//! How a district stands: what is in force there, and how long it has been stricter or laxer than the rules.

use super::{Audited, Span};
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_rulebook::Verdict;
use std::collections::BTreeMap;

/// The measures in force in one district on the day of the audit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// How many stand how.
    pub counts: BTreeMap<Verdict, usize>,
    /// The stricter ones (blocked ones too) with their age: days for which they have been stricter. Oldest first.
    pub stricter: Vec<(String, i64)>,
    /// The laxer ones, likewise.
    pub laxer: Vec<(String, i64)>,
}

/// Each of `districts` with what is in force there on `on`; a district without any stands there empty.
pub fn by_district<'d>(
    audited: &[Audited],
    on: Date,
    districts: impl IntoIterator<Item = &'d PlaceCode>,
) -> BTreeMap<PlaceCode, Standing> {
    let mut all: BTreeMap<PlaceCode, Standing> =
        districts.into_iter().map(|code| (code.clone(), Standing::default())).collect();
    for one in audited.iter().filter(|one| one.seen.runs(on)) {
        let Some(verdict) = one.latest().map(|span: &Span| span.verdict) else { continue };
        for code in &one.seen.districts {
            let Some(standing) = all.get_mut(code) else { continue };
            *standing.counts.entry(verdict).or_insert(0) += 1;
            match verdict {
                Verdict::Stricter | Verdict::Blocked => {
                    standing.stricter.push((one.seen.id.clone(), one.days_stricter()));
                }
                Verdict::Laxer => standing.laxer.push((one.seen.id.clone(), one.days_laxer())),
                _ => {}
            }
        }
    }
    for standing in all.values_mut() {
        for aged in [&mut standing.stricter, &mut standing.laxer] {
            aged.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        }
    }
    all
}

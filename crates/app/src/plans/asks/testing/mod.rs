//! What the planner of testing is asked: whom to sample on the day after the meeting, where, by whom, and which laboratories take
//! the tubes.
//!
//! People come from the outlook's contacts and from the parameters' shares of residents, places and laboratories from the register and
//! their latest status, hours, teams, promises and limits from the parameters. What nobody has reported is left out and said, with what
//! would mend it; an unknown laboratory is not an idle one. Why it is read so: `docs/design/planner-city.md`.

mod duties;
mod places;
mod prevalence;
mod table;

use crate::day::Why;
use crate::day::known::KnownCity;
use jiff::civil::Date;
use levee_model::plan::testing::{HourSpan, OutsideHelp, TestingInputs, TestingLimits};
use levee_outlook::demand::Demand;
use levee_picture::Picture;
use table::{Table, small, whole};

/// What it is asked, and what could not be asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What the planner is asked.
    pub inputs: TestingInputs,
    /// What could not be asked for, and what would mend it.
    pub gaps: Vec<Why>,
}

/// Parameters that the plan of testing rests on.
const USED: [&str; 30] = [
    "lab.certified_share",
    "lab.hours_per_day",
    "lab.run_minutes",
    "lab.run_tubes",
    "plan.quantile",
    "testing.contact_tests_per_day",
    "testing.courier_every_hours",
    "testing.courier_km_per_hour",
    "testing.courier_load_minutes",
    "testing.door_team_persons_per_hour",
    "testing.institution_per_10000",
    "testing.outside_travel_minutes",
    "testing.posts_per_10000",
    "testing.promise_contact_hours",
    "testing.promise_institution_hours",
    "testing.promise_post_hours",
    "testing.promise_round_hours",
    "testing.promise_urgent_hours",
    "testing.recheck_hours",
    "testing.residents_per_door_team",
    "testing.residents_per_team",
    "testing.round_every_days",
    "testing.round_share",
    "testing.site_closes_hour",
    "testing.site_opens_hour",
    "testing.team_persons_per_hour",
    "testing.team_shift_hours",
    "testing.teams_per_site_at_most",
    "testing.tube_life_hours",
    "testing.urgent_per_10000",
];

/// Hours of the day in which sites are open, city time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Opening {
    from: u16,
    until: u16,
}

impl Opening {
    fn span(self) -> HourSpan {
        HourSpan { from: self.from, until: self.until }
    }
}

/// What it is asked for the day from `start` on; or why it cannot be. Without demand, contacts and prevalence are not known.
pub(crate) fn asked(known: &KnownCity, picture: &Picture, demand: Option<&Demand>, start: Date) -> Result<Asked, Why> {
    let mut table = Table::new(known, start);
    // All of them at once, so that a gap names every row that is missing and nobody mends one after the other.
    for id in USED {
        table.get(id);
    }
    let mut gaps = Vec::new();
    let opening = opening(&mut table);
    let prevalence = prevalence::of(known, demand, start, &mut table);
    let duties = opening.map_or_else(Vec::new, |opening| {
        let day = duties::Day { known, start, opening, prevalence: &prevalence };
        duties::of(&day, demand, &mut table, &mut gaps)
    });
    let sites = places::sites(known, start, opening, &mut table);
    let teams = opening.map_or_else(Vec::new, |opening| places::teams(known, opening, &mut table));
    let limits = limits(opening, &mut table);
    let laboratories = places::laboratories(picture, start, opening, limits.laboratory_hours, &mut table, &mut gaps);
    let lanes = places::lanes(known, picture, &sites, &laboratories, &mut table);
    gaps.extend(table.missing());
    if duties.is_empty() {
        let (zh, en): (Vec<_>, Vec<_>) = gaps.into_iter().map(|why| (why.zh, why.en)).unzip();
        let (zh, en) = (zh.join("；"), en.join("; "));
        return Err(Why::new(
            format!("应检人数均不明，未编制检测方案。{zh}"),
            format!("it is not known whom to test, so there is no plan of testing: {en}"),
        ));
    }
    let prevalence = prevalence.into_rows();
    let (waiting, issued) = (Vec::new(), Vec::new());
    let inputs =
        TestingInputs { start, duties, sites, teams, laboratories, lanes, prevalence, waiting, issued, limits };
    Ok(Asked { inputs, gaps })
}

/// When sites open and close. Closing hours before opening hours would be a night; no pack has one, and it counts as not known.
fn opening(table: &mut Table<'_>) -> Option<Opening> {
    let (from, until) = (table.get("testing.site_opens_hour")?, table.at_least("testing.site_closes_hour", 1.0)?);
    let (from, until): (u16, u16) = (small(from.value.floor(), u16::MAX), small(until.value.floor(), u16::MAX));
    (from < until && until <= 24).then_some(Opening { from, until })
}

/// What the plan must keep to. Where the table says nothing, the planner's own cautious limit stands, and the gap is said.
fn limits(opening: Option<Opening>, table: &mut Table<'_>) -> TestingLimits {
    let mut limits = TestingLimits::default();
    if let Some(opening) = opening {
        // Second samples called up after closing are the next day's business.
        limits.sampling_hours = opening.until;
    }
    if let Some(life) = table.get("testing.tube_life_hours") {
        limits.tube_life_hours = small(life.value.floor(), u16::MAX);
    }
    if let Some(share) = table.get("lab.certified_share") {
        limits.share_per_mille = small((share.value * 1000.0).floor(), 1000).min(1000);
        let source = table.source("lab.certified_share").unwrap_or_default();
        limits.share_source = format!("lab.certified_share; {source}");
    }
    if let Some(recheck) = table.get("testing.recheck_hours") {
        limits.recheck_within_hours = small(recheck.value, u16::MAX);
        limits.recheck_promise_minutes = small(recheck.value * 60.0, u32::MAX);
    }
    let outside = table.get("testing.outside_travel_minutes").zip(table.get("lab.run_minutes"));
    let first = limits.outside.map_or(0, |outside| outside.from_hour);
    limits.outside = outside.map(|(way, run)| OutsideHelp {
        minutes: small(way.value, u32::MAX),
        turnaround_minutes: small(run.value, u32::MAX),
        from_hour: first,
    });
    limits
}

/// Days from the first of the forecast to the plan's first, if it lies in the forecast.
fn days_ahead(demand: &Demand, start: Date) -> Option<usize> {
    let hours = start.duration_since(demand.first_day()).as_hours();
    usize::try_from(hours / 24).ok().filter(|ahead| hours >= 0 && *ahead < demand.days())
}

/// `people` of each, cut so that the sum is that of all, rounded: nobody is made or lost by rounding district by district.
fn shared_out(people: &[f64]) -> Vec<u64> {
    let (mut sum, mut given) = (0.0, 0u64);
    people
        .iter()
        .map(|n| {
            sum += if n.is_finite() { n.max(0.0) } else { 0.0 };
            let all = whole((sum - 0.5).max(0.0));
            let here = all.saturating_sub(given);
            given = given.max(all);
            here
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// However people are spread over districts, rounding keeps their sum to within half a person.
        #[test]
        fn rounding_keeps_the_city(people in prop::collection::vec(0.0f64..50.0, 1..40)) {
            let (sum, given) = (people.iter().sum::<f64>(), shared_out(&people).iter().sum::<u64>());
            #[expect(clippy::cast_precision_loss, reason = "a few thousand people")]
            let apart = (given as f64 - sum).abs();
            prop_assert!(apart <= 0.5 + 1e-6, "{given} given of {sum}");
        }
    }
}

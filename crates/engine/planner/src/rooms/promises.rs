//! Promises: what a plan promises, to be kept until its days have come, and how earlier ones held.

use levee_model::plan::room_plan::{PromisesHeld, RoomPlan};
use levee_model::plan::rooms::RoomPromise;

/// What a plan promises for the city and each district, one row for each day; to be archived. Rooms promised are those that
/// suffice but for the stated probability; whether the city has them is another matter, and stands in the plan's shortfalls.
pub fn made(plan: &RoomPlan) -> Vec<RoomPromise> {
    let districts = plan.districts.iter().flat_map(|row| row.days.iter().map(move |day| (Some(&row.district), day)));
    plan.city
        .iter()
        .map(|day| (None, day))
        .chain(districts)
        .filter_map(|(district, day)| {
            Some(RoomPromise {
                made_on: plan.start,
                day: day.day,
                district: district.cloned(),
                rooms: day.need?,
                overflow_probability: plan.overflow_probability,
                came: None,
            })
        })
        .collect()
}

/// How promises held: the city's, then all districts' together. A promise is broken if more rooms were needed than it named.
pub fn held(promises: &[RoomPromise]) -> Vec<PromisesHeld> {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    [false, true]
        .map(|of_districts| {
            let mut these: Vec<&RoomPromise> =
                promises.iter().filter(|p| p.district.is_some() == of_districts).collect();
            // Floats add up alike only in one order.
            these.sort_by(|a, b| a.overflow_probability.total_cmp(&b.overflow_probability));
            let known: Vec<_> = these.iter().filter_map(|p| Some((p, p.came?))).collect();
            PromisesHeld {
                of_districts,
                known: count(known.len()),
                open: count(these.len() - known.len()),
                broken: count(known.iter().filter(|(p, came)| *came > p.rooms).count()),
                stated: known
                    .iter()
                    .map(|(p, _)| p.overflow_probability)
                    .filter(|p| p.is_finite())
                    .fold(0.0, |sum, p| sum + p),
            }
        })
        .into_iter()
        .filter(|row| row.known > 0 || row.open > 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use levee_model::quantity::Rooms;

    #[test]
    fn a_promise_is_broken_by_one_room_more_and_open_until_somebody_knows() {
        let promise = |came: Option<u64>, district: Option<&str>| RoomPromise {
            made_on: date(2022, 11, 20),
            day: date(2022, 11, 22),
            district: district.map(|d| d.parse().unwrap()),
            rooms: Rooms::new(100),
            overflow_probability: 0.05,
            came: came.map(Rooms::new),
        };
        let all =
            [promise(Some(100), None), promise(Some(101), None), promise(None, None), promise(Some(1), Some("A"))];
        let held = held(&all);
        assert_eq!((held[0].known, held[0].open, held[0].broken), (2, 1, 1));
        assert!((held[0].stated - 0.1).abs() < 1e-12);
        assert_eq!((held[1].of_districts, held[1].known, held[1].broken), (true, 1, 0));
    }
}

//! The way from inputs to runs.

use crate::runs::aid::aid;
use crate::runs::places::{Share, share};
use crate::runs::problem::Problem;
use crate::runs::schedule::{Roster, schedule};
use crate::runs::turns::in_order;
use crate::runs::write;
use levee_model::plan::runs::{RunInputs, RunPlan};

/// How long the search goes on, counted in steps and never in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunSearch {
    /// Noisy schedules tried for each district besides the rules; 60 by default: on three made-up cities 300 brought nobody
    /// more, none left up to 179 people more behind (`bench/results/planner-runs.md`).
    pub tries: u32,
    /// Schedules and timetables tried in all, beyond which districts stop helping one another; 2,000,000 by default, a choice of
    /// judgement: a made-up city of 100,000 people took 7,659.
    pub aid: u64,
}

impl Default for RunSearch {
    fn default() -> Self {
        Self { tries: 60, aid: 2_000_000 }
    }
}

/// Proposes the runs of a day. There always is a plan; what it cannot do stands in it.
pub fn propose(inputs: &RunInputs, search: RunSearch, seed: u64) -> RunPlan {
    let problem = Problem::new(inputs);
    let mut shares: Vec<Share> = (0..problem.districts.len()).map(|d| share(&problem, d)).collect();
    let mut roster = Roster { trips: vec![Vec::new(); problem.cars.len()] };
    let mut iterations = 0;
    for (district, share) in shares.iter().enumerate() {
        let (trips, tried) = schedule(&problem, district, share, search.tries, seed);
        iterations += tried;
        for (car, trip) in trips {
            roster.trips[car].push(trip);
        }
    }
    // Every round but the last brings somebody, so it ends; each may leave a turn open for somebody else.
    let meant = loop {
        let riding = |roster: &Roster| roster.trips.iter().flatten().map(|t| t.people(&problem)).sum::<u64>();
        let meant = in_order(&problem, &mut shares, &mut roster);
        let before = riding(&roster);
        let left = search.aid.saturating_sub(iterations);
        iterations += aid(&problem, &shares, &mut roster, left);
        if riding(&roster) == before {
            break meant;
        }
    };
    write::write(inputs, &problem, &roster, &meant, iterations, seed)
}

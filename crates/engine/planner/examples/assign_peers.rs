//! Random instances of the large assignment: written as JSON for peers, solved by us, compared.
//!
//! `assign_peers export DIR`, then `bench/peers/assign.py DIR`, then `assign_peers compare DIR`; `assign_peers time` needs no peer.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::cast_precision_loss, reason = "a benchmark, run by hand")]

#[path = "common/random.rs"]
mod random;

use levee_planner::assign::{AssignInputs, FORBIDDEN, assign};
use random::Random;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

/// People and facilities in a square of 100 km, metres plus up to 20 km of a person's own reasons; every 25th pair forbidden; places for
/// 95 to 110 % of the people, so that the last ones come in by long chains.
fn instance(seed: u64, people: usize, facilities: usize) -> (Vec<u32>, Vec<u64>) {
    let mut r = Random(seed);
    let at = |r: &mut Random| (r.below(100_000) as f64, r.below(100_000) as f64);
    let sites: Vec<(f64, f64)> = (0..facilities).map(|_| at(&mut r)).collect();
    let mut costs = Vec::with_capacity(people * facilities);
    for _ in 0..people {
        let (x, y) = at(&mut r);
        for (a, b) in &sites {
            let metres = (x - a).hypot(y - b);
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 141,422")]
            let cost = metres as u32 + u32::try_from(r.below(20_000)).unwrap();
            costs.push(if r.below(25) == 0 { FORBIDDEN } else { cost });
        }
    }
    let all = people as u64 * (95 + r.below(16)) / 100;
    let mut places: Vec<u64> = (0..facilities).map(|_| all / facilities as u64 / 2).collect();
    for _ in 0..all.saturating_sub(places.iter().sum()) {
        let f = usize::try_from(r.below(facilities as u64)).unwrap();
        places[f] += 1;
    }
    (costs, places)
}

/// Fifty: three tiny ones for the tests, forty-two of many sizes, five of 8,000 x 60.
fn sizes() -> Vec<(usize, usize)> {
    let mut all = vec![(12, 3), (20, 4), (30, 5)];
    let mut r = Random(7);
    let draw = |r: &mut Random, low: u64, high: u64| usize::try_from(low + r.below(high - low)).unwrap();
    all.extend((0..42).map(|_| (draw(&mut r, 50, 2_500), draw(&mut r, 2, 60))));
    all.extend([(8_000, 60); 5]);
    all
}

fn list<T: std::fmt::Display>(all: &[T]) -> String {
    let mut text = String::new();
    for (k, one) in all.iter().enumerate() {
        let _ = write!(text, "{}{one}", if k == 0 { "" } else { "," });
    }
    text
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let dir = args.get(1).map_or(Path::new("."), Path::new);
    let told: Option<serde_json::Value> = (args[0] == "compare")
        .then(|| serde_json::from_slice(&std::fs::read(dir.join("ortools.json")).unwrap()).unwrap());
    let (mut equal, mut all) = (0, 0);
    for (k, (people, facilities)) in sizes().into_iter().enumerate() {
        let (costs, places) = instance(k as u64 + 1, people, facilities);
        if args[0] == "export" {
            let (costs, places) = (list(&costs), list(&places));
            std::fs::write(dir.join(format!("{k:02}.json")), format!("{{\"costs\":[{costs}],\"places\":[{places}]}}"))
                .unwrap();
            continue;
        }
        let began = Instant::now();
        let answer = assign(AssignInputs { costs: &costs, places: &places }).unwrap();
        let took = began.elapsed().as_secs_f64();
        let theirs = told.as_ref().map(|t| &t["instances"][k]);
        let same =
            theirs.map(|t| (t["unplaced"].as_u64(), t["cost"].as_u64()) == (Some(answer.unplaced), Some(answer.cost)));
        all += 1;
        equal += u32::from(same == Some(true));
        println!(
            "{k:02} {people:5} x {facilities:2}: {} unplaced, cost {}, {took:.4} s, {} steps{}",
            answer.unplaced,
            answer.cost,
            answer.steps,
            theirs.map_or(String::new(), |t| format!("; OR-tools {} s, equal: {}", t["seconds"], same == Some(true)))
        );
    }
    if told.is_some() {
        println!("{equal} of {all} equal");
    }
}

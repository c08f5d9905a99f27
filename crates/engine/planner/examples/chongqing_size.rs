//! Plans a made-up city of the size of Chongqing and says how long it took. Nothing in it is a real figure.
//!
//! `cargo run --release -p levee-planner --example chongqing_size [-- DISTRICTS FACILITIES SEED [microlp]]`
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "an example run by hand, on inputs it makes itself")]

#[path = "common/city.rs"]
mod city;
#[path = "common/random.rs"]
mod random;
#[path = "common/wards.rs"]
mod wards;

use city::city;
use levee_planner::solver::programme::MicroLp;
use levee_planner::solver::{NetworkSimplex, Programmes, Solver};
use levee_planner::{compare, nearest_first_greedy, propose_with};
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |k: usize, default: u64| args.get(k).and_then(|a| a.parse().ok()).unwrap_or(default);
    let inputs = city(number(0, 38), number(1, 20), number(2, 1));
    let solver: Box<dyn Solver> = match args.get(3).map(String::as_str) {
        Some("microlp") => Box::new(Programmes::by(MicroLp::default())),
        _ => Box::new(NetworkSimplex::default()),
    };
    let began = Instant::now();
    let plan = propose_with(solver.as_ref(), &inputs, 1);
    let took = began.elapsed();
    let began = Instant::now();
    let violations = levee_check::check(&plan, &inputs);
    println!("checked in {:.3} s: {} violations", began.elapsed().as_secs_f64(), violations.len());
    println!("{} districts, {} bed rows, {} lanes", number(0, 38), inputs.capacity.len(), inputs.lanes.len());
    println!("{:.3} s, {:?}", took.as_secs_f64(), plan.solver);
    println!("{} orders, {} surge, {} shortfalls", plan.orders.len(), plan.surge.len(), plan.shortfalls.len());
    println!("{:?}", plan.totals);
    for tier in &plan.tiers {
        println!("{tier:?}");
    }
    let began = Instant::now();
    let greedy = nearest_first_greedy(&inputs);
    println!("nearest first: {:.3} s", began.elapsed().as_secs_f64());
    for line in compare(&plan, &greedy) {
        println!("{line:?}");
    }
}

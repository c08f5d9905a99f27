//! Solves the transfers of a made-up city as a programme with every back end there is, beside our own simplex, and plans again after
//! small changes. Nothing in the city is a real figure.
//!
//! `cargo run --release -p levee-planner --features highs --example programme_size [-- DISTRICTS FACILITIES SEED BEDS_PER_CENT WHAT]`
//! with WHAT one of `simplex`, `replan`, `microlp`, `highs-dual`, `highs-primal`, `highs-interior`; after it `one` for one tier only. CPU
//! seconds of this thread.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "an example run by hand, on inputs it makes itself")]

#[path = "common/city.rs"]
mod city;
#[path = "common/cpu.rs"]
mod cpu;
#[path = "common/random.rs"]
mod random;
#[path = "common/wards.rs"]
mod wards;

use city::city_of_six_lines;
use cpu::cpu_seconds;
use levee_model::plan::{Pin, Plan, PlanInputs, ProposedOrder, StandingOrder};
use levee_model::quantity::{Beds, Persons};
use levee_planner::propose_with;
use levee_planner::solver::programme::{BackEnd, MicroLp, Programme, WorkLimits};
use levee_planner::solver::{Flow, NetworkSimplex, Solver, SolverError, TieredFlow};
use levee_planner::transfer::{TransferProgramme, programme, replan};
use std::cell::Cell;

/// Our simplex, and how long it took beside everything else that a plan takes.
struct Timed(Cell<f64>, Cell<(usize, usize)>);

impl Solver for Timed {
    fn name(&self) -> &'static str {
        "network-simplex"
    }
    fn solve(&self, flow: &TieredFlow) -> Result<Flow, SolverError> {
        let began = cpu_seconds();
        let answer = NetworkSimplex::default().solve(flow);
        self.0.set(self.0.get() + cpu_seconds() - began);
        self.1.set((flow.supply.len(), flow.arcs.len()));
        answer
    }
}

fn say(what: &str, seconds: f64, plan: &Plan) {
    let values: Vec<_> = plan.tiers.iter().map(|t| (t.value, t.bound)).collect();
    println!("{what}: {seconds:.3} s, {} pivots in {} solves", plan.solver.iterations, plan.solver.solves);
    println!("  {values:?}");
}

fn by(back_end: &dyn BackEnd, made: &TransferProgramme, tiers: usize) {
    // One tier alone: everybody's person-days of waiting, whoever they are.
    let waiting = made.programme.tiers.iter().take(3).flatten().copied().collect();
    let one = Programme { tiers: vec![waiting], ..made.programme.clone() };
    for (what, programme) in [("one tier (all waiting)", &one), ("five tiers", &made.programme)].into_iter().take(tiers)
    {
        let began = cpu_seconds();
        let solved = back_end.solve(programme, WorkLimits::default());
        let took = cpu_seconds() - began;
        match solved {
            Ok(solved) => {
                let values: Vec<f64> = solved.tiers.iter().map(|t| t.value).collect();
                println!("{}, {what}: {took:.3} s, {} iterations, {values:?}", back_end.name(), solved.iterations);
            }
            Err(error) => println!("{}, {what}: {took:.3} s, {error}", back_end.name()),
        }
    }
}

fn standing(order: &ProposedOrder, people: u64) -> StandingOrder {
    StandingOrder {
        day: order.day,
        from: order.from.clone(),
        class: order.class,
        care: order.care,
        facility: order.facility.clone(),
        level: order.level,
        people: Persons::new(people),
    }
}

/// One change each, as a person at headquarters makes it.
fn changes(inputs: &PlanInputs, plan: &Plan) -> Vec<(&'static str, PlanInputs)> {
    let order = plan.orders.iter().max_by_key(|o| o.people).unwrap();
    let with = |change: &dyn Fn(&mut PlanInputs)| {
        let mut next = inputs.clone();
        change(&mut next);
        next
    };
    let pin = |pin: Pin| with(&|next| next.revision.pins.push(pin.clone()));
    let forbid = Pin::Forbid { from: order.from.clone(), facility: order.facility.clone(), class: Some(order.class) };
    vec![
        ("nothing changed", inputs.clone()),
        (
            "half of the largest order pinned",
            pin(Pin::Assign { order: standing(order, order.people.get() / 2), exactly: true }),
        ),
        ("its way forbidden", pin(forbid)),
        (
            "its beds a tenth fewer",
            with(&|next| {
                for row in next.capacity.iter_mut().filter(|row| row.facility == order.facility) {
                    row.staffed = row.staffed.map(|beds| Beds::new(beds.get() * 9 / 10));
                }
            }),
        ),
        (
            "one district's people a tenth more",
            with(&|next| {
                for need in next.needs.iter_mut().filter(|need| need.district == order.from) {
                    need.known = Persons::new(need.known.get() * 11 / 10);
                }
            }),
        ),
        (
            "all of its orders issued",
            with(&|next| {
                let orders = plan.orders.iter().filter(|o| o.day == plan.start);
                next.revision.issued = orders.map(|o| standing(o, o.people.get())).collect();
            }),
        ),
    ]
}

fn replans(inputs: &PlanInputs) {
    let first = replan(inputs, 1, None);
    for (what, next) in changes(inputs, &first.plan) {
        let began = cpu_seconds();
        let cold = replan(&next, 1, None);
        let between = cpu_seconds();
        let warm = replan(&next, 1, first.warm.as_ref());
        let took = (between - began, cpu_seconds() - between);
        println!("{what}");
        say("  cold", took.0, &cold.plan);
        say("  warm", took.1, &warm.plan);
        println!("  {} violations", levee_check::check(&warm.plan, &next).len());
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |k: usize, default: u64| args.get(k).and_then(|a| a.parse().ok()).unwrap_or(default);
    let what = args.get(4).map_or("simplex", String::as_str);
    let inputs = city_of_six_lines(number(0, 40), number(1, 60), number(2, 1), number(3, 100));
    let began = cpu_seconds();
    let made = programme(&inputs);
    let p = &made.programme;
    println!(
        "{} variables, {} rows ({} that no flow keeps), {} factors; made in {:.3} s",
        p.variables.len(),
        p.rows.len(),
        made.coupled,
        p.entries(),
        cpu_seconds() - began
    );
    if what == "simplex" {
        let timed = Timed(Cell::new(0.0), Cell::new((0, 0)));
        let began = cpu_seconds();
        let plan = propose_with(&timed, &inputs, 1);
        println!("{:?} nodes and arcs", timed.1.get());
        say("network-simplex, the whole plan", cpu_seconds() - began, &plan);
        println!("  of which solving: {:.3} s; {} violations", timed.0.get(), levee_check::check(&plan, &inputs).len());
    }
    if what == "replan" {
        replans(&inputs);
    }
    let tiers = if args.iter().any(|arg| arg == "one") { 1 } else { 2 };
    #[cfg(feature = "highs")]
    {
        use levee_planner::solver::programme::{Highs, HighsMethod};
        for (name, method) in [
            ("highs-dual", HighsMethod::Dual),
            ("highs-primal", HighsMethod::Primal),
            ("highs-interior", HighsMethod::Interior),
        ] {
            if what == name {
                by(&Highs { method }, &made, tiers);
            }
        }
    }
    if what == "microlp" {
        by(&MicroLp::default(), &made, tiers);
    }
}

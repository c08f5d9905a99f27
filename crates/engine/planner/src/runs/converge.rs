//! The plan of transfers and the runs take turns: what runs cannot do goes back as a limit, until nothing goes back.

use crate::runs::propose::{RunSearch, propose};
use crate::transfer;
use levee_model::plan::runs::{Cut, CutCause, Quota, RunInputs, RunPlan};
use levee_model::plan::{CareClass, Pin, Plan, PlanInputs, StandingOrder};
use levee_model::quantity::Persons;

/// A plan of transfers and the runs of its day that carry it out.
#[derive(Clone, Debug, PartialEq)]
pub struct Converged {
    /// The plan of transfers.
    pub plan: Plan,
    /// What it was made from: the caller's inputs and the pins that the cuts made.
    pub inputs: PlanInputs,
    /// The runs of the day.
    pub runs: RunPlan,
    /// What they were made from: the caller's inputs and the places of `plan`.
    pub run_inputs: RunInputs,
    /// How often the two took turns.
    pub rounds: u32,
    /// Whether nothing was left to give back; otherwise the rounds were used up, and the cuts of `runs` stand.
    pub settled: bool,
}

/// The places of a day.
pub fn quotas(plan: &Plan, day: jiff::civil::Date) -> Vec<Quota> {
    let orders = plan.orders.iter().filter(|o| o.day == day).map(Quota::of_order);
    orders.chain(plan.surge.iter().filter(|s| s.day == day).filter_map(Quota::of_surge)).collect()
}

/// Plans transfers and runs in turn, at most `rounds` times (at least once), and keeps the turn that leaves the fewest waiting.
///
/// A cut for want of time becomes a pin: exactly so many people as runs can bring; where they can bring nobody, nobody goes that
/// way. Cuts for want of known vehicles or of seats for a household go back to nobody: the bed stays reserved for them, as the plan of
/// transfers does where vehicles are not known. Each turn's pins only ever lower what a way carries, so the turns end.
pub fn converge(inputs: &PlanInputs, run_inputs: &RunInputs, rounds: u32, search: RunSearch, seed: u64) -> Converged {
    let mut inputs = inputs.clone();
    let mut run_inputs = run_inputs.clone();
    let mut best: Option<Converged> = None;
    let mut round = 1;
    loop {
        let plan = transfer::propose(&inputs, seed);
        run_inputs.quotas = quotas(&plan, run_inputs.day);
        let runs = propose(&run_inputs, search, seed);
        let back: Vec<&Cut> = runs.cuts.iter().filter(|cut| goes_back(cut)).collect();
        let next = with_cuts(&inputs, &run_inputs.quotas, &back);
        let settled = back.is_empty() || next == inputs;
        let left = |runs: &RunPlan| [runs.figures.waiting[1], runs.figures.waiting[0]];
        // Of turns that leave equally many waiting, the later one: it promises less that cannot be kept.
        if best.as_ref().is_none_or(|b| left(&runs) <= left(&b.runs)) {
            best = Some(Converged {
                plan,
                inputs: inputs.clone(),
                runs,
                run_inputs: run_inputs.clone(),
                rounds: round,
                settled,
            });
        }
        if let Some(mut best) = best.take_if(|_| settled || round >= rounds) {
            best.rounds = round;
            return best;
        }
        inputs = next;
        round += 1;
    }
}

fn goes_back(cut: &Cut) -> bool {
    matches!(cut.cause, CutCause::VehicleTime | CutCause::WayTooLong)
}

/// The inputs with a pin for each way that is cut.
fn with_cuts(inputs: &PlanInputs, quotas: &[Quota], cuts: &[&Cut]) -> PlanInputs {
    let mut next = inputs.clone();
    for cut in cuts {
        let way = |from: &_, facility: &_, class: CareClass| {
            (from, facility, class) == (&cut.district, &cut.facility, cut.class)
        };
        let places =
            quotas.iter().filter(|q| way(&q.from, &q.facility, q.class) && (q.level, q.care) == (cut.level, cut.care));
        let planned = places.fold(0u64, |sum, q| sum.saturating_add(q.people.get()));
        // A way may be cut for two causes.
        let same = cuts.iter().filter(|c| {
            (&c.district, &c.facility, c.level, c.class, c.care)
                == (&cut.district, &cut.facility, cut.level, cut.class, cut.care)
        });
        let possible = planned.saturating_sub(same.fold(0u64, |sum, c| sum.saturating_add(c.people.get())));
        next.revision.pins.retain(|pin| match pin {
            Pin::Assign { order, .. } => {
                !(way(&order.from, &order.facility, order.class)
                    && (order.day, order.level, order.care) == (cut.day, cut.level, cut.care))
            }
            _ => true,
        });
        let pin = if possible == 0 {
            Pin::Forbid { from: cut.district.clone(), facility: cut.facility.clone(), class: Some(cut.class) }
        } else {
            let order = StandingOrder {
                day: cut.day,
                from: cut.district.clone(),
                class: cut.class,
                care: cut.care,
                facility: cut.facility.clone(),
                level: cut.level,
                people: Persons::new(possible),
            };
            Pin::Assign { order, exactly: true }
        };
        if !next.revision.pins.contains(&pin) {
            next.revision.pins.push(pin);
        }
    }
    next
}

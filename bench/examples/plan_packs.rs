//! Beds and rooms on the packs' real days: the plan beside nearest-first and beside each district alone.
//!
//! ```sh
//! cargo run --release -p levee-bench --example plan_packs -- chongqing-2022 2022-11-12 2022-11-30
//! ```
//!
//! Each day is planned from what was known then, and the three answers are judged on the same question: the person-days without a bed
//! over the plan's seven days, if what was expected comes. Descriptive: needs are the median outlook, beds and rooms of the packs
//! are synthetic, and nothing says what would have happened. Prints one line a day and the sums, as a Markdown table.
#![expect(clippy::print_stdout, reason = "a measurement talks to the terminal")]

use jiff::ToSpan;
use jiff::civil::Date;
use levee_app::plans::{Part, PlanAsk, make};
use levee_bench::{BenchError, Scratch};
use levee_model::area::PlaceCode;
use levee_model::plan::room_plan::RoomPlan;
use levee_model::plan::{Plan, PlanInputs};
use levee_planner::{nearest_first_greedy, propose};
use std::collections::BTreeSet;

/// Person-days without a bed: of severe and critical people, of moderate and of mild ones.
type Waiting = [u64; 3];

fn of(plan: &Plan) -> Waiting {
    let days = plan.totals.waiting_person_days;
    [days[2] + days[3], days[1], days[0]]
}

fn add(sum: &mut Waiting, more: Waiting) {
    for (sum, more) in sum.iter_mut().zip(more) {
        *sum += more;
    }
}

/// Every district with its own beds and vehicles only; the people of a district without a bed of their level wait.
fn each_alone(inputs: &PlanInputs, seed: u64) -> Waiting {
    let districts: BTreeSet<&PlaceCode> = inputs.needs.iter().map(|need| &need.district).collect();
    let mut sum = Waiting::default();
    for district in districts {
        let mut own = inputs.clone();
        own.needs.retain(|need| need.district == *district);
        own.capacity.retain(|row| row.district == *district);
        own.fleets.retain(|fleet| fleet.district == *district);
        own.lanes.retain(|lane| lane.from == *district);
        add(&mut sum, of(&propose(&own, seed)));
    }
    sum
}

/// What the last day's rooms are, in words short enough for a cell.
fn rooms(plan: Option<&RoomPlan>) -> String {
    let Some(plan) = plan else { return "not planned".to_owned() };
    let known = plan.city.last().map_or(0, |day| day.usable.get());
    match plan.sharing.last() {
        Some(last) => format!(
            "{} together, {} apart; {known} known to be usable; {} open; {} gaps",
            last.together.get(),
            last.separate.get(),
            plan.openings.len(),
            plan.gaps.len()
        ),
        None => format!("no outlook; {known} known to be usable"),
    }
}

fn main() -> Result<(), BenchError> {
    let mut arguments = std::env::args().skip(1);
    let (Some(pack), Some(from), Some(to)) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err("give a pack, the first and the last day, for example: chongqing-2022 2022-11-12 2022-11-30".into());
    };
    let (mut day, last): (Date, Date) = (from.parse()?, to.parse()?);
    let mut scratch = Scratch::whole(&pack)?;
    let ask = PlanAsk { what: vec![Part::Transfer, Part::Rooms], ..PlanAsk::default() };
    let mut sums = [Waiting::default(); 3];
    println!("| day | people | plan | nearest first | each alone | rooms |\n| --- | --- | --- | --- | --- | --- |");
    while day <= last {
        match make(&scratch.city(), day, &ask) {
            Ok(document) => {
                if let Some(transfer) = &document.transfer {
                    let people: u64 = transfer.plan.totals.needed.iter().map(|class| class.get()).sum();
                    let three = [
                        of(&transfer.plan),
                        of(&nearest_first_greedy(&transfer.asked)),
                        each_alone(&transfer.asked, 0),
                    ];
                    let cells = three.map(|[life, moderate, mild]| format!("{life} / {moderate} / {mild}"));
                    let rooms = rooms(document.rooms.as_ref().map(|rooms| &rooms.plan));
                    println!("| {day} | {people} | {} | {rooms} |", cells.join(" | "));
                    for (sum, more) in sums.iter_mut().zip(three) {
                        add(sum, more);
                    }
                }
            }
            // A day before the first report has no plan; the table says so instead of leaving it out.
            Err(why) => println!("| {day} | no plan: {why} | | | | |"),
        }
        day = day.checked_add(1.day())?;
    }
    let cells = sums.map(|[life, moderate, mild]| format!("{life} / {moderate} / {mild}"));
    println!("| sum | | {} | |", cells.join(" | "));
    Ok(())
}

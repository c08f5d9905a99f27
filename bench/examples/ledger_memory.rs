//! Commands per second on books in memory, decided and applied: `ledger_memory [--seconds N] [--rounds N]`.
//!
//! Of every four commands one opens, one gives to a person, one begins, one meets; each meets another obligation than the
//! one before it, over the whole of the books. Results and how they were made: `bench/results/ledger.md`.
#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

use levee_app::ledger::Desk;
use levee_bench::BenchError;
use levee_bench::owing::{Owing, found_large, hour, load, processor_time};
use levee_ledger::{Acting, AreaPath, Books, Command, Said, Section, Standing};
use levee_model::ids::PersonId;
use levee_store::memory::MemoryJournal;
use std::hint::black_box;
use std::time::{Duration, Instant};

fn main() -> Result<(), BenchError> {
    let (mut seconds, mut rounds) = (2, 3);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut number = || -> Result<u64, BenchError> { Ok(args.next().ok_or("a number is missing")?.parse()?) };
        match arg.as_str() {
            "--seconds" => seconds = number()?,
            "--rounds" => rounds = number()?,
            other => return Err(format!("{other}: --seconds N or --rounds N").into()),
        }
    }
    let mut journal = MemoryJournal::new();
    let (desk, owing) = found_large(&mut journal)?;
    drop(journal);
    for round in 1..=rounds {
        for size in [1_000, 100_000, 1_000_000] {
            measure(&desk, &owing, size, Duration::from_secs(seconds), round)?;
        }
    }
    Ok(())
}

/// Carries out one command.
fn carry(books: &mut Books, acting: &Acting<'_>, command: Command) -> Result<(), BenchError> {
    for change in books.decide(acting, command)? {
        books.enter(change);
    }
    Ok(())
}

/// An order of visits that leaves no obligation out and goes to another place each time.
fn spread(nth: u64, size: u64) -> u64 {
    // 2,654,435,761 is prime and divides none of the sizes.
    nth.wrapping_mul(2_654_435_761) % size
}

fn measure(desk: &Desk, owing: &Owing, size: u64, most: Duration, round: u64) -> Result<(), BenchError> {
    let (mut done, mut spent, mut ran) = (0u64, Duration::ZERO, Duration::ZERO);
    // Small books are soon through: then new ones are made, outside the clock.
    while spent < most {
        let (commands, time, on_processor) = once(desk, owing, size, most - spent)?;
        done += commands;
        spent += time;
        ran += on_processor;
    }
    let (rate, own) = (done as f64 / spent.as_secs_f64(), done as f64 / ran.as_secs_f64());
    println!(
        "round {round}, {size} obligations: {rate:.0} commands/s by the clock ({:.2} of 1,000,000), {own:.0} per second of processor time ({:.2}); {done} commands, load {}",
        rate / 1e6,
        own / 1e6,
        load()
    );
    Ok(())
}

fn once(desk: &Desk, owing: &Owing, size: u64, most: Duration) -> Result<(u64, Duration, Duration), BenchError> {
    let person: PersonId = "lead-transfer".parse()?;
    let standing = |_: &AreaPath, _: &Section, _: Option<&PersonId>| Standing::Commander;
    let day = desk.calendar.civil(hour(1)).date();
    let acting = Acting { now: hour(1), day, actor: Some(&person), standing: &standing };
    let mut books = Books::new(desk.catalogue.clone());
    let community = |nth: u64| usize::try_from(nth.wrapping_mul(7_919)).unwrap_or(0);
    for nth in 0..size {
        carry(&mut books, &acting, owing.open(nth, community(nth), hour(0), hour(30)))?;
    }
    let (mut done, mut spent, mut ran, mut next) = (0u64, Duration::ZERO, Duration::ZERO, 0u64);
    let at_once = (size / 4).min(5_000);
    while spent < most && next + at_once <= size {
        // What is asked is made outside the clock, as it arrives from outside.
        let mut steps: [Vec<Command>; 4] = std::array::from_fn(|_| Vec::with_capacity(5_000));
        for nth in next..next + at_once {
            let of = spread(nth, size);
            let (what, units) = (Owing::id(of).into(), owing.units(of));
            let step = [
                owing.open(size + nth, community(nth), hour(0), hour(30)),
                Command::Assign { what: vec![what], to: Some(person.clone()) },
                Command::Begin { what, units },
                Command::Meet { what, units, reason: None, said: Said::Actor, evidence: vec![] },
            ];
            steps.iter_mut().zip(step).for_each(|(all, one)| all.push(one));
        }
        next += at_once;
        // All of a step, then all of the next one.
        let (started, before) = (Instant::now(), processor_time());
        for command in steps.into_iter().flatten() {
            carry(&mut books, &acting, command)?;
            done += 1;
        }
        spent += started.elapsed();
        ran += processor_time().saturating_sub(before);
    }
    let books = black_box(books);
    assert_eq!(books.obligations().count() as u64, size + next, "a fast wrong answer is no result");
    assert_eq!(books.obligations().filter(|one| one.is_closed()).count() as u64, next);
    assert!(books.balances().all(|(_, balance)| balance.check().is_ok()));
    Ok((done, spent, ran))
}

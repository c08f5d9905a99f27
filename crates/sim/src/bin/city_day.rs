//! Runs simulated city days: `city-day [--days N] [--seeds M] [--seed S] …`; `cargo xtask sim` calls it.
#![expect(clippy::print_stdout, reason = "what it finds is for whoever started it")]

use clap::Parser;
use levee_sim::city_day::{Options, Report, run};
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::time::Instant;

/// Simulate a city's days and hold the laws against them after every step
#[derive(Parser)]
struct Args {
    /// Days of each seed
    #[arg(long, value_name = "N", default_value_t = 5)]
    days: u32,
    /// How many seeds, from 1 on
    #[arg(long, value_name = "M", default_value_t = 4)]
    seeds: u64,
    /// Only this seed: repeats what a failure named
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// Things that people set about in a day
    #[arg(long, value_name = "N", default_value_t = 250)]
    actions: u32,
    /// The store on disk beside that in memory for every so manieth seed; 0 = for none
    #[arg(long, value_name = "N", default_value_t = 1)]
    disk_every: u64,
    /// Verify the whole journal at the end of every so many days
    #[arg(long, value_name = "N", default_value_t = 1)]
    verify_every: u32,
    /// Check every account after so many steps; what a step touched is checked after each
    #[arg(long, value_name = "N", default_value_t = 1)]
    check_all_every: u64,
    /// Lose the commit after so many, so that the laws break: the run must fail
    #[arg(long, value_name = "N", hide = true)]
    forget_commit: Option<u64>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let seeds: Vec<u64> = args.seed.map_or_else(|| (1..=args.seeds).collect(), |seed| vec![seed]);
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(seeds.len()).max(1);
    let (next, began) = (AtomicU64::new(0), Instant::now());
    let (give, take) = channel();
    let mut all = Report::default();
    let mut failed = 0u32;
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (give, next, seeds, args) = (give.clone(), &next, &seeds, &args);
            scope.spawn(move || {
                loop {
                    let nth = usize::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap_or(usize::MAX);
                    let Some(seed) = seeds.get(nth).copied() else { break };
                    let on_disk = args.disk_every > 0 && (args.seed.is_some() || seed.is_multiple_of(args.disk_every));
                    let options = Options {
                        days: args.days,
                        actions: args.actions,
                        on_disk,
                        verify_every: args.verify_every,
                        check_all_every: args.check_all_every,
                        forget_commit: args.forget_commit,
                        ..Options::default()
                    };
                    // Nobody listens any more: then nobody needs the answer.
                    let _ = give.send((seed, Instant::now(), run(&options, seed)));
                }
            });
        }
        drop(give);
        for (seed, _, done) in take {
            match done {
                Ok(report) => {
                    println!(
                        "seed {seed}: {} steps, {} commits, {} days sealed, {} events, heads {}",
                        report.steps,
                        report.commits,
                        report.sealed,
                        report.events,
                        report.heads.get(..16).unwrap_or_default()
                    );
                    add(&mut all, &report);
                }
                Err(error) => {
                    failed += 1;
                    println!(
                        "FAILED {error}\n  again: cargo xtask sim --seed {seed} --days {} --actions {}",
                        args.days, args.actions
                    );
                }
            }
        }
    });
    let took = began.elapsed().as_secs_f64();
    println!("{}", summary(&all, seeds.len(), args.days, took));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

fn add(all: &mut Report, one: &Report) {
    let sum = |to: &mut BTreeMap<&'static str, u64>, from: &BTreeMap<&'static str, u64>| {
        from.iter().for_each(|(name, times)| *to.entry(name).or_default() += times);
    };
    all.steps += one.steps;
    all.commits += one.commits;
    all.refused += one.refused;
    all.rightly_refused += one.rightly_refused;
    all.repeated += one.repeated;
    all.unknown += one.unknown;
    all.sealed += one.sealed;
    all.between += one.between;
    all.verified += one.verified;
    all.events += one.events;
    sum(&mut all.by_name, &one.by_name);
    one.refusals.iter().for_each(|(why, times)| *all.refusals.entry(why.clone()).or_default() += times);
}

#[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
fn summary(all: &Report, seeds: usize, days: u32, took: f64) -> String {
    let by_name: Vec<String> = all.by_name.iter().map(|(name, times)| format!("{name} {times}")).collect();
    let mut refusals: Vec<(&String, &u64)> = all.refusals.iter().collect();
    refusals.sort_by_key(|(_, times)| std::cmp::Reverse(**times));
    let refusals: Vec<String> = refusals.iter().take(25).map(|(why, times)| format!("  {times:>7} {why}")).collect();
    format!(
        "{seeds} seed(s) x {days} days in {took:.1} s: {} steps ({:.0}/s), {} commits, {} refused ({} had to be), {} sent again after they were done, {} without an answer, {} with another server's in between, {} days sealed, {} whole verifications, {} events\ncommitted: {}\nrefusals, the most frequent:\n{}",
        all.steps,
        all.steps as f64 / took.max(0.001),
        all.commits,
        all.refused,
        all.rightly_refused,
        all.repeated,
        all.unknown,
        all.between,
        all.sealed,
        all.verified,
        all.events,
        by_name.join(", "),
        refusals.join("\n")
    )
}

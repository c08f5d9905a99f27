//! `cargo verify`: installs what tests need, then runs every check there is.
//!
//! All steps run, whatever fails before them: one run shows everything that does not hold. Each prints its command line.
//! Why each tool is there, and what it costs: `docs/design/verify.md`.

mod counts;
mod steps;
pub(crate) mod tools;

use std::path::Path;
use std::time::Duration;

use anyhow::Result;

use crate::Answer;
use crate::run::{spoken, timed};
use counts::Counts;
use steps::{Step, Work};

/// What `cargo verify` is asked.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Args {
    /// Install nothing; a check whose tool is missing fails and says so
    #[arg(long)]
    skip_install: bool,
}

/// How one step ended.
#[derive(Clone, Debug, PartialEq, Eq)]
enum End {
    Held,
    Failed,
    /// Its tool was missing, or could not be started; that counts as failed.
    NotTried(String),
}

#[derive(Debug)]
struct Row {
    name: &'static str,
    end: End,
    took: Duration,
}

/// Runs everything. Fails only when nothing could be tried, such as for want of a system package.
pub fn verify(root: &Path, args: &Args) -> Result<Answer> {
    let mut rows = Vec::new();
    if !args.skip_install {
        let (installed, took) = timed(|| tools::install(root));
        installed?;
        rows.push(Row { name: "tools", end: End::Held, took });
    }
    let steps = steps::all(root);
    let mut counts = Counts::default();
    for (place, step) in steps.iter().enumerate() {
        println!("\n== {}/{} {}: {}", place + 1, steps.len(), step.name, step.what);
        let (end, took) = timed(|| run(root, step, &mut counts));
        if let End::NotTried(why) = &end {
            println!("   not tried: {why}");
        }
        println!("== {} {} in {}", step.name, said(&end), spoken(took));
        rows.push(Row { name: step.name, end, took });
    }
    println!("\n{}", table(&rows));
    if let Some(line) = counts.closing_line() {
        println!("{line}");
    }
    Ok(if rows.iter().all(|row| row.end == End::Held) { Answer::Yes } else { Answer::No })
}

fn run(root: &Path, step: &Step, counts: &mut Counts) -> End {
    let held = match &step.work {
        Work::Call(call) => {
            println!("   {call}");
            call.holds(root)
        }
        Work::Tests(call) => {
            println!("   {call}");
            call.overheard(root).map(|(held, lines)| {
                counts.add(&lines);
                held
            })
        }
        Work::Tidy => {
            println!("   cargo xtask tidy");
            crate::tidy::tidy(root).map(|answer| answer == Answer::Yes)
        }
        Work::Missing(why) => return End::NotTried(why.clone()),
    };
    match held {
        Ok(true) => End::Held,
        Ok(false) => End::Failed,
        Err(error) => End::NotTried(format!("{error:#}")),
    }
}

fn said(end: &End) -> &'static str {
    match end {
        End::Held => "held",
        End::Failed => "FAILED",
        End::NotTried(_) => "NOT TRIED",
    }
}

fn table(rows: &[Row]) -> String {
    let lines = rows.iter().map(|row| format!("{:<16}{:<11}{:>13}\n", row.name, said(&row.end), spoken(row.took)));
    let total: Duration = rows.iter().map(|row| row.took).sum();
    let broken = rows.iter().filter(|row| row.end != End::Held).count();
    let verdict = if broken == 0 { "all held".to_owned() } else { format!("{broken} of {} did not hold", rows.len()) };
    format!("{}{:<27}{:>13}", lines.collect::<String>(), verdict, spoken(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_what_did_not_hold() {
        let row = |name, end, seconds| Row { name, end, took: Duration::from_secs(seconds) };
        let rows = [
            row("format", End::Held, 2),
            row("tests", End::Failed, 125),
            row("data packages", End::NotTried("no frictionless".into()), 0),
        ];
        insta::assert_snapshot!(table(&rows), @"
        format          held               2.0 s
        tests           FAILED        2 min 05 s
        data packages   NOT TRIED          0.0 s
        2 of 3 did not hold           2 min 07 s
        ");
    }
}

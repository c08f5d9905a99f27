//! Parses the command line of `cargo xtask` and starts the chore.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{Answer, crash, demo, highs, load, prove, screens, sim, tidy, tree, verify, web};

/// The chores of the Levee repository
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Install what tests need, then run every check there is
    Verify(verify::Args),
    /// Build Levee, make a city from a pack and run its day
    Demo(demo::Args),
    /// Check the house rules: sizes, words, links, layers of documentation
    Tidy,
    /// Run the long proofs: every property with many more cases, and the tests marked as long
    Prove(prove::Args),
    /// Install what HiGHS is built with, build it, and hold the planner's programmes against it
    Highs,
    /// Simulate a city's days from seeds, with faults, and hold the laws against every step
    Sim(sim::Args),
    /// Kill a city's process again and again: nothing acknowledged may be lost
    Crash(crash::Args),
    /// Asks a served city more and more, and kills it
    Load(load::Args),
    /// Build the screens: packages, types, unit tests, bundle
    Web,
    /// Print briefs to A4 and picture their sheets
    Screens(screens::Args),
}

fn main() -> ExitCode {
    match start(Cli::parse_from(without_bar(std::env::args()))) {
        Ok(Answer::Yes) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(1),
        Err(error) => {
            // `{:#}` prints the whole chain of causes in one line.
            let _unwritable = std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("error: {error:#}\n"));
            ExitCode::from(2)
        }
    }
}

fn start(cli: Cli) -> anyhow::Result<Answer> {
    let root = tree::root()?;
    match cli.chore {
        Chore::Verify(args) => verify::verify(&root, &args),
        Chore::Demo(args) => demo::demo(&root, &args),
        Chore::Tidy => tidy::tidy(&root),
        Chore::Prove(args) => prove::prove(&root, &args),
        Chore::Highs => highs::highs(&root),
        Chore::Sim(args) => sim::sim(&root, &args),
        Chore::Crash(args) => crash::crash(&root, &args),
        Chore::Load(args) => load::load(&root, &args),
        Chore::Web => web::web(&root),
        Chore::Screens(args) => screens::screens(&root, &args),
    }
}

/// Drops a `--` that stands straight after the chore's name. `cargo demo` already is `cargo run … -- demo`, so in
/// `cargo demo -- --no-serve` cargo hands the second `--` on to us; `cargo demo --no-serve` means the same.
fn without_bar(args: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    args.enumerate().filter(|(place, arg)| !(*place == 2 && arg == "--")).map(|(_, arg)| arg)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_bar_after_the_chore_is_dropped_and_no_other() {
        let given = ["xtask", "demo", "--", "--no-serve", "--"].map(String::from);
        assert_eq!(without_bar(given.into_iter()).collect::<Vec<_>>(), ["xtask", "demo", "--no-serve", "--"]);
    }
}

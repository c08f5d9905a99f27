//! The command line of Levee: parse arguments, wire a city, run a use case, say what happened.
//!
//! Exit codes: 0 done; 1 the answer is no; 2 it could not be tried. Data goes to stdout, everything else to stderr.

mod cli;
mod commands;
mod failure;
mod files;
mod open;
mod say;
mod store;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match commands::run(&cli) {
        Ok(answer) => answer,
        Err(failure) => {
            failure.say(cli.json);
            ExitCode::from(failure.code())
        }
    }
}

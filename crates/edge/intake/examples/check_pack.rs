//! Checks the pack in the given folder and prints what was found; `--describe` prints its descriptor instead.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to the terminal")]

use levee_intake::{datapackage, pack};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(dir) = args.iter().find(|arg| !arg.starts_with("--")) else {
        eprintln!("which pack? give its folder");
        return ExitCode::from(2);
    };
    if args.iter().any(|arg| arg == "--describe") {
        match datapackage::describe(Path::new(dir)) {
            Ok(descriptor) => print!("{}", datapackage::to_text(&descriptor)),
            Err(problems) => {
                problems.iter().for_each(|problem| eprintln!("{problem}"));
                return ExitCode::FAILURE;
            }
        }
        return ExitCode::SUCCESS;
    }
    let report = pack::check_pack(Path::new(dir), jiff::civil::datetime(2026, 1, 1, 0, 0, 0, 0));
    println!("{report}");
    if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

//! Forecasts a pack without the rest of the program: `hub PACK OUT.csv[.gz] JOBS`. For measuring its cost.
#![expect(clippy::print_stderr, reason = "an example that says how to call it")]

use std::num::NonZeroUsize;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [pack, out, jobs] = arguments.as_slice() else {
        eprintln!("usage: hub PACK OUT.csv[.gz] JOBS");
        return ExitCode::from(2);
    };
    let jobs = jobs.parse().unwrap_or(NonZeroUsize::MIN);
    let forecasts = levee_hub::HubPack::read(Path::new(pack)).and_then(|pack| levee_hub::forecast(&pack, jobs));
    let written = forecasts.map_err(|e| format!("{e}: {}", e.hint())).and_then(|forecasts| {
        let bytes = levee_hub::render(&forecasts, out.ends_with(".gz")).map_err(|e| e.to_string())?;
        std::fs::write(out, bytes).map_err(|e| e.to_string())
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

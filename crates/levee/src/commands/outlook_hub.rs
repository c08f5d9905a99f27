//! `levee outlook hub`: forecasts for a hub, apart from any city.

use crate::cli::Cli;
use crate::failure::Failure;
use crate::{files, say};
use levee_hub::{HubPack, PackError};
use serde_json::json;
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(cli: &Cli, pack: &Path, out: &Path, jobs: Option<NonZeroUsize>) -> Result<ExitCode, Failure> {
    let compressed = match out.extension().and_then(|e| e.to_str()) {
        Some("gz") => true,
        Some("csv") => false,
        _ => {
            return Err(Failure::new(
                format!("cannot tell from `{}` how to write the forecasts", out.display()),
                "name the file .csv, or .csv.gz to compress it",
            ));
        }
    };
    let failed = |error: PackError| Failure::of(&error, Some(error.hint()));
    let jobs = jobs.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
    let pack = HubPack::read(pack).map_err(failed)?;
    let forecasts = levee_hub::forecast(&pack, jobs).map_err(failed)?;
    let bytes = levee_hub::render(&forecasts, compressed).map_err(|e| Failure::io("write", out, &e))?;
    files::write_whole(&[(out, &bytes)])?;
    let count = forecasts.len() as u64;
    if cli.json {
        say::json(&json!({ "schema": "levee.outlook_hub/1", "tasks": count, "file": out }));
    } else {
        say::note(&format!("{} tasks forecast, written to {}", say::count(count), out.display()));
    }
    Ok(ExitCode::SUCCESS)
}

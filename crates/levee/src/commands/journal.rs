//! `levee journal verify`: is the record whole?

use super::vault;
use crate::cli::{Cli, JournalCommand};
use crate::failure::Failure;
use crate::open::{self, Access};
use crate::say;
use levee_app::journal::Journal as _;
use levee_store::blobs::verify_blobs;
use serde_json::json;
use std::process::ExitCode;

pub(crate) fn run(cli: &Cli, command: &JournalCommand) -> Result<ExitCode, Failure> {
    let JournalCommand::Verify { city } = command;
    let opened = open::open(cli, city, Access::Read)?;
    let mut found = opened.journal.verify()?;
    found.faults.extend(verify_blobs(&opened.journal, &opened.blobs)?);
    let mut faults: Vec<String> = found.faults.iter().map(ToString::to_string).collect();
    faults.extend(vault::faults(cli, &opened)?);
    if cli.json {
        say::json(&json!({ "schema": "levee.verify/1", "events": found.events, "streams": found.streams,
            "rows": found.rows, "faults": faults }));
    } else {
        say::out(&format!(
            "{} events in {} chains, {} projection rows rebuilt and compared byte for byte",
            say::count(found.events),
            found.streams,
            say::count(found.rows),
        ));
        for fault in &faults {
            say::out(&format!("fault: {fault}"));
        }
        say::out(if faults.is_empty() { "whole: nothing was changed, nothing is missing" } else { "NOT whole" });
    }
    if faults.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    if !cli.json {
        say::note("  mend: restore the city folder from a backup; events after the first fault must be entered again");
    }
    Ok(ExitCode::from(super::NO))
}

//! `levee plan propose`: orders of a stored plan become proposals in the ledger.

use super::counter::Counter;
use super::refusal;
use crate::cli::ledger::When;
use crate::cli::{Cli, Lang};
use crate::failure::Failure;
use crate::open::Access;
use jiff::civil::DateTime;
use levee_app::plans::{archive, proposals};
use std::path::Path;
use std::process::ExitCode;

pub(in crate::commands) fn propose_of_plan(
    cli: &Cli,
    folder: &Path,
    plan: &str,
    orders: &[String],
    at: Option<DateTime>,
    lang: Option<Lang>,
) -> Result<ExitCode, Failure> {
    let mut counter = Counter::open(cli, folder, Access::Write, lang)?;
    let at = counter.at(&When { at, lang })?;
    let stored = archive::named(&counter.opened.city(), plan)?;
    let desk = counter.desk.clone();
    let command = counter.envelope.command_id.uuid();
    let mut entities = 0;
    let mut new_id = || {
        entities += 1;
        levee_model::ids::EntityId::new(command, entities)
    };
    let commands = proposals(&counter.opened.journal, &desk, &stored, orders, at, &mut new_id)
        .map_err(|error| refusal::told(error, counter.lang))?;
    counter.carry_out(commands, at, None)
}
